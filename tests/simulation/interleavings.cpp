// Every order, as far as a bound allows, in which the actors of a whole server deal with two things
// that IRC clients want at once.

#include "tests/support/interleavings.hpp"

#include "io/dialects/irc/irc.hpp"
#include "io/dialects/tagged/tagged.hpp"
#include "tests/simulation/server.hpp"
#include "tests/support/catch.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace confab;
using confab::test::for_each_interleaving;

constexpr std::size_t runs_max = 1500;

simulation::server_parts parts() {
  irc::settings chosen;
  chosen.server_name = "srv.example";
  chosen.now_ms = &simulation::simulated_time_ms;
  simulation::server_parts result;
  result.dialects = {irc::make_dialect(chosen), irc::make_dialect(chosen),
                     tagged::make_dialect(tagged::edition::fall2023)};
  for (std::size_t i = 0; i < result.dialects.size(); ++i)
    result.memories.push_back(std::make_shared<output_memory>());
  result.gateways.input_lines = {1'000'000, 1'000'000};
  return result;
}

/// A server with two gateways of IRC and one of tagged.
class world {
 public:
  using chooser = std::function<std::size_t(std::size_t)>;

  /// A client behind a gateway has said this, and all has come of it that can.
  std::size_t connect(std::size_t gateway, std::string_view bytes) {
    wires_.push_back(server_.connect(gateway));
    run();
    send(wires_.size() - 1, bytes);
    run();
    return wires_.size() - 1;
  }

  std::size_t connect_irc(std::size_t gateway, const std::string& nick) {
    return connect(gateway, "NICK " + nick + "\r\nUSER u 0 * :r\r\n");
  }

  /// The same, and then it has said these lines.
  std::size_t connect_irc(std::size_t gateway, const std::string& nick, std::string_view lines) {
    const auto client = connect_irc(gateway, nick);
    send(client, lines);
    run();
    return client;
  }

  /// The bytes have come; nobody has dealt with them.
  void send(std::size_t client, std::string_view bytes) {
    wires_[client]->peer_sends(bytes);
    wires_[client]->step();
  }

  void run(const chooser& choose = [](std::size_t) -> std::size_t { return 0; }) {
    for (bool more = true; more;) {
      while (server_.loop().waiting() > 0)
        server_.loop().run_actor(choose(server_.loop().waiting()), 1);
      more = false;
      for (const auto& wire : wires_)
        more |= wire->step();
    }
  }

  /// All that the client has been told since it was asked last.
  std::string heard(std::size_t client) { return wires_[client]->peer_got(); }

  void forget_all() {
    for (const auto& wire : wires_)
      wire->peer_got();
  }

 private:
  simulation::server server_{parts()};
  std::vector<test::simulated_link_ptr> wires_;
};

std::size_t count(std::string_view text, std::string_view piece) {
  std::size_t result = 0;
  for (auto at = text.find(piece); at != std::string_view::npos; at = text.find(piece, at + 1))
    ++result;
  return result;
}

}  // namespace

TEST_CASE("in every interleaving one of two who claim a nick at once gets it") {
  const auto runs = for_each_interleaving(
      [](const auto& choose) {
        world all;
        const auto one = all.connect(0, "USER u 0 * :r\r\n");
        const auto other = all.connect(1, "USER u 0 * :r\r\n");
        all.send(one, "NICK nick\r\n");
        all.send(other, "NICK Nick\r\n");
        all.run(choose);
        const auto all_heard = all.heard(one) + all.heard(other);
        REQUIRE(count(all_heard, " 001 ") == 1);
        REQUIRE(count(all_heard, " 433 ") == 1);
      },
      runs_max);
  CHECK(runs > 10);
}

TEST_CASE("in every interleaving a text against a kick is heard by all or refused") {
  const auto runs = for_each_interleaving(
      [](const auto& choose) {
        world all;
        const auto ruler = all.connect_irc(0, "ruler", "JOIN #cafe\r\n");
        const auto speaker = all.connect_irc(1, "speaker", "JOIN #cafe\r\n");
        all.forget_all();
        all.send(ruler, "KICK #cafe speaker\r\n");
        all.send(speaker, "PRIVMSG #cafe :hello\r\nPING 1\r\n");
        all.run(choose);
        const auto told = all.heard(ruler);
        const auto answered = all.heard(speaker);
        REQUIRE(count(told, "KICK #cafe speaker") == 1);
        REQUIRE(count(answered, "KICK #cafe speaker") == 1);
        REQUIRE(count(told, "PRIVMSG #cafe :hello") + count(answered, " 404 ") == 1);
        REQUIRE(count(answered, "PONG") == 1);
        // Nothing of the author comes behind its kick.
        if (count(told, "hello") == 1)
          REQUIRE(told.find("hello") < told.find("KICK"));
      },
      runs_max);
  CHECK(runs > 10);
}

TEST_CASE("in every interleaving a private text against a quit comes or is answered by 401") {
  const auto runs = for_each_interleaving(
      [](const auto& choose) {
        world all;
        const auto leaver = all.connect_irc(0, "leaver");
        const auto speaker = all.connect_irc(1, "speaker");
        all.forget_all();
        all.send(leaver, "QUIT\r\n");
        all.send(speaker, "PRIVMSG leaver :hello\r\nPING 1\r\n");
        all.run(choose);
        const auto told = all.heard(leaver);
        const auto answered = all.heard(speaker);
        REQUIRE(count(told, "ERROR") == 1);
        REQUIRE(count(answered, "PONG") == 1);
        REQUIRE(count(told, "hello") + count(answered, " 401 ") == 1);
        if (count(told, "hello") == 1)
          REQUIRE(told.find("hello") < told.find("ERROR"));
      },
      runs_max);
  CHECK(runs > 10);
}

TEST_CASE(
    "in every interleaving a receiver that asks for a closed room hears the one where it is") {
  const auto runs = for_each_interleaving(
      [](const auto& choose) {
        world all;
        const auto ruler = all.connect_irc(0, "ruler", "JOIN #closed,#open\r\nMODE #closed +i\r\n");
        const auto mover = all.connect(2, "rlogin:mover\njoin:open\n");
        all.forget_all();
        all.send(mover, "join:closed\n");
        all.send(ruler, "PRIVMSG #open :hello\r\nPING 1\r\n");
        all.run(choose);
        const auto heard = all.heard(mover);
        // A receiver can ask for no other room, so nothing happens to it.
        REQUIRE(count(heard, "delivery:open:ruler:hello\n") == 1);
        REQUIRE(count(all.heard(ruler), "mover/tagged") == 0);
      },
      runs_max);
  CHECK(runs > 1);
}

TEST_CASE("in every interleaving a speaker who may not come in goes on in the old room") {
  const auto runs = for_each_interleaving(
      [](const auto& choose) {
        world all;
        const auto ruler = all.connect_irc(0, "ruler", "JOIN #closed,#open\r\n");
        const auto mover = all.connect(2, "slogin:mover\njoin:open\n");
        all.forget_all();
        all.send(ruler, "MODE #closed +i\r\nPING 1\r\n");
        all.send(mover, "join:closed\nsendall:hello\n");
        all.run(choose);
        const auto answered = all.heard(mover);
        const auto told = all.heard(ruler);
        const bool refused = count(answered, "err:not allowed in this room\n") == 1;
        REQUIRE(count(answered, "ok:joined room closed\n") == (refused ? 0 : 1));
        REQUIRE(count(answered, "ok:message sent\n") == 1);
        REQUIRE(count(told, refused ? "PRIVMSG #open :hello" : "PRIVMSG #closed :hello") == 1);
        REQUIRE(count(told, "PART #open") == (refused ? 0 : 1));
        REQUIRE(count(told, "PONG") == 1);
      },
      runs_max);
  CHECK(runs > 10);
}

TEST_CASE("in every interleaving a text against a ban is heard or refused in its own protocol") {
  const auto runs = for_each_interleaving(
      [](const auto& choose) {
        world all;
        const auto ruler = all.connect_irc(0, "ruler", "JOIN #cafe\r\n");
        const auto speaker = all.connect(2, "slogin:speaker\njoin:cafe\n");
        all.forget_all();
        all.send(ruler, "MODE #cafe +b speaker/*!*@*\r\nPING 1\r\n");
        all.send(speaker, "sendall:hello\n");
        all.run(choose);
        const auto told = all.heard(ruler);
        const auto answered = all.heard(speaker);
        REQUIRE(count(told, "MODE #cafe +b") == 1);
        REQUIRE(count(told, "PONG") == 1);
        const auto came = count(told, "PRIVMSG #cafe :hello");
        REQUIRE(came + count(answered, "err:not allowed to speak\n") == 1);
        REQUIRE(came == count(answered, "ok:message sent\n"));
        if (came == 1)
          REQUIRE(told.find("hello") < told.find("MODE #cafe +b"));
      },
      runs_max);
  CHECK(runs > 10);
}

TEST_CASE("in every interleaving texts beside a CTCP are heard, whether or not that is refused") {
  const auto runs = for_each_interleaving(
      [](const auto& choose) {
        world all;
        const auto ruler = all.connect_irc(0, "ruler", "JOIN #cafe\r\n");
        const auto speaker =
            all.connect_irc(1, "speaker", "JOIN #cafe\r\nPRIVMSG #cafe :before\r\n");
        all.forget_all();
        all.send(ruler, "MODE #cafe +C\r\nPING 1\r\n");
        all.send(speaker,
                 "PRIVMSG #cafe :one\r\nPRIVMSG #cafe :\x01VERSION\x01\r\n"
                 "PRIVMSG #cafe :two\r\nPING 1\r\n");
        all.run(choose);
        const auto told = all.heard(ruler);
        const auto answered = all.heard(speaker);
        REQUIRE(count(told, "PRIVMSG #cafe :one") == 1);
        REQUIRE(count(told, "PRIVMSG #cafe :two") == 1);
        REQUIRE(count(told, "VERSION") + count(answered, " 404 ") == 1);
        REQUIRE(count(answered, "PONG") == 1);
        if (count(told, "VERSION") == 1)
          REQUIRE(told.find("VERSION") < told.find("MODE #cafe +C"));
      },
      runs_max);
  CHECK(runs > 10);
}

TEST_CASE("in every interleaving a refused invitation is not listed, and an accepted one is") {
  const auto runs = for_each_interleaving(
      [](const auto& choose) {
        world all;
        const auto ruler = all.connect_irc(0, "ruler", "JOIN #cafe\r\n");
        const auto member = all.connect_irc(1, "member", "JOIN #cafe\r\n");
        const auto friend_ = all.connect_irc(0, "friend");
        all.forget_all();
        all.send(ruler, "MODE #cafe +i\r\nPING 1\r\n");
        all.send(member, "INVITE friend #cafe\r\nPING 1\r\n");
        all.run(choose);
        const auto answered = all.heard(member);
        REQUIRE(count(answered, " 341 ") + count(answered, " 482 ") == 1);
        all.send(friend_, "INVITE\r\n");
        all.run();
        const auto told = all.heard(friend_);
        REQUIRE(count(told, "INVITE friend") == count(answered, " 341 "));
        REQUIRE(count(told, " 336 ") == count(answered, " 341 "));
      },
      runs_max);
  CHECK(runs > 10);
}
