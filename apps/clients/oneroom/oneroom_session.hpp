#pragma once

#include "apps/clients/conversation/chat_session.hpp"

#include <cstddef>

namespace confab::client {

/// The longest line that is read from a oneroom server, in bytes, its end included: more than a
/// server relays (its `--line-max` is 4 KiB unless somebody sets it).
inline constexpr std::size_t oneroom_line_bytes_max = std::size_t{1} << 20;

/// The oneroom client's side of the protocol (protocols.md, section 2): the first line is
/// the name, each line of input is a message, each line from the server is printed as it came.
class oneroom_session final : public chat_session {
 public:
  /// The caller has checked the name by oneroom_name_obstacle().
  explicit oneroom_session(std::string_view name) : name_(name) {}

  [[nodiscard]] std::string opening() const override { return name_ + "\n"; }
  [[nodiscard]] session_step on_input(const line& input) override;
  void push(std::string_view received) override { lines_.push(received); }
  [[nodiscard]] std::optional<session_step> next() override;

 private:
  std::string name_;
  line_queue lines_{oneroom_line_bytes_max};
};

/// Why `name` cannot be sent as one line, in words that follow "the name". Empty when it can.
[[nodiscard]] std::string oneroom_name_obstacle(std::string_view name);

}  // namespace confab::client
