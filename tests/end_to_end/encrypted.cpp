// Encrypted ports as other people's programs see them: docs/tls.md.

#include "tests/support/catch.hpp"
#include "tests/support/certificate_files.hpp"
#include "tests/support/mixed_server.hpp"
#include "tests/support/process.hpp"
#include "tests/support/server_process.hpp"

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

using namespace confab::test;
using namespace std::string_literals;

namespace {

/// A server whose dialects and page have encrypted ports.
class encrypted_server {
 public:
  encrypted_server() {
    files.make("first");
    server.emplace(std::vector<std::string>{"--irc-tls", "0", "--tagged-tls", "0", "--oneroom-tls",
                                            "0", "--framed-tls", "0", "--web-tls", "0",
                                            "--tls-certificate", files.certificate(), "--tls-key",
                                            files.key(), "--admin", "0"});
  }

  std::string at(const std::string& listener) const {
    return "127.0.0.1:" + std::to_string(port(listener));
  }
  std::uint16_t port(const std::string& listener) const { return wait_for_port(*server, listener); }

  certificate_files files;
  std::optional<running_server> server;
};

/// OpenSSL's client, connected; it checks the certificate.
class openssl_client {
 public:
  openssl_client(const encrypted_server& where, const std::string& listener,
                 const std::vector<std::string>& more = {})
      : program_("/usr/bin/openssl", arguments(where, listener, more)) {}

  void send(const std::string& bytes) { program_.write(bytes); }
  bool hears(const std::string& text) { return program_.read_until(text, patience); }
  process& program() { return program_; }

 private:
  static std::vector<std::string> arguments(const encrypted_server& where,
                                            const std::string& listener,
                                            const std::vector<std::string>& more) {
    std::vector<std::string> result{"s_client",
                                    "-connect",
                                    where.at(listener),
                                    "-CAfile",
                                    where.files.certificate(),
                                    "-verify_return_error",
                                    "-nameopt",  // Else OpenSSL 3.0 and 3.5 write names unlike.
                                    "RFC2253"};
    result.insert(result.end(), more.begin(), more.end());
    return result;
  }

  process program_;
};

std::string metric_of(const encrypted_server& where, const std::string& reason) {
  return where.server->metric(
      "confab_listener_openings_ended_total{listener=\"irc-tls\",reason=\"" + reason + "\"}");
}

}  // namespace

TEST_CASE("every dialect can be spoken over TLS, in the same rooms") {
  encrypted_server all;
  openssl_client bob{all, "tagged-tls", {"-quiet"}};
  bob.send("rlogin:bob\njoin:lobby\n");
  REQUIRE(bob.hears("ok:welcome\n"));
  openssl_client olaf{all, "oneroom-tls", {"-quiet"}};
  olaf.send("olaf\nhello\n");
  REQUIRE(olaf.hears("olaf:hello"));
  REQUIRE(bob.hears("delivery:lobby:olaf:hello\n"));
  openssl_client kay{all, "framed-tls", {"-quiet"}};
  kay.send(frames_of({"Kay", "/join lobby", "hi"}));
  REQUIRE(bob.hears("delivery:lobby:Kay:hi\n"));
  openssl_client ida{all, "irc-tls", {"-quiet"}};
  ida.send("NICK ida\r\nUSER ida 0 * :Ida\r\nJOIN #lobby\r\nPRIVMSG #lobby :from irc\r\n");
  REQUIRE(bob.hears("delivery:lobby:ida:from irc\n"));
}

TEST_CASE("TLS 1.2 and 1.3 are spoken, and nothing older") {
  encrypted_server all;
  for (const auto* version : {"-tls1_2", "-tls1_3"}) {
    openssl_client each{all, "irc-tls", {"-quiet", version}};
    each.send("PING x\r\nNICK ida\r\nUSER ida 0 * :Ida\r\n");
    CHECK(each.hears(" 001 ida "));
  }
  for (const auto* version : {"-tls1", "-tls1_1"}) {
    openssl_client each{all, "irc-tls", {version, "-cipher", "ALL:@SECLEVEL=0"}};
    CHECK(each.program().wait(patience) != 0);
  }
  all.server->wait_for_log("not opened: irc-tls connection from 127.0.0.1: ");
}

TEST_CASE("a client of another library and a browser's protocol are served") {
  encrypted_server all;
  process gnutls{"/usr/bin/gnutls-cli",
                 {"--x509cafile=" + all.files.certificate(),
                  "--port=" + std::to_string(all.port("irc-tls")), "--alpn=irc", "localhost"}};
  gnutls.write("NICK gnu\r\nUSER gnu 0 * :Gnu\r\n");
  CHECK(gnutls.read_until(" 001 gnu ", patience));
  process curl{"/usr/bin/curl",
               {"-sS", "-i", "--cacert", all.files.certificate(), "https://" + all.at("web-tls")}};
  CHECK(curl.wait(patience) == 0);
  CHECK(curl.output().find("200 OK") != std::string::npos);
  CHECK(curl.output().find("<html") != std::string::npos);
}

TEST_CASE(
    "whoever speaks in the clear to an encrypted port is told so in the log, and costs nobody") {
  encrypted_server all;
  client plain{all.port("irc-tls")};
  plain.send("NICK ida\r\nUSER ida 0 * :Ida\r\n");
  plain.read_to_end();
  all.server->wait_for_log("in the clear");
  CHECK(metric_of(all, "failed") == "1");
}

TEST_CASE("handshakes that never end keep nobody out") {
  encrypted_server all;
  std::vector<client> idle;
  const auto count = 300;
  for (int i = 0; i < count; ++i)
    idle.emplace_back(all.port("irc-tls"));
  // Half of a ClientHello.
  for (auto& each : idle)
    each.send("\x16\x03\x01\x02\x00\x01\x00"s);
  openssl_client ida{all, "irc-tls", {"-quiet"}};
  ida.send("NICK ida\r\nUSER ida 0 * :Ida\r\n");
  CHECK(ida.hears(" 001 ida "));
  // After 10 s without a word they are closed, and nothing is left of them.
  for (auto& each : idle)
    each.read_to_end();
  wait_until(
      [&] { return all.server->metric("confab_listener_opening{listener=\"irc-tls\"}") == "0"; },
      "no connection is opening any more");
}

TEST_CASE("SIGHUP: connections to come get the new certificate, and none is lost") {
  encrypted_server all;
  openssl_client early{all, "tagged-tls"};
  REQUIRE(early.hears("subject=CN=first"));
  early.send("slogin:bob\njoin:lobby\n");
  REQUIRE(early.hears("ok:joined room lobby"));
  all.files.make("second");
  all.server->signal(SIGHUP);
  all.server->wait_for_log("certificate read again");
  openssl_client late{all, "tagged-tls"};
  CHECK(late.hears("subject=CN=second"));
  early.send("sendall:still here\n");
  CHECK(early.hears("ok:message sent"));
}

TEST_CASE("SIGHUP with a certificate that is no good changes nothing, and the log says why") {
  encrypted_server all;
  std::ofstream{all.files.certificate()} << "nonsense\n";
  all.server->signal(SIGHUP);
  all.server->wait_for_log("certificate not renewed, the old one stays: ");
  all.files.make("third");  // What the client trusts; the server still has the first.
  openssl_client each{all, "irc-tls"};
  CHECK(each.program().wait(patience) != 0);
  CHECK(each.program().output().find("CN=first") != std::string::npos);
}

TEST_CASE("wrong files and missing options are one line that says what to do") {
  certificate_files files;
  files.make("first");
  const auto says = [](std::vector<std::string> options, const std::string& words) {
    options.insert(options.begin(), {"--irc-tls", "0"});
    process server{"server", options};
    server.close_input();
    CHECK(server.wait(patience) == 1);
    CHECK(server.errors().find(words) != std::string::npos);
    CHECK(std::count(server.errors().begin(), server.errors().end(), '\n') == 1);
  };
  says({}, "scripts/make-certificate");
  says({"--tls-certificate", files.certificate()}, "--tls-key is missing");
  says({"--tls-certificate", files.folder() + "/nothing", "--tls-key", files.key()}, "nothing");
  says({"--tls-certificate", files.key(), "--tls-key", files.key()}, files.key());
}

TEST_CASE(
    "a listener behind a proxy takes connections of trusted proxies only, with their header") {
  running_server server{{"--irc", "0", "--proxy-protocol", "irc", "--trusted-proxy", "127.0.0.1",
                         "--max-connections-per-address", "1"}};
  const auto port = wait_for_port(server, "irc");
  const auto enter = [&](client& wire, const std::string& from, const std::string& nick) {
    wire.send("PROXY TCP4 " + from + " 127.0.0.1 999 6667\r\nNICK " + nick +
              "\r\nUSER u 0 * :U\r\n");
  };
  client one{port};
  enter(one, "192.0.2.1", "one");
  CHECK(one.read_line().find(" 001 one ") != std::string::npos);
  client two{port};
  enter(two, "192.0.2.2", "two");
  CHECK(two.read_line().find(" 001 two ") != std::string::npos);
  client again{port};
  enter(again, "192.0.2.1", "again");
  CHECK(again.read_line().starts_with("ERROR "));
  client bare{port};
  bare.send("NICK bare\r\n");
  CHECK(bare.read_to_end().empty());
}
