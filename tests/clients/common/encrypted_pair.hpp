#pragma once

#include "apps/clients/common/connection.hpp"
#include "io/net/file_descriptor.hpp"
#include "io/net/layers/tls_layer.hpp"
#include "tests/clients/common/tls_helpers.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>

namespace confab::test {

/// A connection and a server at the other end of a socket pair, after their handshake.
class encrypted_pair {
 public:
  encrypted_pair() {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) == 0);
    server_end = file_descriptor(ends[1]);
    const trusted_server trusted;
    auto layer = std::make_unique<tls_layer>(client_trusting(trusted.own), "localhost");
    server.emplace(trusted.context);
    layer_output said;
    layer->take({}, said);
    while (!said.down.empty()) {
      layer_output answered;
      server->take(said.down, answered);
      said = {};
      layer->take(answered.down, said);
    }
    made.emplace(file_descriptor(ends[0]), std::move(layer));
  }

  /// Lets the server read what there is: false when it is at the end of the stream.
  bool read() {
    std::array<char, 65536> buffer{};
    for (;;) {
      const ssize_t count = ::recv(server_end.get(), buffer.data(), buffer.size(), 0);
      if (count <= 0)
        return count != 0;
      state = server->take({buffer.data(), static_cast<std::size_t>(count)}, output);
    }
  }

  void say(std::string_view text) {
    std::string sealed;
    server->seal(text, sealed);
    write(sealed);
  }

  void say_farewell() {
    std::string farewell;
    server->finish(farewell);
    write(farewell);
  }

  void write(std::string_view bytes) {
    REQUIRE(::send(server_end.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(bytes.size()));
  }

  std::optional<client::connection> made;
  file_descriptor server_end;
  std::optional<tls_layer> server;
  layer_state state = layer_state::open;
  layer_output output;
};

}  // namespace confab::test
