// The sender and the receiver through TLS: docs/tls.md.

#include "tests/clients/common/tls_helpers.hpp"
#include "tests/support/temporary_folder.hpp"

#include <openssl/ssl.h>

using namespace confab::test;

namespace {

constexpr auto requests =
    "slogin:alice\njoin:cafe\nsendall:Hello World!\nleave:bye\njoin:partytime\n"
    "sendall:get me 1 coffee\nquit:bye\n";

/// A receiver that has joined the room cafe through TLS.
struct encrypted_receiver {
  encrypted_receiver() {
    REQUIRE(server.accept());
    server.send("ok:welcome\nok:welcome\n");
    REQUIRE(server.read_until("rlogin:alice\njoin:cafe\n"));
  }

  trusted_server trusted;
  tls_peer server{trusted.context};
  process program{"receiver",
                  {"--tls", "--ca", trusted.file, "localhost", server.port(), "alice", "cafe"}};
};

}  // namespace

TEST_CASE("the documents' sample session of the sender, through TLS") {
  const trusted_server trusted;
  tls_peer server(trusted.context);
  process program("sender", {"localhost", server.port(), "alice", "--tls", "--ca", trusted.file});
  program.write("/join cafe\nHello World!\n/leave\n/join partytime\nget me 1 coffee\n/quit\n");
  REQUIRE(server.accept());
  SECTION("the server replies to each request") {
    for (int reply = 0; reply < 7; ++reply) {
      REQUIRE(server.read_until("\n"));
      server.send("ok:done\n");
    }
  }
  SECTION("like the course's script: the replies are sent at once, and the server's side ends") {
    server.end_sending("ok:1\nok:2\nok:3\nok:4\nok:5\nok:6\nok:7\n");
  }
  CHECK(program.wait() == 0);
  CHECK(program.output().empty());
  CHECK(program.errors().empty());
  CHECK(server.read_to_farewell());
  CHECK(server.received() == requests);
}

TEST_CASE("the input of the sender ends: it says farewell, exit 0") {
  const trusted_server trusted;
  tls_peer server(trusted.context);
  process program("sender", {"--tls", "--ca", trusted.file, "127.0.0.1", server.port(), "bob"});
  program.write("hi\n");
  program.close_input();
  REQUIRE(server.accept());
  server.send("ok:\nok:\n");
  CHECK(server.read_to_farewell());
  CHECK(server.received() == "slogin:bob\nsendall:hi\n");
  CHECK(program.wait() == 0);
}

TEST_CASE("err to a login through TLS: its payload on stderr, exit 1") {
  const trusted_server trusted;
  tls_peer server(trusted.context);
  const std::string name = GENERATE("sender", "receiver");
  process program(name, joined({"--tls", "--ca", trusted.file},
                               arguments_of(name, "localhost", server.port())));
  REQUIRE(server.accept());
  server.send("err:did not receive valid login message\n");
  CHECK(program.wait() == 1);
  CHECK(program.output().empty());
  CHECK(program.errors() == "did not receive valid login message\n");
  CHECK(server.read_to_farewell());
}

TEST_CASE("the receiver prints what comes through TLS, until the server closes") {
  encrypted_receiver dialogue;
  dialogue.server.send("delivery:cafe:bob:hi alice\ndelivery:cafe:bob:c");
  REQUIRE(dialogue.program.read_until("bob: hi alice\n"));
  dialogue.server.send("ookies?\n");
  REQUIRE(dialogue.program.read_until("bob: cookies?\n"));
  dialogue.server.send("delivery:cafe:bob:bye\n");
  end_sending_or_close(dialogue.server);
  CHECK(dialogue.program.wait() == 1);
  CHECK(dialogue.program.output() == "bob: hi alice\nbob: cookies?\nbob: bye\n");
  CHECK(dialogue.program.errors() == "the server closed the connection\n");
}

TEST_CASE("a connection that is cut without a farewell is told apart from one that is closed") {
  encrypted_receiver dialogue;
  dialogue.server.send("delivery:cafe:bob:bye\n");
  dialogue.server.cut();
  CHECK(dialogue.program.wait() == 1);
  CHECK(dialogue.program.output() == "bob: bye\n");
  CHECK(dialogue.program.errors() ==
        "lost the connection to the server: it ended without the farewell of TLS\n");
}

TEST_CASE("a hundred thousand deliveries through TLS arrive whole and in order") {
  encrypted_receiver dialogue;
  check_a_hundred_thousand_deliveries(dialogue);
}

TEST_CASE("what the server says together with the end of the handshake is not overlooked") {
  const trusted_server trusted;
  const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  ::SSL_CTX_set_max_proto_version(trusted.context->native(), version);
  tls_peer server(trusted.context, "ok:\nok:\ndelivery:cafe:bob:hi\n");
  process program("receiver",
                  {"--tls", "--ca", trusted.file, "localhost", server.port(), "alice", "cafe"});
  REQUIRE(server.accept());
  CHECK(program.read_until("bob: hi\n"));
}

TEST_CASE("without --ca those are trusted whom the system trusts") {
  const temporary_folder folder;
  const auto authority = make_identity({.name = "An authority", .is_authority = true});
  const auto file = folder.write("roots.crt", pem_of(authority.certificate));
  tls_peer server(server_with(make_identity({}, &authority)));
  process_options options;
  options.environment = {"SSL_CERT_FILE=" + file};
  process program("receiver", {"--tls", "localhost", server.port(), "alice", "cafe"}, options);
  REQUIRE(server.accept());
  CHECK(server.read_until("rlogin:alice\n"));
}
