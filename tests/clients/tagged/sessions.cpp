// The clients' sides of the protocol without I/O: docs/dialects/tagged.md.

#include "apps/clients/tagged/receiver_session.hpp"
#include "apps/clients/tagged/sender_session.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace confab::client;

namespace {

sender_session logged_in() {
  sender_session session;
  CHECK(session.start("bob").request == "slogin:bob\n");
  const auto step = session.on_reply({"ok:logged in as bob", false});
  CHECK_FALSE(step.complaint);
  CHECK_FALSE(step.exit_code);
  return session;
}

receiver_session joined() {
  receiver_session session("alice", "cafe");
  CHECK(session.start().request == "rlogin:alice\n");
  CHECK(session.on_line({"ok:logged in as alice", false}).request == "join:cafe\n");
  CHECK_FALSE(session.on_line({"ok:welcome", false}).complaint);
  return session;
}

}  // namespace

TEST_CASE("each line of a sender's input is one request, trimmed of blanks") {
  struct row {
    std::string input;
    std::string request;
  };
  const auto each = GENERATE(
      row{"hi", "sendall:hi\n"}, row{" \t hi  there \r", "sendall:hi  there\n"},
      row{"/join cafe", "join:cafe\n"}, row{"/join   cafe", "join:cafe\n"},
      row{"  /join\tcafe ", "join:cafe\n"}, row{"/join two words", "join:two words\n"},
      row{"/leave", "leave:bye\n"}, row{" /leave ", "leave:bye\n"}, row{"/quit", "quit:bye\n"},
      row{"say /quit", "sendall:say /quit\n"}, row{"a:b", "sendall:a:b\n"},
      row{std::string("a\0b", 3), std::string("sendall:a\0b\n", 12)});
  auto session = logged_in();
  const auto step = session.on_input({each.input, false});
  CHECK(step.request == each.request);
  CHECK_FALSE(step.complaint);
  CHECK(session.awaits_reply());
}

TEST_CASE("blank lines are skipped") {
  auto session = logged_in();
  for (const char* input : {"", " ", "\t \r", "\v\f"}) {
    const auto step = session.on_input({input, false});
    CHECK_FALSE(step.request);
    CHECK_FALSE(step.complaint);
    CHECK_FALSE(session.awaits_reply());
  }
}

TEST_CASE("what cannot be requested is one complaint, and nothing is sent") {
  const std::string input =
      GENERATE(std::string("/join"), std::string("/join  "), std::string("/joincafe"),
               std::string("/"), std::string("/JOIN cafe"), std::string("/nick bob"),
               std::string(247, 'x'), "/join " + std::string(250, 'x'));
  auto session = logged_in();
  const auto step = session.on_input({input, false});
  CHECK_FALSE(step.request);
  CHECK(step.complaint);
  CHECK_FALSE(step.exit_code);
  CHECK_FALSE(session.awaits_reply());
}

TEST_CASE("the end of a script ends the sender, a person's end of input quits") {
  auto session = logged_in();
  const auto scripted = session.on_end_of_input(false);
  CHECK(scripted.exit_code == 0);
  CHECK_FALSE(scripted.request);
  const auto typed = session.on_end_of_input(true);
  CHECK(typed.request == "quit:bye\n");
  CHECK_FALSE(typed.exit_code);
}

TEST_CASE("an err reply's payload alone is the complaint, it ends the sender after a login only") {
  sender_session session;
  (void)session.start("b b");
  auto step = session.on_reply({"err:no: such name", false});
  CHECK(step.complaint == "no: such name");
  CHECK(step.exit_code == 1);

  session = logged_in();
  (void)session.on_input({"hi", false});
  step = session.on_reply({"err:not in a room", false});
  CHECK(step.complaint == "not in a room");
  CHECK_FALSE(step.exit_code);

  (void)session.on_input({"/quit", false});
  step = session.on_reply({"err:stay", false});
  CHECK(step.complaint == "stay");
  CHECK(step.exit_code == 0);
}

TEST_CASE("a reply that is neither ok nor err ends the sender") {
  const line reply = GENERATE(line{"", false}, line{"ok", false}, line{"OK:x", false},
                              line{" ok:x", false}, line{"delivery:a:b:c", false}, line{"", true});
  auto session = logged_in();
  (void)session.on_input({"hi", false});
  const auto step = session.on_reply(reply);
  CHECK(step.complaint);
  CHECK(step.exit_code == 1);
}

TEST_CASE("a receiver shows the sender's name, a colon, a blank and the text") {
  auto session = joined();
  CHECK(session.on_line({"delivery:cafe:bob:hi", false}).output == "bob: hi");
  CHECK(session.on_line({"delivery:cafe:bob:10:30", false}).output == "bob: 10:30");
  CHECK(session.on_line({"delivery:cafe:bob:", false}).output == "bob: ");
}

TEST_CASE("an err to a receiver's login or join ends it with the payload") {
  receiver_session session("alice", "cafe");
  auto step = session.on_line({"err:bad name", false});
  CHECK(step.complaint == "bad name");
  CHECK(step.exit_code == 1);
  CHECK(session.on_line({"ok:", false}).request == "join:cafe\n");
  step = session.on_line({"err:bad room", false});
  CHECK(step.complaint == "bad room");
  CHECK(step.exit_code == 1);
}

TEST_CASE("a receiver complains about malformed lines, and goes on") {
  const line received = GENERATE(line{"", false}, line{"delivery", false},
                                 line{"delivery:cafe:bob", false}, line{"ok:again", false},
                                 line{"err:later", false}, line{"news:x", false}, line{"", true});
  auto session = joined();
  const auto step = session.on_line(received);
  CHECK(step.complaint);
  CHECK_FALSE(step.output);
  CHECK_FALSE(step.exit_code);
  CHECK(session.on_line({"delivery:cafe:bob:hi", false}).output == "bob: hi");
}
