#pragma once

#include "apps/clients/terminal/line_source.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace confab::client {

class line_editor;

/// What a client prints to ask for a line.
struct chat_prompts {
  std::string_view edited;    ///< at a terminal, with line editing
  std::string_view unedited;  ///< else; empty: none
};

/// Standard input and output of a client in which both sides talk at any time: messages appear
/// while a line is asked for, and are written over the prompt (docs/dialects/framed.md).
///
/// At a terminal the half-typed line stays as it is, below the messages, and other people's
/// control characters are made harmless. Everything is written out at once.
class chat_screen {
 public:
  /// `watched`: see open_standard_input().
  chat_screen(chat_prompts prompts, int watched);
  ~chat_screen();

  /// Where the lines come from. Its own prompt() is not for use: see ask().
  [[nodiscard]] line_source& input() { return *input_; }

  /// Asks for the next line. False, after a report, when that cannot be written.
  [[nodiscard]] bool ask();

  /// Prints messages, each with a line end. Without line editing each one is `\r`, blanks over the
  /// prompt, `\r`, the message, `\n` and the prompt again. False, after a report, when that fails.
  [[nodiscard]] bool show(std::span<const std::string> messages);

  /// Reports one line on standard error, see report().
  void complain(std::string_view text);

  /// Asks no more: what is written next stands in place of the prompt.
  [[nodiscard]] bool withdraw();

 private:
  [[nodiscard]] std::string wipe() const;

  std::unique_ptr<line_source> input_;
  line_editor* editor_ = nullptr;  // input_, when it is one
  std::string prompt_;             // without line editing
  bool on_terminal_;
  bool asked_ = false;
};

/// A message as it may be written to standard output: on a terminal harmless, else unchanged.
[[nodiscard]] std::string shown(std::string_view message, bool on_terminal);

}  // namespace confab::client
