// What a TLS connection holds when nothing happens.

#include "tests/net/layers/heap.hpp"
#include "tests/net/layers/tls_pair.hpp"
#include "tests/support/catch.hpp"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <openssl/opensslv.h>
#include <openssl/ssl.h>
#include <string>
#include <vector>

using namespace confab;
using namespace confab::test;

namespace {

/// OpenSSL 3.5 keeps more for keys that withstand quantum computers.
constexpr std::size_t idle_bytes_max = OPENSSL_VERSION_PREREQ(3, 2) ? 32000 : 20000;

/// Opens a connection in memory and lets 16 kB pass each way, in pieces that end within records.
/// Only the server's side is left.
std::unique_ptr<tls_side> idle_server(const tls_context_ptr& client,
                                      const tls_context_ptr& server) {
  auto result = std::make_unique<tls_side>(server);
  tls_side peer{client, "localhost"};
  auto wire = peer.take({});
  while (!wire.empty())
    wire = peer.take(result->take(wire, 700), 700);
  result->take(peer.seal(std::string(20000, 'x')), 1000);
  peer.take(result->seal(std::string(20000, 'y')));
  CHECK(result->heard.size() == 20000);
  CHECK(peer.heard.size() == 20000);
  std::string{}.swap(result->heard);
  return result;
}

}  // namespace

TEST_CASE("an idle TLS connection holds less than 20 kB on Debian 12") {
  const auto own = make_identity({});
  const auto server = server_with(own);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const auto client = client_trusting(own);
    ::SSL_CTX_set_max_proto_version(client->native(), version);
    constexpr std::size_t count = 100;
    std::vector<std::unique_ptr<tls_side>> connections;
    connections.reserve(count);
    idle_server(client, server);  // What OpenSSL makes once is not counted.
    const auto before = heap_bytes();
    for (std::size_t index = 0; index < count; ++index)
      connections.push_back(idle_server(client, server));
    const auto each = (heap_bytes() - before) / count;
    if (std::getenv("CONFAB_SHOW_MEMORY") != nullptr)
      std::printf("idle TLS connection of version %x: %zu bytes\n", static_cast<unsigned>(version),
                  each);
    CHECK(each < idle_bytes_max);
    CHECK((each > 1000 || !counts_heap));
  }
}
