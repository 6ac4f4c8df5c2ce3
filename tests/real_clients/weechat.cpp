// WeeChat without a screen: it speaks through its named pipe and hears into its log file.

#include "tests/real_clients/irc_friend.hpp"
#include "tests/real_clients/irc_server.hpp"
#include "tests/real_clients/weechat_client.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace confab::test;

namespace {

bool without_weechat() {
  return skipped_without({"weechat-headless", "setpriv"});
}

/// bob by hand and carol with WeeChat, both in #cafe, where she came second.
struct conversation {
  irc_server server;
  temporary_folder folder;
  irc_friend bob{server.port(), "bob", "#cafe"};
  weechat_client carol{folder, "carol", server.port(), "#cafe"};
};

}  // namespace

TEST_CASE("WeeChat joins its channel by itself, is heard there and hears the others") {
  if (without_weechat())
    return;
  conversation cafe;
  cafe.bob.read_until({":carol!", " JOIN ", "#cafe"});
  cafe.carol.enter("hello, bob");
  CHECK(cafe.bob.read_until({":carol!", "PRIVMSG"}).ends_with(" PRIVMSG #cafe :hello, bob"));
  cafe.bob.send("PRIVMSG #cafe :hello, carol \xe2\x98\x95");
  cafe.carol.wait_for_text("@bob", "hello, carol \xe2\x98\x95");
  cafe.carol.enter("/me waves");
  CHECK(cafe.bob.read_until({":carol!", "PRIVMSG"})
            .ends_with(" :\x01"
                       "ACTION waves\x01"));
  cafe.bob.send(
      "PRIVMSG #cafe :\x01"
      "ACTION nods\x01");
  cafe.carol.wait_for_text(" *", "bob nods");
}

TEST_CASE("WeeChat shows who comes, goes and changes the topic") {
  if (without_weechat())
    return;
  conversation cafe;
  irc_friend dave{cafe.server.port(), "dave", "#cafe"};
  cafe.carol.wait_for("dave");
  cafe.bob.send("TOPIC #cafe :fresh coffee");
  cafe.carol.wait_for("bob has changed topic for #cafe to \"fresh coffee\"");
  dave.send("NICK david");
  cafe.carol.wait_for("dave is now known as david");
  cafe.bob.send("MODE #cafe +v david");
  cafe.carol.wait_for("Mode #cafe [+v david] by bob");
  dave.send("PRIVMSG #cafe :now I have a voice");
  cafe.carol.wait_for_text("+david", "now I have a voice");
  cafe.bob.send("KICK #cafe david :enough");
  cafe.carol.wait_for("bob has kicked david (enough)");
  cafe.bob.send("QUIT :good night");
  cafe.carol.wait_for("bob");
  cafe.carol.wait_for("good night");
}

TEST_CASE("after a restart of the server WeeChat comes back by itself into its channel") {
  if (without_weechat())
    return;
  irc_server server;
  const temporary_folder folder;
  const weechat_client carol{folder, "carol", server.port(), "#cafe"};
  server.stop();
  server.start();
  irc_friend bob{server.port(), "bob", "#cafe"};
  bob.wait_for_member("#cafe", "carol");
  bob.send("PRIVMSG #cafe :welcome back");
  carol.wait_for("\twelcome back");
  carol.enter("thank you");
  bob.read_until({":carol!", " PRIVMSG #cafe :thank you"});
}
