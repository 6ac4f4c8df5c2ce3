// ii: a folder for each conversation, with a named pipe to speak and a file of what was heard.

#include "tests/real_clients/ii_client.hpp"
#include "tests/real_clients/irc_friend.hpp"
#include "tests/real_clients/irc_server.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace confab::test;

namespace {

bool without_ii() {
  return skipped_without({"ii", "setpriv"});
}

}  // namespace

TEST_CASE("ii joins a channel, is heard there and hears the others") {
  if (without_ii())
    return;
  const irc_server server;
  const temporary_folder folder;
  irc_friend bob{server.port(), "bob", "#cafe"};
  const ii_client ian{folder, "ian", server.port()};
  ian.join("#cafe");
  bob.read_until({":ian!", " JOIN ", "#cafe"});
  const auto cafe = ian.talk("#cafe");
  cafe.enter("hello, bob");
  CHECK(bob.read_until({":ian!", "PRIVMSG"}).ends_with(" PRIVMSG #cafe :hello, bob"));
  bob.send("PRIVMSG #cafe :hello, ian \xe2\x98\x95");
  cafe.wait_for("<bob> hello, ian \xe2\x98\x95");
  bob.send("MODE #cafe +o ian");
  cafe.wait_for("bob changed mode/#cafe -> +o");
  cafe.enter("/t fresh coffee");
  bob.read_until({":ian!", " TOPIC #cafe :fresh coffee"});
}

TEST_CASE("ii makes a folder for a person who writes, and answers there") {
  if (without_ii())
    return;
  const irc_server server;
  const temporary_folder folder;
  irc_friend bob{server.port(), "bob", {}};
  const ii_client ian{folder, "ian", server.port()};
  bob.send("PRIVMSG ian :psst");
  ian.talk("bob").wait_for("<bob> psst");
  ian.talk("bob").enter("what is it?");
  bob.read_until({":ian!", " PRIVMSG bob :what is it?"});
}
