#pragma once

#include "apps/clients/common/unread_bytes.hpp"
#include "apps/clients/conversation/chat_session.hpp"
#include "io/dialects/framed/frames.hpp"

namespace confab::client {

/// The framed client's side of the protocol (docs/dialects/framed.md): the first frame is the
/// name, each line of input is a frame, each frame from the server is printed.
class framed_session final : public chat_session {
 public:
  /// The caller has checked the name by framed_name_obstacle().
  explicit framed_session(std::string_view name) : name_(name) {}

  [[nodiscard]] std::string opening() const override;
  [[nodiscard]] session_step on_input(const line& input) override;
  void push(std::string_view received) override { received_.push(received); }

  /// Whole frames only. A frame of nothing but blanks is no message: a server may answer `/list`
  /// with it when there is no channel. The session is over when the server refuses the name, since
  /// the server would take what is said next for the name.
  [[nodiscard]] std::optional<session_step> next() override;

  [[nodiscard]] std::string refusal() const override;

 private:
  // The server answers in order, so only its first message can be a refusal. `refused`: so far it
  // has sent nothing but the refusal of the connection.
  enum class stage { awaits_first_message, refused, talks };

  session_step on_message(std::string_view text);

  std::string name_;
  stage stage_ = stage::awaits_first_message;
  unread_bytes received_;
  framed::frame_reader frames_;
};

/// Why `name` cannot be sent in one frame, in words that follow "the name". Empty when it can.
[[nodiscard]] std::string framed_name_obstacle(std::string_view name);

}  // namespace confab::client
