#pragma once

#include "apps/clients/common/line_queue.hpp"
#include "apps/clients/common/session_step.hpp"

#include <string>
#include <string_view>

namespace confab::client {

/// The receiver's side of the protocol, without any I/O (docs/dialects/tagged.md).
class receiver_session {
 public:
  /// The caller has checked that both names can be sent.
  receiver_session(std::string_view user_name, std::string_view room);

  /// The login.
  [[nodiscard]] session_step start() const;

  /// A line from the server. The reply to the login leads to the join; each delivery to a line of
  /// output; what fits neither is a complaint, and the session goes on.
  [[nodiscard]] session_step on_line(const line& received);

 private:
  enum class state { logging_in, joining, joined };

  session_step on_reply(bool accepted, std::string_view payload);

  std::string user_name_;
  std::string room_;
  state state_ = state::logging_in;
};

}  // namespace confab::client
