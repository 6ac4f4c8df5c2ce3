#include "apps/clients/oneroom/oneroom_session.hpp"

namespace confab::client {

session_step oneroom_session::on_input(const line& input) {
  if (input.too_long) {
    return {.complaint = "the line is too long; nothing was sent"};
  }
  return {.request = input.text + "\n"};
}

std::optional<session_step> oneroom_session::next() {
  auto received = lines_.next();
  if (!received) {
    return std::nullopt;
  }
  if (received->too_long) {
    return session_step{.complaint = "the server sent a line that is too long"};
  }
  return session_step{.output = std::move(received->text)};
}

std::string oneroom_name_obstacle(std::string_view name) {
  if (name.empty()) {
    return "is empty";
  }
  const bool holds_line_end = name.find('\n') != std::string_view::npos || name.ends_with('\r');
  return holds_line_end ? "holds a line end" : "";
}

}  // namespace confab::client
