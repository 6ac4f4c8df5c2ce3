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

}  // namespace confab::test
