// Two sides of TLS that speak through memory.

#include "io/net/layers/tls_layer.hpp"

#include "tests/net/layers/tls_pair.hpp"
#include "tests/support/catch.hpp"

#include <openssl/ssl.h>
#include <string>
#include <vector>

using namespace confab;
using namespace confab::test;

namespace {

/// The contexts of most cases: a server's certificate that its own client trusts.
struct world {
  identity own = make_identity({});
  tls_context_ptr server = server_with(own);
  tls_context_ptr client = client_trusting(own);

  /// Versions and suites are OpenSSL's settings of a context that nobody else uses.
  void let_client_speak_up_to(int version) const {
    ::SSL_CTX_set_max_proto_version(client->native(), version);
  }
};

constexpr int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};

/// The records in what one side sent.
std::size_t records_in(std::string_view wire) {
  std::size_t count = 0;
  while (wire.size() >= 5) {
    const auto size = static_cast<std::size_t>(static_cast<unsigned char>(wire[3])) << 8U |
                      static_cast<unsigned char>(wire[4]);
    wire.remove_prefix(std::min(wire.size(), 5 + size));
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("TLS opens and carries both ways, whole and in pieces of every size") {
  const world all;
  for (const int version : versions) {
    all.let_client_speak_up_to(version);
    for (const std::size_t piece :
         {1U, 2U, 3U, 4U, 5U, 7U, 13U, 50U, 100U, 500U, 1000U, 16384U, 100000U}) {
      tls_pair pair{all.client, all.server};
      pair.shake_hands(piece);
      INFO(pair.client.layer.complaint() << pair.server.layer.complaint());
      REQUIRE(pair.is_open());
      CHECK(pair.client.layer.version() == (version == TLS1_3_VERSION ? "TLSv1.3" : "TLSv1.2"));
      const std::string large(40000, 'x');
      pair.server.take(pair.client.seal("NICK ida\r\n" + large), piece);
      CHECK(pair.server.heard == "NICK ida\r\n" + large);
      pair.client.take(pair.server.seal(large), piece);
      CHECK(pair.client.heard == large);
    }
  }
}

TEST_CASE("TLS opens when the network cuts a flight anywhere") {
  const world all;
  tls_pair first{all.client, all.server};
  const auto hello = first.client.take({});
  for (std::size_t at = 1; at < hello.size(); ++at) {
    tls_pair pair{all.client, all.server};
    const auto wire = pair.client.take({});
    layer_output out;
    pair.server.state = pair.server.layer.take(std::string_view{wire}.substr(0, at), out);
    CHECK(pair.server.state == layer_state::opening);
    const auto answer = out.down + pair.server.take(std::string_view{wire}.substr(at));
    pair.client.take(pair.server.take(pair.client.take(answer)));
    CHECK(pair.is_open());
  }
}

TEST_CASE("what comes with the last words of a handshake is passed up") {
  const world all;
  tls_pair pair{all.client, all.server};
  const auto flight = pair.server.take(pair.client.take({}));
  auto wire = pair.client.take(flight);
  REQUIRE(pair.client.state == layer_state::open);
  wire += pair.client.seal("NICK ida\r\n");
  pair.server.take(wire);
  CHECK(pair.server.state == layer_state::open);
  CHECK(pair.server.heard == "NICK ida\r\n");
}

TEST_CASE("one flush is as few records as possible") {
  const world all;
  tls_pair pair{all.client, all.server};
  pair.shake_hands();
  CHECK(records_in(pair.server.seal(std::string(100, 'x'))) == 1);
  CHECK(records_in(pair.server.seal(std::string(16384, 'x'))) == 1);
  CHECK(records_in(pair.server.seal(std::string(100000, 'x'))) == 7);
  CHECK(pair.server.seal("").empty());
}

TEST_CASE("a close_notify ends the input, and what is sealed afterwards still arrives") {
  const world all;
  for (const int version : versions) {
    all.let_client_speak_up_to(version);
    tls_pair pair{all.client, all.server};
    pair.shake_hands();
    auto wire = pair.client.seal("QUIT\r\n");
    wire += pair.client.finish();
    pair.server.take(wire);
    CHECK(pair.server.heard == "QUIT\r\n");
    CHECK(pair.server.state == layer_state::input_ended);
    pair.client.take(pair.server.seal("goodbye\r\n"));
    CHECK(pair.client.heard == "goodbye\r\n");
    CHECK(pair.client.state == layer_state::open);
    pair.client.take(pair.server.finish());
    CHECK(pair.client.state == layer_state::input_ended);
    CHECK(pair.server.end_of_input() == layer_state::input_ended);
    CHECK_FALSE(pair.server.layer.was_cut_short());
    CHECK_FALSE(pair.client.layer.was_cut_short());
  }
}

TEST_CASE("a server that has said close_notify still hears") {
  const world all;
  for (const int version : versions) {
    all.let_client_speak_up_to(version);
    tls_pair pair{all.client, all.server};
    pair.shake_hands();
    pair.client.take(pair.server.finish());
    CHECK(pair.client.state == layer_state::input_ended);
    pair.server.take(pair.client.seal("last words\r\n"));
    CHECK(pair.server.heard == "last words\r\n");
    CHECK(pair.server.state == layer_state::open);
  }
}

TEST_CASE("close_notify is said once, and nothing is sealed behind it") {
  const world all;
  tls_pair pair{all.client, all.server};
  pair.shake_hands();
  CHECK_FALSE(pair.server.finish().empty());
  CHECK(pair.server.finish().empty());
  CHECK(pair.server.seal("more").empty());
}

TEST_CASE("an end of input without close_notify ends the input, and is told apart") {
  const world all;
  tls_pair pair{all.client, all.server};
  pair.shake_hands();
  CHECK(pair.server.end_of_input() == layer_state::input_ended);
  CHECK(pair.server.layer.was_cut_short());
  CHECK(pair.server.layer.complaint().empty());
  pair.client.take(pair.server.seal("still here\r\n"));
  CHECK(pair.client.heard == "still here\r\n");
}

TEST_CASE("an end of input within a record ends the input, and is told apart") {
  const world all;
  tls_pair pair{all.client, all.server};
  pair.shake_hands();
  const auto wire = pair.client.seal("NICK ida\r\n");
  pair.server.take(std::string_view{wire}.substr(0, wire.size() - 1));
  CHECK(pair.server.heard.empty());
  CHECK(pair.server.end_of_input() == layer_state::input_ended);
  CHECK(pair.server.layer.was_cut_short());
}

TEST_CASE("an end of input within the handshake breaks the connection") {
  const world all;
  tls_pair pair{all.client, all.server};
  pair.server.take(pair.client.take({}));
  CHECK(pair.server.end_of_input() == layer_state::broken);
  CHECK(pair.server.layer.complaint() == "the connection ended within the TLS handshake");
}

TEST_CASE("who only looks whether the port is open is no reason to complain") {
  const world all;
  tls_pair pair{all.client, all.server};
  CHECK(pair.server.end_of_input() == layer_state::finished);
  CHECK(pair.server.layer.complaint().empty());
  CHECK(pair.server.finish().empty());
}

TEST_CASE("a session is resumed by its ticket, and the server remembers nothing") {
  const world all;
  for (const int version : versions) {
    all.let_client_speak_up_to(version);
    tls_pair first{all.client, all.server};
    first.shake_hands();
    CHECK_FALSE(first.server.layer.is_resumed());
    first.client.finish();
    tls_pair second{all.client, all.server, "localhost", first.client.layer.session()};
    second.shake_hands();
    CHECK(second.is_open());
    CHECK(second.server.layer.is_resumed());
    CHECK(second.client.layer.is_resumed());
  }
}

TEST_CASE("a ticket of another context is answered with a whole handshake") {
  const world all;
  tls_pair first{all.client, all.server};
  first.shake_hands();
  first.client.finish();
  tls_pair second{all.client, server_with(all.own), "localhost", first.client.layer.session()};
  second.shake_hands();
  CHECK(second.is_open());
  CHECK_FALSE(second.server.layer.is_resumed());
}

TEST_CASE("ALPN: the server's first protocol that the client offers is chosen") {
  const world all;
  const auto agreed = [&](const protocol_names& offered) {
    tls_pair pair{client_trusting(all.own, offered), all.server};
    pair.shake_hands();
    CHECK(pair.is_open());
    CHECK(pair.client.layer.protocol() == pair.server.layer.protocol());
    return std::string{pair.server.layer.protocol()};
  };
  CHECK(agreed({"irc"}) == "irc");
  CHECK(agreed({"http/1.1"}) == "http/1.1");
  CHECK(agreed({"h2", "http/1.1"}) == "http/1.1");
  CHECK(agreed({"http/1.1", "irc"}) == "irc");
}

TEST_CASE("ALPN: a client that offers nothing is welcome") {
  const world all;
  tls_pair pair{all.client, all.server};
  pair.shake_hands();
  CHECK(pair.is_open());
  CHECK(pair.server.layer.protocol().empty());
}

TEST_CASE("ALPN: a client that offers only other protocols is told so") {
  const world all;
  tls_pair pair{client_trusting(all.own, {"h2"}), all.server};
  pair.shake_hands();
  CHECK(pair.server.state == layer_state::broken);
  CHECK(pair.server.layer.complaint() == "no application protocol (ALPN) in common");
  CHECK(pair.client.state == layer_state::broken);
  CHECK(pair.client.layer.complaint() == "no application protocol (ALPN) in common with the peer");
}

TEST_CASE("ALPN: a server without protocols does not look at what is offered") {
  const world all;
  tls_pair pair{client_trusting(all.own, {"h2"}), server_with(all.own, {}, {})};
  pair.shake_hands();
  CHECK(pair.is_open());
  CHECK(pair.server.layer.protocol().empty());
}

TEST_CASE("SNI: the server sees the name that the client asks for, and no address") {
  const world all;
  for (const int version : versions) {
    all.let_client_speak_up_to(version);
    tls_pair by_name{all.client, all.server};
    by_name.shake_hands();
    CHECK(by_name.is_open());
    CHECK(by_name.server.layer.asked_host() == "localhost");
    tls_pair by_address{all.client, all.server, "127.0.0.1"};
    by_address.shake_hands();
    CHECK(by_address.is_open());
    CHECK(by_address.server.layer.asked_host().empty());
  }
}

TEST_CASE("a context may be exchanged while its connections live on") {
  const world all;
  auto now = server_with(all.own);
  tls_pair before{all.client, now};
  before.shake_hands();
  const auto other = make_identity({});
  now = server_with(other);
  tls_pair after{client_trusting(other), now};
  after.shake_hands();
  CHECK(after.is_open());
  before.server.take(before.client.seal("still here"));
  CHECK(before.server.heard == "still here");
}
