// The sender against a scripted server: docs/dialects/tagged.md; the course documents' sample.

#include "tests/clients/common/helpers.hpp"

using namespace confab::test;

TEST_CASE("the documents' sample session of the sender") {
  scripted_peer server;
  process program("sender", {"127.0.0.1", server.port(), "alice"});
  REQUIRE(server.accept());
  program.write("/join cafe\nHello World!\n/leave\n/join partytime\nget me 1 coffee\n/quit\n");
  SECTION("the server replies to each request") {
    for (int reply = 0; reply < 7; ++reply) {
      REQUIRE(server.read_until("\n"));
      server.send("ok:done\n");
    }
  }
  SECTION("like the course's script: the replies are sent at once, and the server's side ends") {
    server.send("ok:1\nok:2\nok:3\nok:4\nok:5\nok:6\nok:7\n");
    server.end_sending();
  }
  CHECK(program.wait() == 0);
  CHECK(program.output().empty());
  CHECK(program.errors().empty());
  REQUIRE(server.read_to_end());
  CHECK(server.received() ==
        "slogin:alice\njoin:cafe\nsendall:Hello World!\nleave:bye\njoin:partytime\n"
        "sendall:get me 1 coffee\nquit:bye\n");
}

TEST_CASE("it waits for the reply of each request before it sends the next") {
  sender_dialogue dialogue;
  dialogue.program.write("/join cafe\nhi\n");
  REQUIRE(dialogue.server.read_until("join:cafe\n"));
  CHECK_FALSE(dialogue.server.read_until("sendall", std::chrono::milliseconds(50)));
  dialogue.server.send("o");
  dialogue.server.send("k:joined room cafe\r");
  CHECK_FALSE(dialogue.server.read_until("sendall", std::chrono::milliseconds(50)));
  dialogue.server.send("\n");
  CHECK(dialogue.server.read_until("sendall:hi\n"));
}

TEST_CASE("err to the login: its payload alone as one line on stderr, exit 1") {
  scripted_peer server;
  process program("sender", {"127.0.0.1", server.port(), "b b"});
  program.write("hi\n");
  REQUIRE(server.accept());
  server.send("err:did not receive valid login message\n");
  CHECK(program.wait() == 1);
  CHECK(program.output().empty());
  CHECK(program.errors() == "did not receive valid login message\n");
  CHECK(server.read_to_end());
  CHECK(server.received() == "slogin:b b\n");
}

TEST_CASE("a later err: its payload on stderr, and it goes on") {
  sender_dialogue dialogue;
  dialogue.program.write("hi\n/leave\n/quit\n");
  dialogue.expect("sendall:hi\n", "err:not in a room\n");
  dialogue.expect("leave:bye\n", "err:not: in a room\r\n");
  dialogue.expect("quit:bye\n", "ok:bye!\n");
  CHECK(dialogue.program.wait() == 0);
  CHECK(dialogue.program.output().empty());
  CHECK(dialogue.program.errors() == "not in a room\nnot: in a room\n");
}

TEST_CASE("err to quit: its payload on stderr, exit 0") {
  sender_dialogue dialogue;
  dialogue.program.write("/quit\n");
  dialogue.expect("quit:bye\n", "err:you may not\n");
  CHECK(dialogue.program.wait() == 0);
  CHECK(dialogue.program.errors() == "you may not\n");
}

TEST_CASE("/quit waits for the reply, when the connection is lost instead, exit 1") {
  sender_dialogue dialogue;
  dialogue.program.write("/quit\n");
  REQUIRE(dialogue.server.read_until("quit:bye\n"));
  CHECK_FALSE(dialogue.program.wait(std::chrono::milliseconds(50)));
  dialogue.server.close();
  CHECK(dialogue.program.wait() == 1);
  CHECK(dialogue.program.errors() == "the server closed the connection\n");
}

TEST_CASE("end of input without /quit: exit 0 after the awaited reply, nothing more is sent") {
  sender_dialogue dialogue;
  dialogue.program.write("hi\n");
  dialogue.program.close_input();
  REQUIRE(dialogue.server.read_until("sendall:hi\n"));
  CHECK_FALSE(dialogue.program.wait(std::chrono::milliseconds(50)));
  const bool refused = GENERATE(false, true);
  dialogue.server.send(refused ? "err:not in a room\n" : "ok:message sent\n");
  CHECK(dialogue.program.wait() == 0);
  CHECK(dialogue.program.errors() == (refused ? "not in a room\n" : ""));
  CHECK(dialogue.server.read_to_end());
  CHECK(dialogue.server.received() == "slogin:bob\nsendall:hi\n");
}

TEST_CASE("a reply that is no ok or err: one line on stderr, exit 1") {
  const std::string reply =
      GENERATE(std::string("\n"), std::string("fine\n"), std::string("delivery:cafe:eve:hi\n"),
               std::string("ok\n"), std::string(100'000, 'x'));
  sender_dialogue dialogue;
  dialogue.program.write("hi\nagain\n");
  dialogue.expect("sendall:hi\n", reply);
  CHECK(dialogue.program.wait() == 1);
  CHECK(is_one_line(dialogue.program.errors()));
  CHECK(dialogue.program.output().empty());
}

TEST_CASE("a lost connection while it waits for a reply: one line on stderr, exit 1") {
  sender_dialogue dialogue;
  dialogue.program.write("hi\n");
  REQUIRE(dialogue.server.read_until("sendall:hi\n"));
  SECTION("closed") {
    dialogue.server.close();
  }
  SECTION("reset") {
    dialogue.server.reset();
  }
  SECTION("closed in the middle of a reply") {
    dialogue.server.send("ok:mess");
    dialogue.server.close();
  }
  CHECK(dialogue.program.wait() == 1);
  CHECK(is_one_line(dialogue.program.errors()));
}

TEST_CASE("the server goes away while it waits for input from a pipe: it says so at once, exit 1") {
  sender_dialogue dialogue;
  dialogue.program.write("/join cafe\n");
  dialogue.expect("join:cafe\n", "ok:joined room cafe\n");
  close_or_reset(dialogue.server);
  CHECK(dialogue.program.wait() == 1);
  CHECK(dialogue.program.output().empty());
  CHECK(is_one_line(dialogue.program.errors()));
}

TEST_CASE("a server that refuses at once is heard: its err, not the broken connection") {
  scripted_peer server;
  process program("sender", {"127.0.0.1", server.port(), "bob"});
  REQUIRE(server.accept());
  server.send("err:too many connections\n");
  server.end_sending();
  CHECK(program.wait() == 1);
  CHECK(program.errors() == "too many connections\n");
}
