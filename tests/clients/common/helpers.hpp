#pragma once

#include "tests/support/catch.hpp"
#include "tests/support/process.hpp"
#include "tests/support/scripted_peer.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace confab::test {

/// True when `text` is exactly one line.
inline bool is_one_line(const std::string& text) {
  return text.size() > 1 && text.ends_with('\n') && std::count(text.begin(), text.end(), '\n') == 1;
}

/// A sender that has logged in as bob at a scripted server.
struct sender_dialogue {
  explicit sender_dialogue(const process_options& options = {})
      : program("sender", {"127.0.0.1", server.port(), "bob"}, options) {
    REQUIRE(server.accept());
    REQUIRE(server.read_until("slogin:bob\n"));
    server.send("ok:logged in as bob\n");
  }

  /// The sender must make this request next; it gets this reply.
  void expect(const std::string& request, const std::string& reply) {
    INFO("expected " << request << "received " << server.received());
    REQUIRE(server.read_until(request));
    server.send(reply);
  }

  scripted_peer server;
  process program;
};

/// A receiver that has joined the room cafe as alice at a scripted server.
struct receiver_dialogue {
  explicit receiver_dialogue(const process_options& options = {})
      : program("receiver", {"127.0.0.1", server.port(), "alice", "cafe"}, options) {
    REQUIRE(server.accept());
    REQUIRE(server.read_until("rlogin:alice\n"));
    server.send("ok:logged in as alice\n");
    REQUIRE(server.read_until("join:cafe\n"));
    server.send("ok:welcome\n");
  }

  scripted_peer server;
  process program;
};

/// The server says no more: it ends its side only, or closes the connection; a section for each.
template <class Server>
void end_sending_or_close(Server& server) {
  SECTION("its side only") {
    server.end_sending();
  }
  SECTION("the connection") {
    server.close();
  }
}

/// The server goes: it closes the connection, or resets it; a section for each.
inline void close_or_reset(scripted_peer& server) {
  SECTION("closed") {
    server.close();
  }
  SECTION("reset") {
    server.reset();
  }
}

/// Sends a receiver a hundred thousand deliveries, a thousand at once: it prints them whole and in
/// order.
template <class Dialogue>
void check_a_hundred_thousand_deliveries(Dialogue& dialogue) {
  std::string expected;
  for (int count = 0; count < 100'000; count += 1000) {
    std::string deliveries;
    for (int number = count; number < count + 1000; ++number) {
      deliveries += "delivery:cafe:bob:" + std::to_string(number) + "\n";
      expected += "bob: " + std::to_string(number) + "\n";
    }
    dialogue.server.send(deliveries);
    (void)dialogue.program.running();  // reads the output so far
  }
  REQUIRE(dialogue.program.read_until("bob: 99999\n"));
  CHECK(dialogue.program.output() == expected);
}

}  // namespace confab::test
