// Certificates that the clients refuse, and servers without TLS: docs/tls.md.

#include "tests/clients/common/tls_helpers.hpp"

using namespace confab::test;

namespace {

/// A call with --tls that has to fail: what it says on stderr.
std::string refusal(const confab::tls_context_ptr& context, const std::string& host,
                    const std::vector<std::string>& options) {
  tls_peer server(context);
  process program("receiver", joined(options, arguments_of("receiver", host, server.port())));
  CHECK_FALSE(server.accept());
  CHECK(program.wait() == 1);
  CHECK(program.output().empty());
  CHECK(server.received().empty());
  return program.errors();
}

}  // namespace

TEST_CASE("a certificate that is signed by itself is refused by each program, with what to do") {
  const std::string name = GENERATE("sender", "receiver", "client", "oneroom_client");
  const trusted_server trusted;
  tls_peer server(trusted.context);
  process program(name, joined({"--tls"}, arguments_of(name, "localhost", server.port())));
  CHECK_FALSE(server.accept());
  CHECK(program.wait() == 1);
  CHECK(program.output() ==
        (name == "client" ? "Unable to connect to localhost:" + server.port() + "\n" : ""));
  CHECK(program.errors() ==
        name + ": the certificate of localhost is signed by itself; trust it with --ca FILE\n");
}

TEST_CASE("a certificate that is signed by itself and not in the file of --ca is refused") {
  const trusted_server asked;
  const trusted_server other;
  CHECK(refusal(asked.context, "localhost", {"--tls", "--ca", other.file}) ==
        "receiver: the certificate of localhost is signed by itself and not in " + other.file +
            "; trust it with --ca and its own file\n");
}

TEST_CASE("a certificate by an unknown authority is refused, with what to do") {
  const auto authority = make_identity({.name = "An authority", .is_authority = true});
  const auto context = server_with(make_identity({}, &authority));
  CHECK(refusal(context, "localhost", {"--tls"}) ==
        "receiver: the certificate of localhost was signed by an authority that is not known here; "
        "trust that with --ca FILE\n");
  const trusted_server other;
  CHECK(refusal(context, "localhost", {"--tls", "--ca", other.file}) ==
        "receiver: the certificate of localhost was signed by an authority that is not in " +
            other.file + "; trust that with --ca and its file\n");
}

TEST_CASE("an expired certificate is refused, though it is trusted") {
  const trusted_server trusted({.from_days = -30, .to_days = -1});
  CHECK(refusal(trusted.context, "localhost", {"--tls", "--ca", trusted.file}) ==
        "receiver: the certificate of localhost has expired; ask for a new one, or check the clock "
        "of this machine\n");
}

TEST_CASE("a certificate that is not valid yet is refused, though it is trusted") {
  const trusted_server trusted({.from_days = 1, .to_days = 30});
  CHECK(refusal(trusted.context, "localhost", {"--tls", "--ca", trusted.file}) ==
        "receiver: the certificate of localhost is not valid yet; check the clock of this "
        "machine\n");
}

TEST_CASE("a certificate must be for the name or address that the user typed") {
  const auto wrong = [](const std::string& alternatives, const std::string& host) {
    const trusted_server trusted({.name = "chat.example.org", .alternatives = alternatives});
    CHECK(refusal(trusted.context, host, {"--tls", "--ca", trusted.file}) ==
          "receiver: the certificate of " + host +
              " is for another host; give the name that it was made for\n");
  };
  wrong("DNS:chat.example.org", "localhost");
  wrong("DNS:localhost", "127.0.0.1");
  wrong("IP:127.0.0.1", "localhost");
  wrong("DNS:localhost,IP:127.0.0.2", "127.0.0.1");
}

TEST_CASE("a plain server behind --tls: one clear line, exit 1") {
  const std::string name = GENERATE("sender", "receiver", "client", "oneroom_client");
  scripted_peer server;
  process program(name, joined({"--tls"}, arguments_of(name, "127.0.0.1", server.port())));
  REQUIRE(server.accept());
  REQUIRE(server.read_until("\x16\x03"));
  server.send("err:invalid message tag\n");
  CHECK(program.wait() == 1);
  CHECK(program.errors() == name + ": 127.0.0.1:" + server.port() +
                                " does not speak TLS; leave --tls out, or give an encrypted "
                                "port\n");
}

TEST_CASE("a server that closes in the middle of the handshake: one clear line, exit 1") {
  const std::string name = GENERATE("sender", "receiver", "client", "oneroom_client");
  scripted_peer server;
  process program(name, joined({"--tls"}, arguments_of(name, "127.0.0.1", server.port())));
  REQUIRE(server.accept());
  REQUIRE(server.read_until("\x16\x03"));
  server.send(std::string_view("\x16\x03\x03\x00\x7A\x02", 6));
  server.end_sending();
  CHECK(program.wait() == 1);
  CHECK(program.errors() == name + ": 127.0.0.1:" + server.port() +
                                " closed the connection within the TLS handshake; is it an "
                                "encrypted port?\n");
}

TEST_CASE("with --tls a refused connection is told as without") {
  const refusing_port nobody;
  process program("sender", {"--tls", "127.0.0.1", nobody.port(), "bob"});
  CHECK(program.wait() == 1);
  CHECK(program.errors() ==
        "cannot connect to 127.0.0.1:" + nobody.port() + ": Connection refused\n");
}
