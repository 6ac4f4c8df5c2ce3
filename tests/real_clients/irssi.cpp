// irssi, as its users use it: by keys, and by what is on the screen.

#include "tests/real_clients/irc_friend.hpp"
#include "tests/real_clients/irc_server.hpp"
#include "tests/real_clients/irssi_client.hpp"
#include "tests/support/catch.hpp"

#include <optional>
#include <string>

using namespace confab::test;

namespace {

bool without_irssi() {
  return skipped_without({"irssi", "tmux", "setpriv"});
}

/// alice with irssi and bob by hand, both in #cafe, where she came first.
struct conversation {
  conversation() {
    alice.join("#cafe");
    bob.emplace(server.port(), "bob", "#cafe");
  }

  irc_server server;
  temporary_folder folder;
  irssi_client alice{folder, "alice", server.port()};
  std::optional<irc_friend> bob;
};

}  // namespace

TEST_CASE("irssi connects, joins a channel, is heard there and hears the others") {
  if (without_irssi())
    return;
  conversation cafe;
  cafe.alice.wait_for("bob [bob@");
  cafe.alice.enter("hello, bob");
  CHECK(cafe.bob->read_until({":alice!", "PRIVMSG"}).ends_with(" PRIVMSG #cafe :hello, bob"));
  cafe.bob->send("PRIVMSG #cafe :hello, alice \xe2\x98\x95");
  cafe.alice.wait_for_text("bob", "hello, alice \xe2\x98\x95");
  cafe.alice.enter("/me waves");
  CHECK(cafe.bob->read_until({":alice!", "PRIVMSG"})
            .ends_with(" :\x01"
                       "ACTION waves\x01"));
  cafe.bob->send(
      "PRIVMSG #cafe :\x01"
      "ACTION nods\x01");
  cafe.alice.wait_for("* bob nods");
}

TEST_CASE("irssi /names shows who is in the channel, the operator with his prefix") {
  if (without_irssi())
    return;
  conversation cafe;
  cafe.alice.wait_for("bob [bob@");
  cafe.alice.enter("/names");
  cafe.alice.wait_for("#cafe: Total of 2 nicks [1 ops, 0 halfops, 0 voices, 1 normal]");
  cafe.alice.wait_for("[@alice] [ bob");
}

TEST_CASE("irssi /msg reaches one person alone, and a query shows the answer") {
  if (without_irssi())
    return;
  conversation cafe;
  cafe.alice.enter("/msg bob psst");
  CHECK(cafe.bob->read_until({":alice!", "psst"}).ends_with(" PRIVMSG bob :psst"));
  cafe.alice.enter("/query bob");
  cafe.bob->send("PRIVMSG alice :what is it?");
  cafe.alice.wait_for_text("bob", "what is it?");
  cafe.alice.enter("/msg nobody psst");
  // Each /msg to somebody new has opened a window: 1 is the server's, 2 the channel's, 3 bob's.
  cafe.alice.show_window(4);
  cafe.alice.wait_for("nobody: No such nick");
}

TEST_CASE("irssi /whois tells the name, the channels and the server of somebody") {
  if (without_irssi())
    return;
  conversation cafe;
  cafe.alice.enter("/whois bob");
  cafe.alice.show_window(1);
  cafe.alice.wait_for("bob [bob@");
  cafe.alice.wait_for("ircname  : The real bob");
  cafe.alice.wait_for("channels : #cafe");
  cafe.alice.wait_for("server   : ");
  cafe.alice.wait_for("End of WHOIS");
}

TEST_CASE("irssi /topic sets the topic and shows it with its author") {
  if (without_irssi())
    return;
  conversation cafe;
  cafe.alice.enter("/topic fresh coffee");
  CHECK(cafe.bob->read_until({":alice!", "TOPIC"}).ends_with(" TOPIC #cafe :fresh coffee"));
  cafe.alice.wait_for("alice changed the topic of #cafe to: fresh coffee");
  cafe.alice.enter("/topic");
  cafe.alice.wait_for("Topic for #cafe: fresh coffee");
  cafe.alice.wait_for("Topic set by alice");
}

TEST_CASE("irssi /nick, /mode, /kick and /part do what they say") {
  if (without_irssi())
    return;
  conversation cafe;
  cafe.alice.enter("/nick alicia");
  CHECK(cafe.bob->read_until({":alice!", "NICK"}).ends_with("alicia"));
  cafe.alice.wait_for("You're now known as alicia");
  cafe.alice.enter("/mode +m");
  cafe.bob->read_until({":alicia!", " MODE #cafe ", "+m"});
  cafe.alice.wait_for("mode/#cafe [+m] by alicia");
  cafe.alice.enter("/ban bob");
  cafe.alice.wait_for("mode/#cafe [+b ");
  cafe.alice.enter("/kick bob enough");
  CHECK(cafe.bob->read_until({":alicia!", " KICK #cafe bob"}).ends_with(" :enough"));
  cafe.alice.wait_for("bob was kicked from #cafe by alicia [enough]");
  cafe.bob->send("JOIN #cafe");
  cafe.bob->read_until({" 474 ", "#cafe"});
  cafe.alice.enter("/unban -last");
  cafe.alice.wait_for("mode/#cafe [-b ");
  cafe.bob->send("JOIN #cafe");
  cafe.bob->read_until({" 366 ", "#cafe"});
  cafe.alice.enter("/part #cafe home");
  CHECK(cafe.bob->read_until({":alicia!", " PART #cafe"}).ends_with("home"));
}

TEST_CASE("irssi /quit tells the others, and ends without waiting") {
  if (without_irssi())
    return;
  conversation cafe;
  cafe.alice.enter("/quit good night");
  cafe.bob->read_until({":alice!", " QUIT ", "good night"});
  cafe.alice.wait_for_end();
}

TEST_CASE("after a restart of the server irssi comes back by itself into its channels") {
  if (without_irssi())
    return;
  irc_server server;
  const temporary_folder folder;
  irssi_client alice{folder, "alice", server.port()};
  alice.join("#cafe");
  server.stop();
  alice.show_window(1);
  alice.wait_for("Unable to connect server 127.0.0.1");
  server.start();
  irc_friend bob{server.port(), "bob", "#cafe"};
  bob.wait_for_member("#cafe", "alice");
  alice.show_window(2);
  bob.send("PRIVMSG #cafe :welcome back");
  alice.wait_for_text("bob", "welcome back");
  alice.enter("thank you");
  bob.read_until({":alice!", " PRIVMSG #cafe :thank you"});
}
