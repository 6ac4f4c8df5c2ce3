#pragma once

#include "apps/clients/terminal/line_source.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace confab::client {

/// A person's lines, typed at a terminal with libedit's line editing and history.
///
/// Ctrl-D on an empty line ends the input. Ctrl-C, Ctrl-Z and the like have their usual effects,
/// and the terminal is in its usual mode whenever the process is not running.
class line_editor final : public line_source {
 public:
  /// Standard input and output must be terminals. `watched`: see open_standard_input().
  /// Throws std::runtime_error when libedit cannot start.
  line_editor(std::string_view prompt, int watched);
  ~line_editor() override;

  void prompt() override;
  [[nodiscard]] int descriptor() const override;
  void on_readable() override;
  [[nodiscard]] int signal_descriptor() const override;
  void on_signal() override;
  [[nodiscard]] std::optional<line> next() override;
  [[nodiscard]] bool ended() const override;
  [[nodiscard]] bool is_terminal() const override { return true; }
  void interrupt() override;

  /// Takes the prompt and the half-typed line off the screen, so that something else can be
  /// written there: whole lines. Nothing happens when no line is asked for. Call restore() next.
  void hide();

  /// Shows again what hide() has hidden, as it was.
  void restore();

  /// Gives up the line that was asked for, like interrupt(). A prompt behind which nothing is
  /// typed goes off the screen.
  void withdraw();

 private:
  struct implementation;  // keeps libedit's header out of this one
  std::unique_ptr<implementation> implementation_;
};

}  // namespace confab::client
