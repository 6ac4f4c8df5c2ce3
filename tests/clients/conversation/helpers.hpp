#pragma once

#include "tests/clients/common/helpers.hpp"

#include <string>
#include <vector>

namespace confab::test {

/// A text as it goes over the wire of the framed dialect (docs/dialects/framed.md).
inline std::string frame(const std::string& text) {
  return text + std::string(200 - text.size(), ' ');
}

/// What the course's tests compare: the output without `[Me]`, and without blanks around it.
inline std::string as_the_course_compares(std::string output) {
  for (auto found = output.find("[Me]"); found != std::string::npos; found = output.find("[Me]"))
    output.erase(found, 4);
  const auto first = output.find_first_not_of(" \r\n\t");
  return first == std::string::npos
             ? std::string()
             : output.substr(first, output.find_last_not_of(" \r\n\t") + 1 - first);
}

/// A `client` that has sent its name, Alice, to a scripted server, and prompts.
struct framed_dialogue {
  explicit framed_dialogue(const process_options& options = {})
      : program("client", {"Alice", "127.0.0.1", server.port()}, options) {
    REQUIRE(server.accept());
    REQUIRE(server.read_until(frame("Alice")));
    if (options.output != stream::closed)
      REQUIRE(program.read_until("[Me] "));
  }

  /// What the program says when the server has gone.
  std::string gone() const { return "Server at 127.0.0.1:" + server.port() + " has disconnected"; }

  scripted_peer server;
  process program;
};

/// A `oneroom_client` that has sent its name, bob, to a scripted server.
struct oneroom_dialogue {
  explicit oneroom_dialogue(const process_options& options = {})
      : program("oneroom_client", {"127.0.0.1", server.port(), "bob"}, options) {
    REQUIRE(server.accept());
    REQUIRE(server.read_until("bob\n"));
  }

  scripted_peer server;
  process program;
};

}  // namespace confab::test
