// The connection of the clients through a layer: docs/tls.md.

#include "apps/clients/common/connection.hpp"
#include "io/net/layers/tls_layer.hpp"
#include "tests/clients/common/tls_helpers.hpp"

#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <unistd.h>

using namespace confab;
using namespace confab::test;

namespace {

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

}  // namespace

TEST_CASE("half-close: after finish_sending the farewell has come, and receiving goes on") {
  encrypted_pair pair;
  pair.made->send("hello");
  pair.made->finish_sending();
  CHECK_FALSE(pair.read());
  CHECK(pair.state == layer_state::input_ended);
  CHECK(pair.output.up == "hello");
  pair.say("still here");
  CHECK(pair.made->receive() == "still here");
  CHECK_FALSE(pair.made->ended());
  pair.say_farewell();
  CHECK(pair.made->receive().empty());
  CHECK(pair.made->ended());
  CHECK_FALSE(pair.made->failed());
  CHECK(pair.made->ending() == "the server closed the connection");
}

TEST_CASE("what the server does not take waits, in bounds, and the farewell waits behind it") {
  encrypted_pair pair;
  const std::string piece(40'000, 'x');
  std::size_t sent = 0;
  std::size_t taken = 0;
  while ((taken = pair.made->send_some(piece)) != 0) {
    CHECK(taken <= 16 * 1024);
    sent += taken;
  }
  CHECK(pair.made->has_unsent());
  pair.made->finish_sending();
  CHECK(pair.made->has_unsent());
  while (pair.read())
    pair.made->flush();
  CHECK_FALSE(pair.made->has_unsent());
  CHECK(pair.state == layer_state::input_ended);
  CHECK(pair.output.up == std::string(sent, 'x'));
}

TEST_CASE("what comes is received in any split of its bytes") {
  encrypted_pair pair;
  std::string sealed;
  pair.server->seal("one", sealed);
  pair.server->seal("two", sealed);
  std::string received;
  for (const char each : sealed) {
    pair.write({&each, 1});
    received += pair.made->receive();
    CHECK_FALSE(pair.made->ended());
  }
  CHECK(received == "onetwo");
}

TEST_CASE("last words and the farewell that arrive together are received, and then it has ended") {
  encrypted_pair pair;
  pair.say("bye");
  pair.say_farewell();
  CHECK(pair.made->receive() == "bye");
  CHECK(pair.made->ended());
  CHECK_FALSE(pair.made->failed());
}

TEST_CASE("a connection that ends without a farewell has failed: somebody may have cut it") {
  encrypted_pair pair;
  pair.say("bye");
  pair.server_end = file_descriptor();
  CHECK(pair.made->receive() == "bye");
  CHECK(pair.made->receive().empty());
  CHECK(pair.made->ended());
  CHECK(pair.made->failed());
  CHECK(pair.made->ending() ==
        "lost the connection to the server: it ended without the farewell of TLS");
}

TEST_CASE("damaged bytes end the connection, with a plain line") {
  encrypted_pair pair;
  std::string sealed;
  pair.server->seal("bye", sealed);
  sealed.back() = static_cast<char>(sealed.back() ^ 1);
  pair.write(sealed);
  CHECK(pair.made->receive().empty());
  CHECK(pair.made->ended());
  CHECK(pair.made->failed());
  CHECK(pair.made->ending() == "lost the connection to the server: a TLS record is damaged");
}

TEST_CASE("a connection that goes says farewell, once") {
  encrypted_pair pair;
  const bool by_itself = GENERATE(false, true);
  if (by_itself)
    pair.made->finish_sending();
  pair.made.reset();
  CHECK_FALSE(pair.read());
  CHECK(pair.state == layer_state::input_ended);
  CHECK_FALSE(pair.server->was_cut_short());
}

TEST_CASE("a server that is gone is told by the next receive, as without TLS") {
  encrypted_pair pair;
  pair.say("bye");
  pair.say_farewell();
  pair.server_end = file_descriptor();
  pair.made->send("hello?");
  CHECK_FALSE(pair.made->has_unsent());
  CHECK(pair.made->send_some("hello?") == 6);
  CHECK(pair.made->receive() == "bye");
  CHECK(pair.made->ended());
  CHECK(pair.made->failed());
  CHECK(pair.made->ending() == "the server closed the connection");
}
