#pragma once

#include "apps/clients/common/unread_bytes.hpp"
#include "apps/clients/conversation/chat_session.hpp"
#include "io/dialects/framed/frames.hpp"

namespace confab::client {

/// The framed client's side of the protocol (protocols.md, section 3): the first frame is the
/// name, each line of input is a frame, each frame from the server is printed.
class framed_session final : public chat_session {
 public:
  /// The caller has checked the name by framed_name_obstacle().
  explicit framed_session(std::string_view name) : name_(name) {}

  [[nodiscard]] std::string opening() const override;
  [[nodiscard]] session_step on_input(const line& input) override;
  void push(std::string_view received) override { received_.push(received); }

  /// Whole frames only. A frame of nothing but blanks is no message: a server may answer `/list`
  /// with it when there is no channel.
  [[nodiscard]] std::optional<session_step> next() override;

 private:
  std::string name_;
  unread_bytes received_;
  framed::frame_reader frames_;
};

/// Why `name` cannot be sent in one frame, in words that follow "the name". Empty when it can.
[[nodiscard]] std::string framed_name_obstacle(std::string_view name);

}  // namespace confab::client
