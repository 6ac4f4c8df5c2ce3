// The receiver against a scripted server: docs/dialects/tagged.md; the course documents' sample.

#include "tests/clients/common/helpers.hpp"

#include <signal.h>

using namespace confab::test;

TEST_CASE("the documents' sample session of the receiver") {
  scripted_peer server;
  process program("receiver", {"127.0.0.1", server.port(), "alice", "partytime"});
  REQUIRE(server.accept());
  // Like the course's script: the server's lines are sent whether or not they are asked for.
  server.send("ok:welcome\nok:welcome\ndelivery:partytime:bob:hi alice\n");
  server.send("delivery:partytime:robert_de_bobert:I have the cookies.\n");
  server.send("delivery:partytime:bob:cookies?\n");
  REQUIRE(program.read_until("cookies?\n"));
  CHECK(program.output() ==
        "bob: hi alice\nrobert_de_bobert: I have the cookies.\nbob: cookies?\n");
  CHECK(program.errors().empty());
  program.signal(SIGINT);
  CHECK(program.wait() == 128 + SIGINT);
  REQUIRE(server.read_to_end());
  CHECK(server.received() == "rlogin:alice\njoin:partytime\n");
}

TEST_CASE("the join is sent after the reply to the login") {
  scripted_peer server;
  process program("receiver", {"127.0.0.1", server.port(), "alice", "cafe"});
  REQUIRE(server.accept());
  REQUIRE(server.read_until("rlogin:alice\n"));
  CHECK_FALSE(server.read_until("join", std::chrono::milliseconds(50)));
  server.send("ok:logged in as alice\n");
  CHECK(server.read_until("join:cafe\n"));
}

TEST_CASE("each line is flushed as it comes, in any split of the bytes") {
  receiver_dialogue dialogue;
  dialogue.server.send("delivery:cafe:bob:one\r\ndelivery:cafe:b");
  REQUIRE(dialogue.program.read_until("bob: one\n"));
  dialogue.server.send("ob:tw");
  dialogue.server.send("o\nde");
  REQUIRE(dialogue.program.read_until("bob: two\n"));
  for (const char each : std::string("livery:cafe:eve:a:b\r\n"))
    dialogue.server.send({&each, 1});
  REQUIRE(dialogue.program.read_until("eve: a:b\n"));
  CHECK(dialogue.program.output() == "bob: one\nbob: two\neve: a:b\n");
}

TEST_CASE("deliveries that arrive joined with the reply to the join are printed") {
  scripted_peer server;
  process program("receiver", {"127.0.0.1", server.port(), "alice", "cafe"});
  REQUIRE(server.accept());
  REQUIRE(server.read_until("rlogin:alice\n"));
  server.send("ok:logged in as alice\n");
  REQUIRE(server.read_until("join:cafe\n"));
  server.send("ok:welcome\ndelivery:cafe:bob:one\ndelivery:cafe:bob:two\ndelivery:ca");
  REQUIRE(program.read_until("bob: two\n"));
  CHECK(program.output() == "bob: one\nbob: two\n");
}

TEST_CASE("err to the login: its payload on stderr, exit 1") {
  scripted_peer server;
  process program("receiver", {"127.0.0.1", server.port(), "al ice", "cafe"});
  REQUIRE(server.accept());
  server.send("err:did not receive valid login message\n");
  CHECK(program.wait() == 1);
  CHECK(program.output().empty());
  CHECK(program.errors() == "did not receive valid login message\n");
  CHECK(server.read_to_end());
  CHECK(server.received() == "rlogin:al ice\n");
}

TEST_CASE("err to the join: its payload on stderr, exit 1") {
  scripted_peer server;
  process program("receiver", {"127.0.0.1", server.port(), "alice", "c-f"});
  REQUIRE(server.accept());
  server.send("ok:logged in as alice\r\nerr:invalid room name\r\n");
  CHECK(program.wait() == 1);
  CHECK(program.output().empty());
  CHECK(program.errors() == "invalid room name\n");
}

TEST_CASE("a delivery may be longer than MAX_LENGTH, and hold any byte") {
  receiver_dialogue dialogue;
  const std::string text = std::string(246, 'x') + std::string("\0\t\x1B\xff:\r.", 7);
  dialogue.server.send("delivery:cafe:bob:" + text + "\n");
  REQUIRE(dialogue.program.read_until(".\n"));
  CHECK(dialogue.program.output() == "bob: " + text + "\n");
}

TEST_CASE("anything malformed from the server is one line on stderr, and it goes on") {
  receiver_dialogue dialogue;
  for (const char* received : {"", "nonsense", "delivery", "delivery:cafe", "delivery:cafe:bob",
                               "ok:again", "err:something", "sendall:hi"}) {
    dialogue.server.send(std::string(received) + "\n");
    REQUIRE(dialogue.program.read_errors_until("\n"));
    CHECK(is_one_line(dialogue.program.errors().substr(
        dialogue.program.errors().rfind('\n', dialogue.program.errors().size() - 2) + 1)));
  }
  dialogue.server.send("delivery:cafe:bob:still here\n");
  REQUIRE(dialogue.program.read_until("bob: still here\n"));
  const auto& errors = dialogue.program.errors();
  CHECK(std::count(errors.begin(), errors.end(), '\n') == 8);
}

TEST_CASE("a line of unbounded length is dropped in bounded memory, with one line on stderr") {
  receiver_dialogue dialogue;
  const std::string megabyte(1 << 20, 'x');
  dialogue.server.send("delivery:cafe:bob:");
  for (int count = 0; count < 64; ++count)
    dialogue.server.send(megabyte);
  dialogue.server.send("\ndelivery:cafe:bob:after\n");
  REQUIRE(dialogue.program.read_until("\n"));
  CHECK(dialogue.program.output() == "bob: after\n");
  CHECK(is_one_line(dialogue.program.errors()));
}

TEST_CASE("the server closes: what it sent is printed, then one line on stderr, exit 1") {
  receiver_dialogue dialogue;
  dialogue.server.send("delivery:cafe:bob:bye\ndelivery:cafe:bob:unfini");
  end_sending_or_close(dialogue.server);
  CHECK(dialogue.program.wait() == 1);
  CHECK(dialogue.program.output() == "bob: bye\n");
  CHECK(dialogue.program.errors() == "the server closed the connection\n");
}

TEST_CASE("the server closes before it replies: one line on stderr, exit 1") {
  scripted_peer server;
  process program("receiver", {"127.0.0.1", server.port(), "alice", "cafe"});
  REQUIRE(server.accept());
  close_or_reset(server);
  CHECK(program.wait() == 1);
  CHECK(is_one_line(program.errors()));
}

TEST_CASE("when nobody reads its output it ends with one line on stderr, exit 1, no signal") {
  receiver_dialogue dialogue;
  SECTION("while it waits") {
    dialogue.program.close_output();
  }
  SECTION("while it prints") {
    std::string deliveries;
    for (int count = 0; count < 100'000; ++count)
      deliveries += "delivery:cafe:bob:hi\n";
    dialogue.server.send(deliveries.substr(0, deliveries.size() / 2));
    dialogue.program.close_output();
  }
  CHECK(dialogue.program.wait() == 1);
  CAPTURE(dialogue.program.errors());
  CHECK(is_one_line(dialogue.program.errors()));
}

TEST_CASE("a hundred thousand deliveries at once arrive whole and in order") {
  receiver_dialogue dialogue;
  check_a_hundred_thousand_deliveries(dialogue);
}
