// What only a client of OpenSSL itself asks for: new keys, and a renegotiation.

#include "tests/net/layers/tls_pair.hpp"
#include "tests/support/catch.hpp"

#include <array>
#include <memory>
#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <string>
#include <string_view>

using namespace confab;
using namespace confab::test;

namespace {

/// OpenSSL's own client on buffers of its own. Trusts everybody.
class raw_client {
 public:
  explicit raw_client(int version)
      : context_(::SSL_CTX_new(TLS_client_method())), connection_(::SSL_new(context_.get())) {
    ::SSL_set_max_proto_version(connection_.get(), version);
    ::SSL_set_bio(connection_.get(), ::BIO_new(::BIO_s_mem()), ::BIO_new(::BIO_s_mem()));
    ::SSL_set_connect_state(connection_.get());
  }

  /// Takes what the server sent; returns what it says to that.
  std::string take(std::string_view bytes) {
    if (!bytes.empty())
      ::BIO_write(::SSL_get_rbio(ssl()), bytes.data(), static_cast<int>(bytes.size()));
    std::array<char, 1000> text{};
    int count = 0;
    while ((count = ::SSL_read(ssl(), text.data(), text.size())) > 0)
      heard.append(text.data(), static_cast<std::size_t>(count));
    return said();
  }

  std::string say(std::string_view text) {
    ::SSL_write(ssl(), text.data(), static_cast<int>(text.size()));
    return said();
  }

  std::string said() {
    std::string result;
    std::array<char, 1000> piece{};
    int count = 0;
    while ((count = ::BIO_read(::SSL_get_wbio(ssl()), piece.data(), piece.size())) > 0)
      result.append(piece.data(), static_cast<std::size_t>(count));
    return result;
  }

  SSL* ssl() const { return connection_.get(); }
  std::string heard;

 private:
  struct context_free {
    void operator()(SSL_CTX* each) const { ::SSL_CTX_free(each); }
  };
  struct connection_free {
    void operator()(SSL* each) const { ::SSL_free(each); }
  };
  std::unique_ptr<SSL_CTX, context_free> context_;
  std::unique_ptr<SSL, connection_free> connection_;
};

void shake_hands(raw_client& client, tls_side& server) {
  auto wire = client.take({});
  while (!wire.empty())
    wire = client.take(server.take(wire));
  REQUIRE(server.state == layer_state::open);
}

}  // namespace

TEST_CASE("TLS 1.3: keys are renewed when a client asks for it") {
  raw_client client{TLS1_3_VERSION};
  tls_side server{server_with(make_identity({}))};
  shake_hands(client, server);
  for (int round = 0; round < 3; ++round) {
    REQUIRE(::SSL_key_update(client.ssl(), SSL_KEY_UPDATE_REQUESTED) == 1);
    const auto answer = server.take(client.say("x"));
    client.take(answer + server.seal("y"));
  }
  CHECK(server.heard == "xxx");
  CHECK(client.heard == "yyy");
  CHECK(server.state == layer_state::open);
}

TEST_CASE("TLS 1.2: a renegotiation is refused, and what is said goes on") {
  raw_client client{TLS1_2_VERSION};
  tls_side server{server_with(make_identity({}))};
  shake_hands(client, server);
  ::SSL_renegotiate(client.ssl());
  ::SSL_do_handshake(client.ssl());
  const auto hello = client.said();
  REQUIRE_FALSE(hello.empty());
  const auto answer = server.take(hello);
  INFO(server.layer.complaint());
  CHECK_FALSE(answer.empty());
  CHECK(server.heard.empty());
  CHECK(server.state != layer_state::input_ended);
}

TEST_CASE("TLS 1.3: a handshake that does not end is refused after 64 KiB") {
  const auto context = server_with(make_identity({}));
  // The client's first guess of a group is wrong, so the server waits for a second hello.
  REQUIRE(SSL_CTX_set1_groups_list(context->native(), "P-384") == 1);
  raw_client client{TLS1_3_VERSION};
  tls_side server{context};
  server.take(client.take({}));
  REQUIRE(server.state == layer_state::opening);
  server.take(std::string("\x16\x03\x03\x00\x04\x01\x01\xFF\x00", 9));
  std::size_t sent = 0;
  for (; server.state == layer_state::opening && sent < 130000; sent += 1000)
    server.take(std::string("\x16\x03\x03\x03\xE8", 5) + std::string(1000, 'x'));
  CHECK(server.state == layer_state::broken);
  CHECK(server.layer.complaint() == "the TLS handshake is too long");
  CHECK(sent < 70000);
}
