// Senders that never wait, beside clients that come, go, crash and switch rooms for ever.

#include "tests/support/catch.hpp"
#include "tests/support/server_process.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace confab::test;

namespace {

/// One connection that a poll loop drives: it reacts to what has come, and never waits.
class actor {
 public:
  virtual ~actor() = default;
  /// Takes what has arrived, and queues what is to be sent next.
  virtual void step() = 0;
  /// The connection to pump; it may be another one after each step.
  virtual client& connection() = 0;
};

/// Loops over join, sendall and leave without waiting for a reply, and checks each reply.
class looping_sender : public actor {
 public:
  looping_sender(const running_server& server, std::string user, std::string room, int rounds)
      : room_(std::move(room)), rounds_(rounds), connection_(server.sender(user)) {
    for (int round = 0; round < rounds_; ++round)
      connection_.queue("join:" + room_ + "\nsendall:" + std::to_string(round) + "\nleave:\n");
  }

  void step() override {
    const std::vector<std::string> expected{"ok:joined room " + room_, "ok:message sent",
                                            "ok:left room " + room_};
    while (const auto reply = connection_.take_line())
      REQUIRE(*reply == expected[static_cast<std::size_t>(replies_++ % 3)]);
    REQUIRE((finished() || !connection_.ended()));
  }

  client& connection() override { return connection_; }
  bool finished() const { return replies_ == 3 * rounds_; }

 private:
  std::string room_;
  int rounds_;
  int replies_ = 0;
  client connection_;
};

/// Collects every line that a receiver gets.
class listener : public actor {
 public:
  listener(const running_server& server, const std::string& user, const std::string& room)
      : connection_(server.receiver(user, room)) {}

  void step() override {
    while (auto line = connection_.take_line())
      lines_.push_back(std::move(*line));
    REQUIRE_FALSE(connection_.ended());
  }

  client& connection() override { return connection_; }
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  client connection_;
  std::vector<std::string> lines_;
};

/// Sends the same requests for ever, each time over a new connection, which ends in one of
/// several ways as soon as `replies_expected` lines have come.
class churning_client : public actor {
 public:
  enum class ending { by_server, close, reset };

  churning_client(const running_server& server, std::string requests, int replies_expected,
                  ending how)
      : server_(server),
        requests_(std::move(requests)),
        replies_expected_(replies_expected),
        ending_(how),
        connection_(start()) {}

  void step() override {
    while (connection_.take_line())
      ++replies_;
    if (connection_.ended() || (ending_ != ending::by_server && replies_ >= replies_expected_)) {
      REQUIRE(replies_ >= replies_expected_);
      ending_ == ending::reset ? connection_.reset() : connection_.close();
      connection_ = start();
      replies_ = 0;
      ++rounds_;
    }
  }

  client& connection() override { return connection_; }
  int rounds() const { return rounds_; }

 private:
  client start() const {
    auto result = server_.connect();
    result.queue(requests_);
    return result;
  }

  const running_server& server_;
  std::string requests_;
  int replies_expected_;
  ending ending_;
  client connection_;
  int replies_ = 0;
  int rounds_ = 0;
};

/// Lets all actors take part in one poll loop until `finished`.
void run(const std::vector<actor*>& actors, const std::function<bool()>& finished) {
  const auto deadline = std::chrono::steady_clock::now() + 4 * patience;
  while (!finished()) {
    if (std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error{"the loop does not come to its end"};
    std::vector<client*> connections;
    for (auto* each : actors)
      connections.push_back(&each->connection());
    pump(connections, std::chrono::milliseconds{10});
    for (auto* each : actors)
      each->step();
  }
}

int rounds_of_each_sender() {
  return long_run() ? 10000 : 2000;
}

const std::vector<std::string> users{"ann", "ben", "cid"};

/// Requires that `lines` are all texts of all three senders, each sender's in order, and no other.
void require_all_texts_in_order(const std::vector<std::string>& lines, int rounds) {
  std::map<std::string, int> next;
  for (const auto& line : lines) {
    const auto user = line.substr(std::string{"delivery:arena:"}.size(), 3);
    REQUIRE(line == "delivery:arena:" + user + ":" + std::to_string(next[user]));
    ++next[user];
  }
  REQUIRE(next ==
          std::map<std::string, int>{{users[0], rounds}, {users[1], rounds}, {users[2], rounds}});
}

/// Three senders that loop over join, sendall and leave in the arena, beside `others`, until both
/// listeners have heard everything.
void require_everything_heard(const running_server& server, const std::vector<actor*>& others) {
  const auto rounds = rounds_of_each_sender();
  listener first{server, "watcher", "arena"};
  listener second{server, "witness", "arena"};
  looping_sender ann{server, users[0], "arena", rounds};
  looping_sender ben{server, users[1], "arena", rounds};
  looping_sender cid{server, users[2], "arena", rounds};
  std::vector<actor*> all{&first, &second, &ann, &ben, &cid};
  all.insert(all.end(), others.begin(), others.end());
  run(all, [&] {
    const auto total = 3 * static_cast<std::size_t>(rounds);
    return ann.finished() && ben.finished() && cid.finished() && first.lines().size() >= total &&
           second.lines().size() >= total;
  });
  require_all_texts_in_order(first.lines(), rounds);
  REQUIRE(first.lines() == second.lines());
  require_nothing_pending(first.connection());
  require_nothing_pending(second.connection());
}

}  // namespace

TEST_CASE("three senders loop over join, sendall, leave without waiting: all is heard in order") {
  running_server server;
  require_everything_heard(server, {});
}

TEST_CASE("all is heard in order beside clients that come, move, quit, crash and switch for ever") {
  using ending = churning_client::ending;
  running_server server;
  const std::string tour = "slogin:tour\njoin:arena\njoin:bar\nleave:\njoin:arena\nquit:\n";
  const std::string listen = "rlogin:comer\njoin:arena\n";
  const std::string move = "rlogin:mover\njoin:arena\njoin:bar\njoin:arena\nquit:\n";
  churning_client tourist{server, tour, 6, ending::by_server};
  churning_client vandal{server, "slogin:vandal\njoin:arena\njoin:bar\n", 3, ending::reset};
  churning_client killed{server, listen, 4, ending::reset};
  churning_client closed{server, listen, 2, ending::close};
  churning_client mover{server, move, 5, ending::by_server};
  std::string switches = "slogin:switcher\n";
  for (int turn = 0; turn < 100; ++turn)
    switches += "join:arena\njoin:bar\n";
  churning_client left{server, switches + "quit:\n", 202, ending::by_server};
  churning_client right{server, switches, 201, ending::close};
  require_everything_heard(server, {&tourist, &vandal, &killed, &closed, &mover, &left, &right});
  CHECK(tourist.rounds() > 0);
  CHECK(vandal.rounds() > 0);
  CHECK(closed.rounds() > 0);
  CHECK(mover.rounds() > 0);
  CHECK(left.rounds() > 0);
  CHECK(right.rounds() > 0);
}
