// The handshake of the clients with servers that do not finish it: docs/tls.md.

#include "apps/clients/common/tls_handshake.hpp"

#include "io/net/file_descriptor.hpp"
#include "tests/clients/common/tls_helpers.hpp"

#include <array>
#include <sys/socket.h>

using namespace confab;
using namespace confab::test;

namespace {

struct socket_pair {
  socket_pair() {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) == 0);
    ours = file_descriptor(ends[0]);
    server = file_descriptor(ends[1]);
  }

  void say(std::string_view bytes) const {
    REQUIRE(::send(server.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(bytes.size()));
  }

  file_descriptor ours;
  file_descriptor server;
};

/// Why a handshake fails; it may take `longest`.
std::string failure(const socket_pair& pair, std::chrono::milliseconds longest = waiting_span) {
  const auto opened = client::shake_hands(pair.ours.get(), {"localhost", 4000}, {.is_wanted = true},
                                          client_trusting(trusted_server().own), longest);
  CHECK_FALSE(opened.layer);
  return opened.error;
}

// The header of a record of 122 bytes, and of the ServerHello in it.
constexpr std::string_view start_of_tls("\x16\x03\x03\x00\x7A\x02\x00\x00\x76\x03\x03", 11);

}  // namespace

TEST_CASE("a handshake that never ends has a deadline") {
  const socket_pair pair;
  SECTION("the server is silent") {}
  SECTION("the server stops in the middle") {
    pair.say(start_of_tls);
  }
  CHECK(failure(pair, std::chrono::milliseconds(30)) ==
        "the TLS handshake with localhost:4000 takes longer than 30 ms; is it an encrypted port?");
}

TEST_CASE("a deadline that is over already does not make the handshake wait for ever") {
  const socket_pair pair;
  CHECK(failure(pair, std::chrono::milliseconds(-1)).starts_with("the TLS handshake with "));
}

TEST_CASE("a server that cuts in the middle of the handshake: one line that says so") {
  const socket_pair pair;
  SECTION("before it has said anything") {}
  SECTION("within a record") {
    pair.say(start_of_tls);
  }
  REQUIRE(::shutdown(pair.server.get(), SHUT_WR) == 0);
  CHECK(failure(pair) ==
        "localhost:4000 closed the connection within the TLS handshake; is it an encrypted port?");
}

TEST_CASE("a connection that breaks within the handshake: one line with the system's reason") {
  socket_pair pair;
  pair.server = file_descriptor();
  CHECK(failure(pair) ==
        "lost the connection to localhost:4000 within the TLS handshake: Broken pipe; is it an "
        "encrypted port?");
}

TEST_CASE("a server that does not speak TLS: one line that says what to do") {
  const socket_pair pair;
  pair.say("err:invalid message tag\n");
  CHECK(failure(pair) ==
        "localhost:4000 does not speak TLS; leave --tls out, or give an encrypted port");
}

TEST_CASE("a server that breaks the rules of TLS: one line with the reason") {
  const socket_pair pair;
  SECTION("an alert") {
    pair.say(std::string_view("\x15\x03\x03\x00\x02\x02\x28", 7));  // handshake_failure
    CHECK(failure(pair) == "no TLS with localhost:4000: no cipher suite in common with the peer");
  }
  SECTION("a record that is too long") {
    pair.say(std::string_view("\x16\x03\x03\xFF\xFF", 5));
    CHECK(failure(pair) == "no TLS with localhost:4000: a TLS record is damaged");
  }
}
