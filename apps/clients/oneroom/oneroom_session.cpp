#include "apps/clients/oneroom/oneroom_session.hpp"

#include "io/dialects/oneroom/names.hpp"

namespace confab::client {

oneroom_session::oneroom_session(std::string_view name)
    : name_(name), own_prefix_(oneroom::safe_name(name) + ':') {}

session_step oneroom_session::on_input(const line& input) {
  if (input.too_long)
    return {.complaint = "the line is too long; nothing was sent"};
  ++said_count_;
  return {.request = input.text + "\n"};
}

std::optional<session_step> oneroom_session::next() {
  auto received = lines_.next();
  if (!received)
    return std::nullopt;
  if (received->too_long)
    return session_step{.complaint = "the server sent a line that is too long"};
  if (received->text.starts_with(own_prefix_) || received->text.starts_with(name_ + ':'))
    ++returned_count_;
  return session_step{.output = std::move(received->text)};
}

std::string oneroom_session::refusal() const {
  if (returned_count_ >= said_count_)
    return {};
  return "the server closed the connection; messages that it did not deliver: " +
         std::to_string(said_count_ - returned_count_) + " of " + std::to_string(said_count_);
}

std::string oneroom_name_obstacle(std::string_view name) {
  if (name.empty())
    return "is empty";
  const bool holds_line_end = name.find('\n') != std::string_view::npos || name.ends_with('\r');
  return holds_line_end ? "holds a line end" : "";
}

}  // namespace confab::client
