#pragma once

#include <string>
#include <string_view>

namespace confab::client {

/// Turns one client's message, that arrives in any split, into what a basic server prints of it
/// (Part 0 of the framed course document). Does no I/O; holds at most a character that has not
/// arrived whole.
class message_printer {
 public:
  /// `on_terminal`: what is printed must only be shown, never obeyed; newlines stay.
  explicit message_printer(bool on_terminal) : on_terminal_(on_terminal) {}

  /// More of the message: what can be printed now.
  [[nodiscard]] std::string push(std::string_view bytes);

  /// The message is complete: the rest. A newline ends it if it has none; an empty message is
  /// nothing, not even an empty line.
  [[nodiscard]] std::string finish();

 private:
  bool on_terminal_;
  bool at_line_start_ = true;
  std::string held_;  // the start of a character
};

}  // namespace confab::client
