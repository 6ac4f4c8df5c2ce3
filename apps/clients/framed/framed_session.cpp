#include "apps/clients/framed/framed_session.hpp"

#include "io/dialects/framed/refusals.hpp"

#include <cstdlib>

namespace confab::client {
namespace {

// The reader takes the blanks at the end for padding, so they need not fit.
std::string_view without_blanks_behind(std::string_view text) {
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

std::string frame_of(std::string_view text) {
  std::string frame;
  framed::append_frame(text, frame);
  return frame;
}

std::string size_obstacle(std::string_view text) {
  return text.size() <= framed::frame_bytes
             ? std::string()
             : "is too long: " + std::to_string(text.size()) + " bytes, at most " +
                   std::to_string(framed::frame_bytes) + " can be sent";
}

}  // namespace

std::string framed_session::opening() const {
  return frame_of(without_blanks_behind(name_));
}

session_step framed_session::on_input(const line& input) {
  if (input.too_long)
    return {.complaint = "the line is too long; nothing was sent"};
  const auto text = without_blanks_behind(input.text);
  const auto obstacle = size_obstacle(text);
  if (!obstacle.empty())
    return {.complaint = "the line " + obstacle + "; nothing was sent"};
  return {.request = frame_of(text)};
}

std::optional<session_step> framed_session::next() {
  while (const auto frame = received_.read_with(frames_))
    if (!frame->empty())
      return on_message(*frame);
  return std::nullopt;
}

session_step framed_session::on_message(std::string_view text) {
  session_step step{.output = std::string(text)};
  const bool first = stage_ == stage::awaits_first_message;
  stage_ = stage::talks;
  if (first && framed::is_refusal_of_name(text, without_blanks_behind(name_))) {
    step.complaint = "the server refused the name";
    step.exit_code = EXIT_FAILURE;
  } else if (first && framed::is_refusal_of_connection(text)) {
    stage_ = stage::refused;
  }
  return step;
}

std::string framed_session::refusal() const {
  return stage_ == stage::refused ? "the server refused the connection" : "";
}

std::string framed_name_obstacle(std::string_view name) {
  const auto text = without_blanks_behind(name);
  if (text.find('\n') != std::string_view::npos || text.ends_with('\r'))
    return "holds a line end";
  return text.empty() ? "is empty" : size_obstacle(text);
}

}  // namespace confab::client
