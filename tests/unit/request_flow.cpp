// Who is read from: requests from their input to the effect of their receipts, without actors.

#include "io/gateway/request_flow.hpp"

#include "io/dialects/irc/irc.hpp"
#include "io/dialects/irc/reader.hpp"
#include "io/dialects/tagged/tagged.hpp"
#include "tests/support/authors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/deterministic_system.hpp"
#include "tests/support/fake_gateway.hpp"
#include "tests/support/simulated_network.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>

using namespace confab;
using namespace confab::test;
using namespace std::chrono_literals;

namespace {

/// The plain parts of a gateway around the requests. It writes down what it is asked to do.
class world final : outbound::owner, request_flow::owner {
 public:
  explicit world(
      request_limits limits = {.unread_replies_bytes_max = 1000,
                               .input_bytes = {},
                               .input_lines = {},
                               .work_bytes_per_batch = 1000},
      std::shared_ptr<const dialect> speaks = tagged::make_dialect(tagged::edition::fall2023))
      : requests(connections_, output_, incidents_, counts, limits, *this),
        speaks_(std::move(speaks)) {
    output_.credit().grant(std::size_t{1} << 30);
  }

  ~world() override {
    caf::anon_send_exit(someone_, caf::exit_reason::kill);
    deterministic_.run();
  }
  world(const world&) = delete;
  world& operator=(const world&) = delete;

  connection& connect() {
    auto& newcomer = connections_.add(
        caf::make_counted<simulated_link>(static_cast<std::int64_t>(connections_.size()), memory_));
    requests.open(newcomer);
    return newcomer;
  }

  static simulated_link& wire_of(connection& whose) {
    return dynamic_cast<simulated_link&>(*whose.wire);
  }

  static bool reads_from(connection& whose) { return wire_of(whose).reading(); }

  /// A receipt that stands for a session's reply; `gateway` only says that somebody waits for it.
  receipt reply_for(connection& whose, std::string bytes, next_step next = next_step::read_input) {
    return {someone_, whose.key, std::move(bytes), 0, next, {}, {}};
  }

  /// An audience that consists of these connections.
  static audience readers(std::initializer_list<connection*> who) {
    audience result;
    for (const auto* each : who)
      result.push_back(each->key);
    return result;
  }

  /// A client whose lines count.
  connection& connect_with_lines() {
    auto& newcomer = connect();
    newcomer.counts_lines = true;
    requests.open(newcomer);
    return newcomer;
  }

  /// So many bytes of a line come in.
  void begin(connection& whose, std::size_t bytes) {
    requests.on_input(whose, std::vector<char>(bytes, 'x'));
  }

  void comes(connection& whose, std::string_view bytes) {
    requests.on_input(whose, {bytes.begin(), bytes.end()});
  }

  /// The session is done with its input.
  void answer(connection& whose) {
    auto reply = reply_for(whose, {});
    requests.on_reply(reply);
  }

  /// Lets the time pass that the client has to wait.
  void wait_for(connection& whose) {
    REQUIRE(wait);
    time += *std::exchange(wait, std::nullopt);
    requests.end_of_wait(whose, time);
  }

  void publish(const event_batch& batch, const audience* readers, receipt& reply,
               std::size_t elsewhere) {
    requests.publish(&batch, readers, reply, elsewhere);
  }

  void flush() {
    while (output_.flush_round(false)) {
    }
  }

  gateway_report counts;
  request_flow requests;
  std::vector<std::string> handed;  ///< Input for sessions.
  std::vector<connection_key> continued;
  std::vector<connection_key> hung_up;
  std::optional<deadline_clock::duration> wait;
  std::size_t done = 0;
  bool cuts_slow_readers = false;
  deadline_clock::time_point time{1000s};

 private:
  void on_slow_reader(connection& reader, cut_reason) override {
    if (!cuts_slow_readers)
      return;
    requests.abandon(reader);
    output_.remove(reader);
    connections_.remove(reader);
  }
  void on_progress(connection& whose) override { requests.on_progress(whose); }
  void on_handed_over(const waiting_author& author) override {
    requests.on_handed_over(author.connection);
  }
  void hand_input(connection&, std::vector<char> bytes) override {
    handed.emplace_back(bytes.begin(), bytes.end());
  }
  void continue_session(connection& whose) override { continued.push_back(whose.key); }
  void hang_up(connection& whose) override { hung_up.push_back(whose.key); }
  void wait_for_input(connection&, deadline_clock::duration span) override { wait = span; }
  void on_request_done() override { ++done; }
  deadline_clock::time_point now() override { return time; }
  deadline_clock::time_point activity_time() override { return {}; }

  output_memory_ptr memory_ = std::make_shared<output_memory>();
  std::shared_ptr<const dialect> speaks_;
  connection_table connections_;
  incident_log incidents_{
      "tagged",
      std::make_shared<spdlog::logger>("none", std::make_shared<spdlog::sinks::null_sink_st>()),
      counts};
  flush_limits flush_{.handover_work_bytes_max = 100};
  outbound output_{connections_, *speaks_, 0, {1'000'000, flush_}, *memory_, counts, *this};
  deterministic_system deterministic_;
  gateway_actor someone_ = deterministic_.system().spawn(
      fake_gateway, nullptr, std::make_shared<std::vector<wire_entry>>());
};

constexpr request_limits four_lines_a_second{.unread_replies_bytes_max = 1000,
                                             .input_bytes = {},
                                             .input_lines = {.per_second = 4, .burst = 20},
                                             .work_bytes_per_batch = 1000};

std::string lines(int first, int last) {
  std::string result;
  for (int i = first; i <= last; ++i)
    result += std::to_string(i) + "\r\n";
  return result;
}

event_batch text(const std::string& what) {
  return {"room", make_author("bob", "tagged", 0, 0), {said{what}}};
}

}  // namespace

TEST_CASE("a connection is read from unless its session deals with input") {
  world all;
  auto& client = all.connect();
  CHECK(world::reads_from(client));
  all.begin(client, 10);
  CHECK_FALSE(world::reads_from(client));
  CHECK(all.requests.in_flight() == 1);
  auto reply = all.reply_for(client, "ok:\n");
  all.requests.on_reply(reply);
  CHECK(world::reads_from(client));
  CHECK(all.requests.in_flight() == 0);
  CHECK(all.done == 1);
}

TEST_CASE("a session with more requests goes on, and its connection is not read from meanwhile") {
  world all;
  auto& client = all.connect();
  all.begin(client, 10);
  auto reply = all.reply_for(client, "ok:\n", next_step::continue_requests);
  all.requests.on_reply(reply);
  CHECK(all.continued == std::vector{client.key});
  CHECK_FALSE(world::reads_from(client));
  CHECK(all.done == 0);
}

TEST_CASE(
    "a reply to a text waits until all other gateways have queued it, even if they are first") {
  const int acks_before = GENERATE(0, 1, 2);
  CAPTURE(acks_before);
  world all;
  auto& author = all.connect();
  auto& reader = all.connect();
  all.begin(author, 10);
  for (int i = 0; i < acks_before; ++i)
    all.requests.on_queued(author.key, 5);
  auto reply = all.reply_for(author, "ok:\n");
  reply.texts = 1;
  const auto listening = world::readers({&reader});
  all.publish(text("hello"), &listening, reply, 2);
  for (int i = acks_before; i < 2; ++i) {
    all.flush();
    CHECK(world::wire_of(author).peer_got().empty());
    all.requests.on_queued(author.key, 5);
  }
  all.flush();
  CHECK(world::wire_of(author).peer_got() == "ok:\n");
  CHECK(world::wire_of(reader).peer_got() == "delivery:room:bob:hello\n");
  CHECK(world::reads_from(author));
  CHECK(all.counts.texts_in == 1);
}

TEST_CASE("a join is answered at once, but its client is not read from until others know of it") {
  world all;
  auto& client = all.connect();
  all.begin(client, 10);
  auto reply = all.reply_for(client, "ok:joined\n");
  const event_batch coming{"room", make_author("bob", "tagged", 0, 0), {joined{}}};
  all.publish(coming, nullptr, reply, 1);
  all.flush();
  CHECK(world::wire_of(client).peer_got() == "ok:joined\n");
  CHECK_FALSE(world::reads_from(client));
  all.requests.on_queued(client.key, 50);
  CHECK(world::reads_from(client));
}

TEST_CASE("who was told of a join does not count as a reader of the next text") {
  world all;
  auto& client = all.connect();
  all.begin(client, 10);
  auto reply = all.reply_for(client, {});
  all.publish({"room", make_author("bob", "tagged", 0, 0), {joined{}}}, nullptr, reply, 1);
  all.requests.on_queued(client.key, 500);
  all.begin(client, 10);
  auto next = all.reply_for(client, {});
  next.texts = 1;
  all.publish(text("hello"), nullptr, next, 0);
  CHECK(client.batch_bytes_max == 1000);
}

TEST_CASE(
    "how large the next batch may be follows from the readers of the last one, here and "
    "elsewhere") {
  world all;
  auto& author = all.connect();
  auto& reader = all.connect();
  auto reply = all.reply_for(author, {});
  reply.texts = 1;
  const auto listening = world::readers({&reader});
  all.begin(author, 10);
  all.publish(text("hello"), &listening, reply, 1);
  all.requests.on_queued(author.key, 9);
  CHECK(author.batch_bytes_max == 1000 / 10);
}

// Where the own text says that it was kept, it comes with the reply, apart from those of others.
TEST_CASE(
    "an author that hears itself counts as a reader, also if nobody else is behind its gateway") {
  world all{{.unread_replies_bytes_max = 1000,
             .input_bytes = {},
             .input_lines = {},
             .work_bytes_per_batch = 1000,
             .echo_confirms = true}};
  auto& author = all.connect();
  auto reply = all.reply_for(author, {});
  reply.texts = 1;
  reply.keeps = 1;
  const auto listening = world::readers({&author});
  all.begin(author, 10);
  all.publish({"room", make_author("bob", "tagged", 0, author.key), {said{"hello"}}}, &listening,
              reply, 1);
  all.requests.on_queued(author.key, 9);
  CHECK(author.batch_bytes_max == 1000 / 10);
}

TEST_CASE("an author whose texts are much work is not read from until they were handed over") {
  world all;
  auto& author = all.connect();
  auto& reader = all.connect();
  all.begin(author, 10);
  auto reply = all.reply_for(author, "ok:\n");
  const auto listening = world::readers({&reader});
  all.publish(text(std::string(200, 'x')), &listening, reply, 0);
  CHECK_FALSE(world::reads_from(author));
  all.flush();
  CHECK(world::reads_from(author));
}

TEST_CASE("a client that leaves its replies unread is not read from until it has taken half") {
  world all;
  auto& client = all.connect();
  auto& wire = world::wire_of(client);
  wire.peer_takes(0);
  all.begin(client, 10);
  auto reply = all.reply_for(client, std::string(1001, 'r'));
  all.requests.on_reply(reply);
  all.flush();
  CHECK_FALSE(world::reads_from(client));
  CHECK(all.counts.limits_hit[static_cast<std::size_t>(limit::unread_replies)] == 1);
  wire.out().consume(500);
  all.requests.on_progress(client);
  CHECK_FALSE(world::reads_from(client));
  wire.out().consume(1);
  all.requests.on_progress(client);
  CHECK(world::reads_from(client));
}

TEST_CASE("a client that sends too fast is read from again when it has waited") {
  world all{{.unread_replies_bytes_max = 1000,
             .input_bytes = {.per_second = 100, .burst = 100},
             .input_lines = {},
             .work_bytes_per_batch = 1000}};
  auto& client = all.connect();
  CHECK(world::reads_from(client));
  all.begin(client, 300);
  auto reply = all.reply_for(client, "ok:\n");
  all.requests.on_reply(reply);
  CHECK_FALSE(world::reads_from(client));
  REQUIRE(all.wait);
  CHECK(*all.wait >= 2s);
  CHECK(*all.wait < 2100ms);
  all.time += *all.wait;
  all.requests.end_of_wait(client, all.time);
  CHECK(world::reads_from(client));
}

TEST_CASE("of lines that count, the burst is carried out at once, the others as time allows") {
  world all{four_lines_a_second};
  auto& client = all.connect_with_lines();
  all.comes(client, lines(1, 100) + "101");
  CHECK(all.handed == std::vector{lines(1, 20)});
  all.answer(client);
  CHECK(all.requests.in_flight() == 0);
  for (int i = 21; i <= 99; ++i) {
    CHECK_FALSE(world::reads_from(client));
    CHECK_FALSE(request_flow::reads_from(client));
    REQUIRE(all.wait);
    CHECK(*all.wait >= 240ms);
    CHECK(*all.wait <= 252ms);
    all.wait_for(client);
    CHECK(all.handed.back() == lines(i, i));
    all.answer(client);
  }
  all.wait_for(client);
  CHECK(all.handed.back() == lines(100, 100) + "101");  // Part of a line costs nothing.
  all.answer(client);
  CHECK(world::reads_from(client));
  CHECK(all.counts.limits_hit[static_cast<std::size_t>(limit::input_rate)] == 1);
}

TEST_CASE("lines that count cost the same however they come") {
  const auto piece = GENERATE(1, 2, 3, 7, 50, 1000);
  CAPTURE(piece);
  world all{four_lines_a_second};
  auto& client = all.connect_with_lines();
  const auto sent = lines(1, 50);
  for (std::string_view rest = sent; !rest.empty();) {
    while (!world::reads_from(client))
      if (client.request_in_flight)
        all.answer(client);
      else
        all.wait_for(client);
    all.comes(client, rest.substr(0, static_cast<std::size_t>(piece)));
    rest.remove_prefix(std::min(rest.size(), static_cast<std::size_t>(piece)));
  }
  for (; client.kept; all.wait_for(client))
    if (client.request_in_flight)
      all.answer(client);
  std::string got;
  for (const auto& each : all.handed)
    got += each;
  CHECK(got == sent);
  CHECK(all.time >= deadline_clock::time_point{1000s} + 30 * 249ms);
  CHECK(all.time <= deadline_clock::time_point{1000s} + 30 * 252ms);
}

TEST_CASE("lines that do not count are carried out as they come") {
  world all{four_lines_a_second};
  auto& client = all.connect();
  all.comes(client, lines(1, 1000));
  CHECK(all.handed == std::vector{lines(1, 1000)});
  all.answer(client);
  CHECK(world::reads_from(client));
}

TEST_CASE("a gateway that drains carries out at once what it keeps for later") {
  world all{four_lines_a_second};
  auto& waiting = all.connect_with_lines();
  auto& busy = all.connect_with_lines();
  all.comes(waiting, lines(1, 100));
  all.answer(waiting);
  all.comes(busy, lines(1, 30));
  all.handed.clear();
  all.requests.drain();
  CHECK(all.handed == std::vector{lines(21, 100)});
  CHECK(all.requests.in_flight() == 2);
  all.answer(busy);
  CHECK(all.handed.back() == lines(21, 30));
  all.answer(busy);
  all.answer(waiting);
  CHECK(all.requests.in_flight() == 0);
  CHECK_FALSE(world::reads_from(waiting));
  CHECK_FALSE(world::reads_from(busy));
}

TEST_CASE("what is kept of a connection that makes no more requests is forgotten") {
  world all{four_lines_a_second};
  auto& client = all.connect_with_lines();
  all.comes(client, lines(1, 100));
  all.requests.abandon(client);
  all.requests.drain();
  CHECK(all.handed.size() == 1);
}

TEST_CASE("a gateway that drains reads from nobody and still answers what it has read") {
  world all;
  auto& busy = all.connect();
  auto& idle = all.connect();
  auto& paused = all.connect();
  all.begin(busy, 10);
  all.begin(paused, 10);
  world::wire_of(paused).peer_takes(0);
  auto long_reply = all.reply_for(paused, std::string(2000, 'r'), next_step::continue_requests);
  all.requests.on_reply(long_reply);
  CHECK(all.continued.empty());
  all.requests.drain();
  CHECK(all.requests.draining());
  CHECK(all.continued == std::vector{paused.key});
  CHECK_FALSE(world::reads_from(idle));
  auto reply = all.reply_for(busy, "ok:\n");
  all.requests.on_reply(reply);
  all.flush();
  CHECK(world::wire_of(busy).peer_got() == "ok:\n");
  CHECK_FALSE(world::reads_from(busy));
}

TEST_CASE("irc: who is away is told of its own JOIN without that, in a room of any size") {
  const std::size_t others = GENERATE(1U, 20U);  // Readers of a large room share what they read.
  CAPTURE(others);
  world all{four_lines_a_second, irc::make_dialect({})};
  const auto away_notify = irc::class_of({irc::capability::away_notify});
  std::vector<connection*> members;
  audience listening;
  for (std::size_t i = 0; i <= others; ++i) {
    members.push_back(&all.connect());
    members.back()->reader = away_notify;
    listening.push_back(members.back()->key);
  }
  auto& newcomer = *members[others / 2];
  identity who;
  who.nick = "al";
  who.user = "u";
  who.host = "h";
  who.away = "lunch";
  event_batch coming;
  coming.room = "x";
  coming.who = {std::make_shared<const identity>(who), {0, newcomer.key}};
  coming.events.emplace_back(joined{});
  auto reply = all.reply_for(newcomer, {});
  all.publish(coming, &listening, reply, 0);
  all.flush();
  for (auto* each : members)
    CHECK(
        world::wire_of(*each).peer_got() ==
        (each == &newcomer ? ":al!u@h JOIN #x\r\n" : ":al!u@h JOIN #x\r\n:al!u@h AWAY :lunch\r\n"));
}

TEST_CASE("a session that has ended takes its connection along, and its request is not under way") {
  world all;
  auto& client = all.connect();
  all.begin(client, 10);
  auto reply = all.reply_for(client, "ok:bye!\n", next_step::hang_up);
  all.requests.on_reply(reply);
  CHECK(all.hung_up == std::vector{client.key});
  all.requests.abandon(client);
  all.requests.abandon(client);
  CHECK(all.requests.in_flight() == 0);
  CHECK(all.done == 1);
}

TEST_CASE(
    "a reply that was confirmed before it came may be the one that its connection is cut for") {
  world all;
  all.cuts_slow_readers = true;
  auto& client = all.connect();
  world::wire_of(client).peer_takes(0);
  all.begin(client, 10);
  const auto key = client.key;
  all.requests.on_kept(key, true);
  auto reply = all.reply_for(client, std::string(1'000'001, 'x'));
  reply.texts = reply.keeps = 1;
  all.requests.on_reply(reply);  // The client is gone: nobody may touch it.
  CHECK(all.requests.in_flight() == 0);
  CHECK(all.continued.empty());
  all.requests.on_kept(key, true);
  CHECK(all.requests.in_flight() == 0);
}
