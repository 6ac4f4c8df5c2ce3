// The sample sessions of the course (sequential, interleaved, concurrent), with our own programs.

#include "tests/support/catch.hpp"
#include "tests/support/server_process.hpp"

#include <algorithm>
#include <csignal>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace confab::test;

namespace {

const std::string room = "partytime";

using program = std::unique_ptr<process>;

program start_sender(const running_server& server, const std::string& user) {
  return std::make_unique<process>(
      "sender", std::vector<std::string>{"localhost", std::to_string(server.port()), user});
}

program start_receiver(const running_server& server, const std::string& user) {
  return std::make_unique<process>(
      "receiver", std::vector<std::string>{"localhost", std::to_string(server.port()), user, room});
}

/// The lines that `receiver` has printed so far, without those of the pilot.
std::vector<std::string> heard(process& receiver) {
  receiver.running();
  auto lines = split_lines(receiver.output());
  std::erase_if(lines, [](const std::string& line) { return line.rfind("pilot: ", 0) == 0; });
  return lines;
}

/// Returns once all `receivers` hear the room: a receiver does not say when it has joined, so a
/// pilot talks until each has printed a line of it.
void wait_until_listening(const running_server& server, const std::vector<process*>& receivers) {
  auto pilot = server.sender("pilot", room);
  wait_until(
      [&] {
        REQUIRE(pilot.request("sendall:can you hear me?") == "ok:message sent");
        return std::all_of(receivers.begin(), receivers.end(), [](process* each) {
          REQUIRE(each->running());
          return each->output().find("pilot: can you hear me?\n") != std::string::npos;
        });
      },
      "receivers that have joined");
  REQUIRE(pilot.request("quit:") == "ok:bye!");
}

/// Requires that `sender` quits well: exit 0, nothing on stderr or stdout.
void require_good_end(process& sender) {
  REQUIRE(sender.wait(patience) == std::optional<int>{0});
  CHECK(sender.errors().empty());
  CHECK(sender.output().empty());
}

void require_heard(process& receiver, const std::vector<std::string>& expected) {
  wait_until([&] { return heard(receiver).size() >= expected.size(); }, "texts at the receiver");
  CHECK(heard(receiver) == expected);
  CHECK(receiver.errors().empty());
}

/// Keeps `count` short-lived programs going: a new one starts as soon as one has ended.
class revolving_door {
 public:
  using starter = std::function<program()>;

  explicit revolving_door(starter start) : start_(std::move(start)), current_(start_()) {}

  void turn() {
    if (!current_->running()) {
      current_ = start_();
      ++rounds_;
    }
  }

  process& current() { return *current_; }
  int rounds() const { return rounds_; }

 private:
  starter start_;
  program current_;
  int rounds_ = 0;
};

/// Requires that `lines` are the numbered texts of `users`, each user's in order, and no other.
void require_numbered_texts(const std::vector<std::string>& lines,
                            const std::vector<std::string>& users, int texts) {
  std::map<std::string, int> next;
  for (const auto& line : lines) {
    const auto user = line.substr(0, line.find(':'));
    REQUIRE(line == user + ": " + std::to_string(next[user]++));
  }
  REQUIRE(next.size() == users.size());
  for (const auto& user : users)
    CHECK(next[user] == texts);
}

}  // namespace

TEST_CASE("sequential: two senders, one after the other") {
  running_server server;
  auto receiver = start_receiver(server, "carol");
  wait_until_listening(server, {receiver.get()});
  auto alice = start_sender(server, "alice");
  alice->write(
      "/join partytime\n"
      "Hello everyone\n"
      "I am trying to purchase the cookies\n"
      "Please give me your headcount and the number of cookies you want\n"
      "/quit\n");
  require_good_end(*alice);
  auto bob = start_sender(server, "bob");
  bob->write(
      "/join partytime\n"
      "Hi Alice\n"
      "This is Bob.\n"
      "I want a chocolate peanut cookie with walnuts.\n"
      "Thanks!\n"
      "/quit\n");
  require_good_end(*bob);
  require_heard(
      *receiver,
      {"alice: Hello everyone", "alice: I am trying to purchase the cookies",
       "alice: Please give me your headcount and the number of cookies you want", "bob: Hi Alice",
       "bob: This is Bob.", "bob: I want a chocolate peanut cookie with walnuts.", "bob: Thanks!"});
}

TEST_CASE("interleaved: two senders take turns for each line") {
  running_server server;
  auto receiver = start_receiver(server, "carol");
  wait_until_listening(server, {receiver.get()});
  auto alice = start_sender(server, "alice");
  auto bob = start_sender(server, "bob");
  const std::vector<std::string> texts{
      "This is a message from alice",
      "And this is a message from bob",
      "each alternating line of messages...",
      "will be send by a different client...",
      "this test ensures that clients are served in order",
      "and that one client may not monopolize the entire transmission"};
  alice->write("/join partytime\n");
  bob->write("/join partytime\n");
  std::vector<std::string> expected;
  for (const auto& text : texts) {
    const bool is_alice = expected.size() % 2 == 0;
    (is_alice ? alice : bob)->write(text + '\n');
    expected.push_back((is_alice ? "alice: " : "bob: ") + text);
    require_heard(*receiver, expected);
  }
  for (auto* sender : {alice.get(), bob.get()}) {
    sender->write("/quit\n");
    require_good_end(*sender);
  }
  require_heard(*receiver, expected);
}

TEST_CASE("the test session of the first edition: alice in the cafe hears bob") {
  running_server server;
  process alice{"receiver", {"localhost", std::to_string(server.port()), "alice", "partytime"}};
  wait_until_listening(server, {&alice});
  auto bob = start_sender(server, "bob");
  bob->write("/join partytime\nhey everybody!\n/quit\n");
  require_good_end(*bob);
  require_heard(alice, {"bob: hey everybody!"});
  alice.signal(SIGINT);
  CHECK(alice.wait(patience).has_value());
}

TEST_CASE("concurrent: three senders in a loop beside clients that come, go, die and switch") {
  const int texts = long_run() ? 10'000 : 1000;
  const std::vector<std::string> users{"ann", "ben", "cid"};
  running_server server;
  auto first = start_receiver(server, "watcher");
  auto second = start_receiver(server, "witness");
  wait_until_listening(server, {first.get(), second.get()});
  std::vector<program> senders;
  for (const auto& user : users) {
    senders.push_back(start_sender(server, user));
    for (int number = 0; number < texts; ++number)
      senders.back()->write("/join partytime\n" + std::to_string(number) + "\n/leave\n");
    senders.back()->write("/quit\n");
  }
  const auto visitor = [&] {
    auto result = start_sender(server, "visitor");
    result->write("/join partytime\n/join bar\n/leave\n/join partytime\n/quit\n");
    return result;
  };
  revolving_door visitors{visitor};
  revolving_door switchers{[&] {
    auto result = start_sender(server, "switcher");
    for (int turn = 0; turn < 100; ++turn)
      result->write("/join partytime\n/join bar\n");
    result->close_input();
    return result;
  }};
  revolving_door victims{[&] { return start_receiver(server, "victim"); }};
  const auto total = users.size() * static_cast<std::size_t>(texts);
  wait_until(
      [&] {
        visitors.turn();
        switchers.turn();
        if (!victims.current().output().empty())
          victims.current().signal(SIGKILL);  // in the middle of the broadcasts
        victims.turn();
        for (auto& sender : senders)
          sender->running();
        return heard(*first).size() >= total && heard(*second).size() >= total;
      },
      "all texts at both receivers");
  for (auto& sender : senders)
    require_good_end(*sender);
  require_numbered_texts(heard(*first), users, texts);
  CHECK(heard(*first) == heard(*second));
  CHECK(visitors.rounds() > 0);
  CHECK(switchers.rounds() > 0);
  CHECK(victims.rounds() > 0);
}
