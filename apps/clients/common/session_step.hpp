#pragma once

#include <optional>
#include <string>

namespace confab::client {

/// What a client does about one event. Its parts are done in this order; empty ones not at all.
struct session_step {
  std::optional<std::string> output = std::nullopt;     ///< one line for stdout, without its end
  std::optional<std::string> complaint = std::nullopt;  ///< one line for stderr, without its end
  std::optional<std::string> request = std::nullopt;    ///< a whole message for the server
  std::optional<int> exit_code = std::nullopt;          ///< the program ends
};

}  // namespace confab::client
