// One room, six programs of four systems: docs/dialects/README.md. Three of them are not ours.

#include "tests/real_clients/ii_client.hpp"
#include "tests/real_clients/irc_friend.hpp"
#include "tests/real_clients/irc_server.hpp"
#include "tests/real_clients/irssi_client.hpp"
#include "tests/real_clients/weechat_client.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/mixed_server.hpp"

#include <functional>
#include <string>
#include <vector>

using namespace confab::test;

namespace {

/// Whether something is missing: clients, or a server that speaks more than IRC.
bool not_here(std::initializer_list<std::string_view> programs) {
  if (!irc_server::is_foreign())
    return skipped_without(programs);
  WARN("skipped here: the server is not Confab's");
  return true;
}

/// Confab's server for all systems, with the room `cafe` as the oneroom clients' own.
struct cafe_server : mixed_server {
  cafe_server() : mixed_server({"--irc", "0", "--lobby", "cafe"}) {}

  std::uint16_t irc_port() const { return wait_for_port(*this, "irc"); }
};

/// One of our own client programs, on pipes.
struct course_client : process {
  using process::process;

  void enter(const std::string& text) { write(text + "\n"); }
  std::string heard() {
    (void)running();
    return output();
  }
};

/// Somebody who talks.
struct voice {
  std::string name;  ///< That readers of other systems see.
  std::string nick;  ///< That IRC clients see.
  std::function<void(const std::string&)> say;
};

/// Somebody who listens.
struct ear {
  std::string name;
  std::function<std::string()> heard;
  std::function<std::string(const voice&)> before_text;  ///< What stands in front of a text.
  bool sees_own = true;                                  ///< Whether own texts are shown too.
};

/// All programs, and the order in which they enter the room.
struct cafe {
  cafe_server server;
  temporary_folder folder;
  std::string tagged = std::to_string(server.port());
  std::string framed = std::to_string(server.framed_port());
  std::string oneroom = std::to_string(server.oneroom_port());
  course_client rita{"receiver", {"127.0.0.1", tagged, "rita", "cafe"}};
  irc_friend watcher{server.irc_port(), "watcher", "#cafe"};
  irssi_client alice{folder, "alice", server.irc_port()};
  weechat_client carol{folder, "carol", server.irc_port(), "#cafe"};
  ii_client ian{folder, "ian", server.irc_port()};
  course_client bob{"sender", {"127.0.0.1", tagged, "bob"}};
  course_client fay{"client", {"fay", "127.0.0.1", framed}};
  course_client one{"oneroom_client", {"127.0.0.1", oneroom, "one"}};

  cafe() {
    watcher.wait_for_member("#cafe", "rita/tagged");
    alice.join("#cafe");
    ian.join("#cafe");
    bob.enter("/join cafe");
    fay.enter("/join cafe");
    for (const std::string nick :
         {"alice", "carol", "ian", "bob/tagged", "fay/framed", "one/oneroom"})
      watcher.wait_for_member("#cafe", nick);
  }

  std::vector<voice> voices() {
    return {
        {"alice", "alice", [this](const std::string& text) { alice.enter(text); }},
        {"carol", "carol", [this](const std::string& text) { carol.enter(text); }},
        {"ian", "ian", [this](const std::string& text) { ian.talk("#cafe").enter(text); }},
        {"bob", "bob/tagged", [this](const std::string& text) { bob.enter(text); }},
        {"fay", "fay/framed", [this](const std::string& text) { fay.enter(text); }},
        {"one", "one/oneroom", [this](const std::string& text) { one.enter(text); }},
    };
  }

  std::vector<ear> ears() {
    const auto irssi_line = [](const voice& by) { return by.nick + "> "; };
    return {
        {"rita", [this] { return rita.heard(); }, [](const voice& by) { return by.name + ": "; }},
        {"alice", [this] { return alice.screen(); }, irssi_line},
        {"carol", [this] { return carol.heard(); },
         [](const voice& by) { return "\t" + by.nick + "\t"; }},
        {"ian", [this] { return ian.talk("#cafe").heard(); },
         [](const voice& by) { return " <" + by.nick + "> "; }},
        {"fay", [this] { return fay.heard(); },
         [](const voice& by) { return "[" + by.name + "] "; }, false},
        {"one", [this] { return one.heard(); }, [](const voice& by) { return by.name + ":"; }},
    };
  }
};

void wait_until_heard(const ear& by, const std::string& text) {
  poll_until([&] { return by.heard().find(text) != std::string::npos; },
             "'" + text + "' where " + by.name + " listens", by.heard);
}

}  // namespace

TEST_CASE("irssi, WeeChat, ii and the clients of the courses hear each other once, by name") {
  if (not_here({"irssi", "tmux", "weechat-headless", "ii", "setpriv"}))
    return;
  cafe all;
  auto raw_receiver = all.server.receiver("raw", "cafe");
  const auto ears = all.ears();
  const auto text_of = [](const voice& by) { return "it is me, " + by.name + "!"; };
  for (const auto& each : all.voices()) {
    each.say(text_of(each));
    CHECK(raw_receiver.read_line() == "delivery:cafe:" + each.name + ":" + text_of(each));
  }
  all.watcher.send("PRIVMSG #cafe :that is all");
  for (const auto& reader : ears) {
    wait_until_heard(reader, "that is all");
    const auto heard = reader.heard();
    INFO(reader.name << " has heard:\n" << heard);
    for (const auto& author : all.voices()) {
      const auto line = reader.before_text(author) + text_of(author);
      const std::size_t expected = reader.name == author.name && !reader.sees_own ? 0 : 1;
      CAPTURE(line);
      CHECK(occurrences(heard, text_of(author)) == expected);
      CHECK(occurrences(heard, line) == expected);
    }
  }
}

TEST_CASE("irssi shows the clients of the courses in /names and /whois") {
  if (not_here({"irssi", "tmux", "setpriv"}))
    return;
  const cafe_server server;
  const temporary_folder folder;
  const auto tagged = server.sender("bob", "cafe");
  const auto oneroom = server.oneroom("one");
  const auto framed = server.framed("fay", "/join cafe");
  irssi_client alice{folder, "alice", server.irc_port()};
  alice.join("#cafe");
  for (const std::string nick : {"bob/tagged", "one/oneroom", "fay/framed"})
    alice.wait_for("[ " + nick);
  alice.wait_for("#cafe: Total of 4 nicks ");
  alice.enter("/whois bob/tagged");
  alice.show_window(1);
  alice.wait_for("ircname  : bob (tagged)");
  alice.wait_for("channels : #cafe");
}

TEST_CASE("what irssi's operator decides holds for the clients of the courses") {
  if (not_here({"irssi", "tmux", "setpriv"}))
    return;
  const cafe_server server;
  const temporary_folder folder;
  irssi_client alice{folder, "alice", server.irc_port()};
  alice.join("#bar");
  auto bob = server.sender("bob", "bar");
  auto fay = server.framed("fay", "/join bar");
  alice.wait_for("fay/framed [");
  alice.enter("/mode +m");
  alice.wait_for("mode/#bar [+m] by alice");
  CHECK(bob.request("sendall:may I?") == "err:not allowed to speak");
  alice.enter("/voice bob/tagged");
  alice.wait_for("mode/#bar [+v bob/tagged] by alice");
  CHECK(bob.request("sendall:thank you") == "ok:message sent");
  alice.wait_for("+bob/tagged> thank you");
  CHECK(fay.read() == "[bob] thank you");
  alice.enter("/kick fay/framed enough");
  alice.wait_for("fay/framed was kicked from #bar by alice [enough]");
  CHECK(fay.read() == "fay has left");
  CHECK(fay.ask("where am I?") ==
        "Not currently in any channel. Must join a channel before sending messages.");
}
