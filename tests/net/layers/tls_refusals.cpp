// TLS with those who cannot, or may not: each is told apart in one plain line.

#include "io/net/layers/tls_layer.hpp"
#include "tests/net/layers/tls_pair.hpp"
#include "tests/support/catch.hpp"

#include <openssl/ssl.h>
#include <string>

using namespace confab;
using namespace confab::test;

namespace {

void expect_plain_line(std::string_view complaint) {
  CHECK_FALSE(complaint.empty());
  CHECK(complaint.find('\n') == std::string_view::npos);
  CHECK(complaint.find("error:") == std::string_view::npos);
}

std::string complaint_about(std::string_view bytes, std::size_t piece_bytes = std::size_t(-1)) {
  static const auto context = server_with(make_identity({}));
  tls_side server{context};
  server.take(bytes, piece_bytes);
  CHECK(server.state == layer_state::broken);
  CHECK(server.heard.empty());
  expect_plain_line(server.layer.complaint());
  return std::string{server.layer.complaint()};
}

constexpr auto in_the_clear = "an HTTP request or an IRC line in the clear on a port for TLS";

/// What a client says of a server with this identity.
std::string clients_complaint(const identity& own, const identity& trusted,
                              const std::string& host = "localhost",
                              const std::string& chain = {}) {
  tls_pair pair{client_trusting(trusted), server_with(own, chain), host};
  pair.shake_hands();
  if (pair.is_open())
    return {};
  CHECK(pair.client.state == layer_state::broken);
  CHECK(pair.server.state == layer_state::broken);
  expect_plain_line(pair.client.layer.complaint());
  expect_plain_line(pair.server.layer.complaint());
  return std::string{pair.client.layer.complaint()};
}

certificate_plan authority(const std::string& name) {
  return {name, "", -1, 30, true};
}

}  // namespace

TEST_CASE("plain text on a port for TLS is recognised at its first byte") {
  for (const std::size_t piece : {1U, 3U, 1000U}) {
    CHECK(complaint_about("NICK bob\r\nUSER b 0 * :b\r\n", piece) == in_the_clear);
    CHECK(complaint_about("GET / HTTP/1.1\r\nHost: a\r\n\r\n", piece) == in_the_clear);
    CHECK(complaint_about("\r\n", piece) == in_the_clear);
    CHECK(complaint_about(":a\r\n", piece) == in_the_clear);
    CHECK(complaint_about(std::string(100, '\0'), piece) ==
          "the first bytes are not the start of TLS");
  }
}

TEST_CASE("a hello of SSL 2 is refused") {
  CHECK(complaint_about(std::string("\x80\x2e\x01\x03\x01\0\x15\0\0\0\x10", 11)) ==
        "the first bytes are not the start of TLS");
}

TEST_CASE("a first message that announces more than 16 KiB is refused before memory is taken") {
  const std::string hello("\x16\x03\x01\x40\x00\x01\x01\xFF\x00\x03\x03", 11);
  CHECK(complaint_about(hello) == "the first message of TLS is too large");
  CHECK(complaint_about(hello, 1) == "the first message of TLS is too large");
}

TEST_CASE("a first record that is longer than any is refused at its length") {
  CHECK(complaint_about(std::string("\x16\x03\x01\x40\x01", 5)) == "a TLS record is damaged");
  CHECK(complaint_about(std::string("\x16\x02\x01", 3)) ==
        "the first bytes are not the start of TLS");
}

TEST_CASE("a first message is not cut into records that do not hold its length") {
  std::string wire;
  for (const char byte : std::string("\x01\x00\x3F\x00\x03\x03", 6))
    wire += std::string("\x16\x03\x01\x00\x01", 5) + byte;
  CHECK(complaint_about(wire) == "the first message of TLS is cut into records that are too small");
}

TEST_CASE("a client of TLS 1.1 or older is told that it is too old") {
  const auto own = make_identity({});
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    const auto client = client_trusting(own);
    ::SSL_CTX_set_min_proto_version(client->native(), version);
    ::SSL_CTX_set_max_proto_version(client->native(), version);
    ::SSL_CTX_set_cipher_list(client->native(), "ALL:@SECLEVEL=0");
    tls_pair pair{client, server_with(own)};
    pair.shake_hands();
    CHECK(pair.server.layer.complaint() == "the peer offers no version of TLS from 1.2 on");
    CHECK(pair.client.layer.complaint() == "the peer speaks no version of TLS from 1.2 on");
  }
}

TEST_CASE("a client of TLS 1.2 without a suite of ours is told so") {
  const auto own = make_identity({});
  const auto server = server_with(own);
  for (const char* suites : {"AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA256", "DHE"}) {
    const auto client = client_trusting(own);
    ::SSL_CTX_set_max_proto_version(client->native(), TLS1_2_VERSION);
    REQUIRE(::SSL_CTX_set_cipher_list(client->native(), suites) == 1);
    tls_pair pair{client, server};
    pair.shake_hands();
    CHECK(pair.server.layer.complaint() ==
          "no cipher suite in common: the peer offers only old ones");
    CHECK(pair.client.layer.complaint() == "no cipher suite in common with the peer");
  }
}

TEST_CASE("a damaged record breaks the connection, and the peer is told") {
  const auto own = make_identity({});
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const auto client = client_trusting(own);
    ::SSL_CTX_set_max_proto_version(client->native(), version);
    const auto server = server_with(own);
    const std::string garbage = "garbage garbage";
    tls_pair pair{client, server};
    pair.shake_hands();
    auto wire = pair.client.seal("NICK ida\r\n");
    wire.back() = static_cast<char>(wire.back() ^ 1);
    const auto alert = pair.server.take(wire);
    CHECK(pair.server.state == layer_state::broken);
    CHECK(pair.server.layer.complaint() == "a TLS record is damaged");
    CHECK(pair.server.heard.empty());
    CHECK_FALSE(alert.empty());
    CHECK(pair.server.finish().empty());
    CHECK(pair.server.seal("x").empty());
    pair.client.take(alert);
    CHECK(pair.client.layer.complaint() == "the peer got a damaged TLS record");
    tls_pair other{client, server};
    other.shake_hands();
    other.server.take(garbage);
    CHECK(other.server.layer.complaint() == "a TLS record is damaged");
  }
}

TEST_CASE("a client says that a certificate has expired") {
  const auto own = make_identity({"localhost", "DNS:localhost", -30, -1});
  CHECK(clients_complaint(own, own) == "the server's certificate has expired");
}

TEST_CASE("a client says that a certificate is not valid yet") {
  const auto own = make_identity({"localhost", "DNS:localhost", 1, 30});
  CHECK(clients_complaint(own, own) == "the server's certificate is not valid yet");
}

TEST_CASE("a client says that a certificate is signed by itself") {
  const auto own = make_identity({});
  const auto other = make_identity({"another"});
  CHECK(clients_complaint(own, other) ==
        "the server's certificate is signed by itself: if it is the right one, trust its file");
}

TEST_CASE("a client says that it does not know who signed a certificate") {
  const auto known = make_identity(authority("known"));
  const auto foreign = make_identity(authority("foreign"));
  const auto own = make_identity({}, &foreign);
  CHECK(clients_complaint(own, known) ==
        "the server's certificate was signed by an authority that is not known here");
  CHECK(clients_complaint(own, known, "localhost", pem_of(foreign.certificate)) ==
        "the server's certificate was signed by an authority that is not trusted here");
}

TEST_CASE("a client says that a certificate is another host's") {
  const auto own = make_identity({"other", "DNS:other.example,IP:192.0.2.7"});
  CHECK(clients_complaint(own, own, "localhost") ==
        "the server's certificate is for another host than the one asked for");
  CHECK(clients_complaint(own, own, "127.0.0.1") ==
        "the server's certificate is for another address than the one asked for");
  CHECK(clients_complaint(own, own, "::1") ==
        "the server's certificate is for another address than the one asked for");
  CHECK(clients_complaint(own, own, "other.example").empty());
  CHECK(clients_complaint(own, own, "192.0.2.7").empty());
}

TEST_CASE("a client trusts what a known authority has signed, also through one in between") {
  const auto root = make_identity(authority("root"));
  const auto between = make_identity(authority("between"), &root);
  const auto own = make_identity({}, &between);
  CHECK(clients_complaint(own, root, "localhost", pem_of(between.certificate)).empty());
  CHECK(clients_complaint(own, root) ==
        "the server's certificate was signed by an authority that is not known here");
}

TEST_CASE("a wildcard stands for one whole name") {
  const auto own = make_identity({"w", "DNS:*.example.org,DNS:f*.example.net"});
  CHECK(clients_complaint(own, own, "chat.example.org").empty());
  CHECK_FALSE(clients_complaint(own, own, "a.b.example.org").empty());
  CHECK_FALSE(clients_complaint(own, own, "foo.example.net").empty());
}

TEST_CASE("a server in the clear is recognised by a client") {
  const auto own = make_identity({});
  tls_side client{client_trusting(own), "localhost"};
  CHECK_FALSE(client.take({}).empty());
  client.take("ERROR :no\r\n");
  CHECK(client.state == layer_state::broken);
  CHECK(client.layer.complaint() == "the server does not speak TLS on this port");
}
