#pragma once

#include "apps/clients/common/line_queue.hpp"
#include "apps/clients/common/session_step.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace confab::client {

/// A client's side of a protocol in which both sides talk at any time, without any I/O.
class chat_session {
 public:
  virtual ~chat_session() = default;

  /// What is sent first.
  [[nodiscard]] virtual std::string opening() const = 0;

  /// A line of input: a request, or a complaint when it cannot be sent.
  [[nodiscard]] virtual session_step on_input(const line& input) = 0;

  /// Adds bytes from the server, in any split. Call next() until it returns nothing.
  virtual void push(std::string_view received) = 0;

  /// The next message from the server, if there is one: an output, or a complaint about it. With an
  /// exit code the conversation is over, and the complaint says why.
  [[nodiscard]] virtual std::optional<session_step> next() = 0;

  /// Asked when the server has closed the connection after all input was sent: in one line, why
  /// the server did not do what was asked of it; empty when nothing speaks against it.
  [[nodiscard]] virtual std::string refusal() const = 0;
};

}  // namespace confab::client
