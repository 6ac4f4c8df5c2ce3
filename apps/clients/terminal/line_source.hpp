#pragma once

#include "apps/clients/common/line_queue.hpp"

#include <memory>
#include <optional>
#include <string_view>

namespace confab::client {

/// Where a client's input lines come from: a file, a pipe, or a person at a terminal.
///
/// It never waits: the owner polls descriptor() and signal_descriptor() together with
/// its socket, and tells what is readable.
class line_source {
 public:
  virtual ~line_source() = default;

  /// Asks for the next line, on a terminal by a prompt. Nothing happens when it has been asked for
  /// and has not come yet.
  virtual void prompt() = 0;

  /// The descriptor that input arrives on.
  [[nodiscard]] virtual int descriptor() const = 0;

  /// Takes what has arrived on descriptor().
  virtual void on_readable() = 0;

  /// A second descriptor to poll at all times, -1 when there is none.
  [[nodiscard]] virtual int signal_descriptor() const { return -1; }

  /// Takes what has arrived on signal_descriptor(). May end the process.
  virtual void on_signal() {}

  /// The next line, if there is one.
  [[nodiscard]] virtual std::optional<line> next() = 0;

  /// True when no more lines will arrive (those that have can still be taken).
  [[nodiscard]] virtual bool ended() const = 0;

  /// True when a person types the lines.
  [[nodiscard]] virtual bool is_terminal() const = 0;

  /// Gives up the line that was asked for: on a terminal what is written next is on its own line.
  virtual void interrupt() = 0;
};

/// The program's standard input: with line editing and history when it and standard output are
/// terminals; with no more than `prompt` when only the input is one; without a prompt otherwise.
/// `watched`: while it is readable, the editor returns to the caller even inside a key sequence.
[[nodiscard]] std::unique_ptr<line_source> open_standard_input(std::string_view prompt,
                                                               int watched);

}  // namespace confab::client
