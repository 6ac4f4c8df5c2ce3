#pragma once

#include "apps/clients/conversation/chat_session.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace confab::client {

/// The longest line that is read from a oneroom server, in bytes, its end included: more than a
/// server relays (its `--line-max` is 4 KiB unless somebody sets it).
inline constexpr std::size_t oneroom_line_bytes_max = std::size_t{1} << 20;

/// The oneroom client's side of the protocol (docs/dialects/oneroom.md): the first line is the
/// name, each line of input is a message, each line from the server is printed as it came.
class oneroom_session final : public chat_session {
 public:
  /// The caller has checked the name by oneroom_name_obstacle().
  explicit oneroom_session(std::string_view name);

  [[nodiscard]] std::string opening() const override { return name_ + "\n"; }
  [[nodiscard]] session_step on_input(const line& input) override;
  void push(std::string_view received) override { lines_.push(received); }
  [[nodiscard]] std::optional<session_step> next() override;

  /// There is no error message in this protocol. But a server sends each message to its author too,
  /// so one that does not come back was refused. A refused name shows only when something was said.
  [[nodiscard]] std::string refusal() const override;

 private:
  std::string name_;
  std::string own_prefix_;  // of our messages, when they come back
  std::size_t said_count_ = 0;
  std::size_t returned_count_ = 0;
  line_queue lines_{oneroom_line_bytes_max};
};

/// Why `name` cannot be sent as one line, in words that follow "the name". Empty when it can.
[[nodiscard]] std::string oneroom_name_obstacle(std::string_view name);

}  // namespace confab::client
