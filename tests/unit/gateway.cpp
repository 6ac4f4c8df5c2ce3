// The gateway with real sessions, rooms and registry on CAF's test multiplexer, over a network
// that is a test's own.

#include "io/dialects/irc/irc.hpp"
#include "io/dialects/tagged/tagged.hpp"
#include "io/placement.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/simulated_network.hpp"

#include <cstdint>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <caf/io/network/test_multiplexer.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

using namespace confab;
using namespace confab::test;

namespace {

class simulated_config final : public caf::actor_system_config {
 public:
  simulated_config() {
    load<caf::io::middleman>();
    set("scheduler.policy", caf::atom("testing"));
    set("middleman.network-backend", caf::atom("testing"));
    set("logger.verbosity", caf::atom("quiet"));
  }

  /// All sessions so far. Mutable: who spawns them sees the configuration only as const.
  mutable std::vector<caf::actor_addr> sessions;
};

std::int64_t standing_time_ms() {
  return 1'700'000'000'000;
}

session_actor spawn_remembered_session(caf::actor_system& system, session_start start) {
  auto session = placement::spawn_session(system, std::move(start));
  dynamic_cast<const simulated_config&>(system.config()).sessions.push_back(session.address());
  return session;
}

constexpr quota_limits unlimited{.connections_max = 1'000'000,
                                 .connections_per_address_max = 1'000'000,
                                 .backlog_bytes_max = std::size_t{1} << 40};

std::shared_ptr<const dialect> make_irc() {
  return irc::make_dialect({.now_ms = &standing_time_ms});
}

std::size_t count_of(std::string_view what, std::string_view text) {
  std::size_t result = 0;
  for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1))
    ++result;
  return result;
}

/// A whole server without sockets, whose every step is a call.
class world {
 public:
  explicit world(
      gateway_limits limits = {}, quota_limits all = unlimited,
      std::shared_ptr<const dialect> speaks = tagged::make_dialect(tagged::edition::spring2022)) {
    quota_ = placement::spawn_quota(system_, all);
    names_ = placement::spawn_name_services(system_, {.rooms_max = 100, .kept_vacant_max = 10},
                                            &placement::spawn_room, &standing_time_ms);
    auto log = std::make_shared<spdlog::logger>(
        "test", std::make_shared<spdlog::sinks::ostream_sink_st>(logged_));
    log->set_pattern("%v");
    caf::actor_config config{&network()};
    gateway_ = system_.spawn_impl<gateway, caf::no_spawn_options>(
        config,
        gateway_settings{.id = 0,
                         .speaks = std::move(speaks),
                         .registry = names_.registry,
                         .directory = names_.directory,
                         .authenticator = {},
                         .quota = quota_,
                         .spawn_session = &spawn_remembered_session,
                         .limits = limits,
                         .log = std::move(log),
                         .memory = doorman_->memory(),
                         .hosts = std::make_shared<const cloak>(cloak::key{}),
                         .now_ms = &standing_time_ms},
        std::vector<caf::io::doorman_ptr>{doorman_});
    run();
  }

  ~world() {
    caf::anon_send(gateway_, finish_atom::value);
    run();
    advance(std::chrono::seconds{10});
    caf::anon_send(names_.registry, close_atom::value);
    caf::anon_send(names_.directory, close_atom::value);
    caf::anon_send(quota_, close_atom::value);
    run();
  }

  simulated_link_ptr connect() {
    links_.push_back(doorman_->connect());
    run();
    return links_.back();
  }

  /// A connection that has sent some lines, and its replies forgotten.
  simulated_link_ptr connect(std::string_view lines) {
    auto wire = connect();
    wire->peer_sends(lines);
    run();
    wire->peer_got();
    return wire;
  }

  /// Lets everything happen that can.
  void run() {
    for (bool busy = true; busy;) {
      busy = false;
      while (network().try_exec_runnable())
        busy = true;
      for (auto& wire : links_)
        while (wire->step(16 * 1024))
          busy = true;
    }
  }

  void advance(std::chrono::seconds span) {
    for (auto passed = std::chrono::seconds{0}; passed < span; passed += std::chrono::seconds{1}) {
      dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler())
          .advance_time(std::chrono::seconds{1});
      run();
    }
  }

  std::string logged() const { return logged_.str(); }
  const std::vector<caf::actor_addr>& sessions() const { return config_.sessions; }
  const gateway_actor& server() const { return gateway_; }
  caf::actor_system& system() { return system_; }
  caf::io::network::test_multiplexer& network() {
    return dynamic_cast<caf::io::network::test_multiplexer&>(system_.middleman().backend());
  }

 private:
  simulated_config config_;
  caf::actor_system system_{config_};
  std::ostringstream logged_;
  placement::name_services names_;
  quota_actor quota_;
  simulated_doorman_ptr doorman_ =
      caf::make_counted<simulated_doorman>(std::make_shared<output_memory>());
  std::vector<simulated_link_ptr> links_;
  gateway_actor gateway_;
};

}  // namespace

TEST_CASE("a sender's text reaches the receivers of its room") {
  world all;
  const auto alice = all.connect("rlogin:alice\njoin:cafe\n");
  const auto bob = all.connect("slogin:bob\njoin:cafe\n");
  bob->peer_sends("sendall:hey everybody!\n");
  all.run();
  CHECK(alice->peer_got() == "delivery:cafe:bob:hey everybody!\n");
  CHECK(bob->peer_got() == "ok:message sent\n");
}

TEST_CASE("2022: receivers logged in as the sender do not get the sender's texts") {
  world all;
  const auto same = all.connect("rlogin:bob\njoin:cafe\n");
  const auto other = all.connect("rlogin:Bob\njoin:cafe\n");
  const auto bob = all.connect("slogin:bob\njoin:cafe\nsendall:x\n");
  CHECK(same->peer_got().empty());
  CHECK(other->peer_got() == "delivery:cafe:bob:x\n");
}

TEST_CASE("a client that has sent its last byte still gets every reply, then the end") {
  world all;
  const auto bob = all.connect();
  bob->peer_sends("slogin:bob\njoin:a\nsendall:x\nquit:\n");
  bob->peer_ends_input();
  all.run();
  CHECK(bob->peer_got() == "ok:logged in as bob\nok:joined room a\nok:message sent\nok:bye!\n");
  CHECK(bob->closed());
  const auto carol = all.connect();
  carol->peer_sends("slogin:carol\njoin:a\n");
  carol->peer_ends_input();
  all.run();
  CHECK(carol->peer_got() == "ok:logged in as carol\nok:joined room a\n");
  CHECK(carol->closed());
}

TEST_CASE(
    "a leaver that takes what the system holds still reads, one that takes nothing is closed") {
  world all;
  const auto bob = all.connect("slogin:bob\n");
  bob->peer_takes(0);
  bob->system_holds(1001);
  bob->peer_sends("leave:\n");
  bob->peer_ends_input();
  all.run();
  for (std::size_t held = 1000; held > 990; --held) {
    bob->system_holds(held);
    all.advance(std::chrono::seconds{2});
    CHECK_FALSE(bob->closed());
  }
  all.advance(std::chrono::seconds{7});
  CHECK(bob->closed());
  CHECK(all.logged().find("does not read the last") != std::string::npos);
}

TEST_CASE("a leaver that takes a byte now and then does not stay for ever") {
  world all;
  const auto bob = all.connect("slogin:bob\n");
  bob->peer_takes(0);
  bob->system_holds(1'000'000);
  bob->peer_sends("leave:\n");
  bob->peer_ends_input();
  all.run();
  for (std::size_t held = 999'999; held > 999'900 && !bob->closed(); --held) {
    bob->system_holds(held);
    all.advance(std::chrono::seconds{2});
  }
  CHECK(bob->closed());
}

TEST_CASE("a client that sends more lines than it may is slowed down, and loses none of them") {
  world all{{}, unlimited, make_irc()};
  const auto reader = all.connect("NICK r\r\nUSER u 0 * :r\r\nJOIN #a\r\n");
  const auto flooder = all.connect("NICK f\r\nUSER u 0 * :f\r\nJOIN #a\r\n");
  reader->peer_got();
  std::string flood;
  for (int i = 0; i < 1000; ++i)
    flood += "PRIVMSG #a :hello\r\n";
  flooder->peer_sends(flood);
  all.run();
  CHECK(count_of("PRIVMSG", reader->peer_got()) == 17);  // Three lines of the burst were the login.
  std::size_t texts = 17;
  for (int i = 0; i < 245; ++i) {
    all.advance(std::chrono::seconds{1});
    const auto got = reader->peer_got();
    const auto more = count_of("PRIVMSG", got);
    CHECK(more <= 4);
    texts += more;
    if (count_of("PING", got) > 0)
      reader->peer_sends("PONG :x\r\n");
  }
  CHECK_FALSE(flooder->closed());
  all.advance(std::chrono::seconds{3});
  CHECK(texts + count_of("PRIVMSG", reader->peer_got()) == 1000);
}

TEST_CASE("a client is not silent as long as it is not read from, but from then on") {
  world all{{}, unlimited, make_irc()};
  const auto client = all.connect("NICK f\r\nUSER u 0 * :f\r\n");
  std::string flood;
  for (int i = 0; i < 618; ++i)
    flood += "PING x\r\n";
  client->peer_sends(flood);
  all.advance(std::chrono::seconds{149});
  client->peer_got();
  all.advance(std::chrono::seconds{88});
  CHECK(count_of("\r\nPING", client->peer_got()) == 0);
  all.advance(std::chrono::seconds{4});
  CHECK(client->peer_got() == "PING :confab.example\r\n");
  all.advance(std::chrono::seconds{56});
  CHECK_FALSE(client->closed());
  all.advance(std::chrono::seconds{4});
  CHECK(client->closed());
  CHECK(count_of("Ping timeout", client->peer_got()) == 1);
}

TEST_CASE("lines that wait for their turn are carried out before the end of the input") {
  world all{{}, unlimited, make_irc()};
  const auto client = all.connect("NICK f\r\nUSER u 0 * :f\r\n");
  std::string flood;
  for (int i = 1; i <= 58; ++i)
    flood += "PING " + std::to_string(i) + "\r\n";
  client->peer_sends(flood);
  client->peer_ends_input();
  all.run();
  const auto at_once = client->peer_got();
  CHECK(count_of("PONG", at_once) == 18);
  all.advance(std::chrono::seconds{9});
  CHECK_FALSE(client->closed());
  all.advance(std::chrono::seconds{2});
  CHECK(client->closed());
  CHECK(count_of("PONG", client->peer_got()) == 40);
}

TEST_CASE("lines that wait for their turn go with a connection that is reset") {
  world all{{}, unlimited, make_irc()};
  const auto before = all.system().registry().running();
  const auto client = all.connect("NICK f\r\nUSER u 0 * :f\r\n");
  client->peer_sends(std::string(1000, '\n'));
  all.run();
  client->peer_resets();
  all.advance(std::chrono::seconds{2});
  CHECK(client->closed());
  CHECK(all.system().registry().running() == before);
}

TEST_CASE("a draining server answers at once also the lines that wait for their turn") {
  world all{{}, unlimited, make_irc()};
  const auto client = all.connect("NICK f\r\nUSER u 0 * :f\r\n");
  std::string flood;
  for (int i = 1; i <= 58; ++i)
    flood += "PING x\r\n";
  client->peer_sends(flood);
  all.run();
  caf::anon_send(all.server(), drain_atom::value);
  all.run();
  CHECK(count_of("PONG", client->peer_got()) == 58);
}

TEST_CASE("a client that waits because it sent too fast is not idle") {
  gateway_limits limits;
  limits.input_bytes_per_second_max = 1;
  limits.idle_timeout = std::chrono::seconds{10};
  world all{limits};
  const auto client = all.connect("slogin:averyveryverylongname\n");
  all.advance(std::chrono::seconds{27});
  CHECK_FALSE(client->closed());
  all.advance(std::chrono::seconds{20});
  CHECK(client->closed());
}

TEST_CASE("a connection that never logs in is closed at the login deadline") {
  world all;
  const auto idle = all.connect();
  const auto clumsy = all.connect("hello\n");
  const auto bob = all.connect("slogin:bob\n");
  all.advance(std::chrono::seconds{59});
  CHECK_FALSE(idle->closed());
  all.advance(std::chrono::seconds{3});
  CHECK(idle->closed());
  CHECK(clumsy->closed());
  CHECK_FALSE(bob->closed());
}

TEST_CASE("a reader that leaves more than the limit unread is cut, and the others miss nothing") {
  gateway_limits limits;
  limits.backlog_bytes_max = 2000;
  world all{limits};
  const auto slow = all.connect("rlogin:slow\njoin:a\n");
  const auto fast = all.connect("rlogin:fast\njoin:a\n");
  const auto bob = all.connect("slogin:bob\njoin:a\n");
  slow->peer_takes(0);
  std::string expected;
  for (int i = 0; i < 100; ++i) {
    bob->peer_sends("sendall:0123456789\n");
    expected += "delivery:a:bob:0123456789\n";
    all.run();
  }
  CHECK(fast->peer_got() == expected);
  CHECK(slow->closed());
  CHECK(all.logged().find("slow reader cut: tagged user 'slow'") != std::string::npos);
}

TEST_CASE("a client that floods without reading its replies is paused and loses nothing") {
  gateway_limits limits;
  limits.unread_replies_bytes_max = 1000;
  world all{limits};
  const auto bob = all.connect("slogin:bob\n");
  bob->peer_takes(0);
  const int requests = 100'000;
  std::string flood;
  for (int i = 0; i < requests; ++i)
    flood += "leave:\n";
  bob->peer_sends(flood);
  all.run();
  CHECK(bob->out().size() < 64 * 1024);  // One chunk's worth of replies.
  CHECK_FALSE(bob->closed());
  bob->peer_takes(std::string::npos);
  all.run();
  std::string expected;
  for (int i = 0; i < requests; ++i)
    expected += "err:not in a room\n";
  CHECK(bob->peer_got() == expected);
}

TEST_CASE(
    "a connection beyond the limit is refused with a word, and there is room when one leaves") {
  auto limits = unlimited;
  limits.connections_max = 1;
  world all{{}, limits};
  const auto first = all.connect("slogin:bob\n");
  const auto second = all.connect();
  CHECK(second->peer_got() == "err:server is full\n");
  CHECK(second->closed());
  CHECK(all.logged().find("limit reached") != std::string::npos);
  first->peer_resets();
  all.run();
  const auto third = all.connect();
  third->peer_sends("slogin:carol\n");
  all.run();
  CHECK(third->peer_got() == "ok:logged in as carol\n");
}

TEST_CASE("a session that fails takes its connection along, and its room forgets it") {
  world all;
  const auto before = all.system().registry().running();
  const auto alice = all.connect("rlogin:alice\njoin:cafe\n");
  caf::anon_send_exit(all.sessions().front(), caf::exit_reason::user_shutdown);
  all.run();
  CHECK(alice->closed());
  CHECK(all.logged().find("a session failed; closing tagged user 'alice'") != std::string::npos);
  CHECK(all.system().registry().running() == before);
}

TEST_CASE("nothing stays behind of connections that were reset in any state") {
  world all;
  const auto before = all.system().registry().running();
  const std::string_view lines = "rlogin:alice\njoin:cafe\njoin:other\njoin:cafe\n";
  for (std::size_t sent = 0; sent <= lines.size(); ++sent) {
    const auto wire = all.connect();
    wire->peer_sends(lines.substr(0, sent));
    all.network().try_exec_runnable();
    wire->step();
    wire->peer_resets();
    all.run();
    CHECK(wire->closed());
  }
  CHECK(all.system().registry().running() == before);
}

TEST_CASE("a draining server answers what it has read, then closes") {
  world all;
  const auto bob = all.connect("slogin:bob\njoin:a\n");
  const auto slow = all.connect("rlogin:slow\njoin:a\n");
  slow->peer_takes(0);
  bob->peer_sends("sendall:last words\n");
  all.run();
  caf::anon_send(all.server(), drain_atom::value);
  all.run();
  bob->peer_sends("sendall:too late\n");
  all.run();
  caf::anon_send(all.server(), finish_atom::value);
  all.run();
  CHECK(bob->peer_got() == "ok:message sent\n");
  CHECK_FALSE(slow->closed());
  slow->peer_takes(std::string::npos);
  all.advance(std::chrono::seconds{1});
  CHECK(slow->peer_got() == "delivery:a:bob:last words\n");
  CHECK(slow->closed());
  CHECK(bob->closed());
}
