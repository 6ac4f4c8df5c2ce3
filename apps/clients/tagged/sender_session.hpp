#pragma once

#include "apps/clients/common/line_queue.hpp"
#include "apps/clients/common/session_step.hpp"

#include <string>
#include <string_view>

namespace confab::client {

/// The sender's side of the protocol, without any I/O (docs/dialects/tagged.md).
///
/// It answers each event with what is to be done about it. After a step with a request it awaits a
/// reply, and takes no input until the reply has come.
class sender_session {
 public:
  /// The login. The caller has checked that the name can be sent.
  [[nodiscard]] session_step start(std::string_view user_name);

  /// A line of input. Call only while no reply is awaited.
  [[nodiscard]] session_step on_input(const line& input);

  /// The input has ended. A person who ends it at a terminal quits; a script is simply done.
  [[nodiscard]] session_step on_end_of_input(bool from_terminal);

  /// A line from the server. Call only while a reply is awaited.
  [[nodiscard]] session_step on_reply(const line& reply);

  [[nodiscard]] bool awaits_reply() const { return awaited_ != request::none; }

 private:
  enum class request { none, login, quit, other };

  session_step send(request kind, std::string_view tag, std::string_view payload);
  session_step on_command(std::string_view command);

  request awaited_ = request::none;
};

}  // namespace confab::client
