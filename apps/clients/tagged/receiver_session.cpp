#include "apps/clients/tagged/receiver_session.hpp"

#include "apps/clients/tagged/tagged_message.hpp"

#include <cstdlib>

namespace confab::client {
namespace {

session_step unexpected(const line& received) {
  return {.complaint = received.too_long ? "the server sent a line that is too long"
                                         : "the server sent an unexpected line: " + received.text};
}

}  // namespace

receiver_session::receiver_session(std::string_view user_name, std::string_view room)
    : user_name_(user_name), room_(room) {}

session_step receiver_session::start() const {
  return {.request = encode_message("rlogin", user_name_)};
}

session_step receiver_session::on_line(const line& received) {
  const auto message = parse_message(received.text);
  if (!message)
    return unexpected(received);
  // A delivery may overtake the reply to the join: the server has made us a member by then.
  if (message->tag == "delivery" && state_ != state::logging_in) {
    const auto delivered = parse_delivery(message->payload);
    return delivered ? session_step{.output = std::string(delivered->sender) + ": " +
                                              std::string(delivered->text)}
                     : unexpected(received);
  }
  const bool accepted = message->tag == "ok";
  if (state_ != state::joined && (accepted || message->tag == "err"))
    return on_reply(accepted, message->payload);
  return unexpected(received);
}

session_step receiver_session::on_reply(bool accepted, std::string_view payload) {
  if (!accepted)
    return {.complaint = std::string(payload), .exit_code = EXIT_FAILURE};
  if (state_ == state::joining) {
    state_ = state::joined;
    return {};
  }
  state_ = state::joining;
  return {.request = encode_message("join", room_)};
}

}  // namespace confab::client
