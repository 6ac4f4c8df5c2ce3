#pragma once

#include "io/net/file_descriptor.hpp"

#include <optional>

namespace confab::client {

/// The signals that concern a program which has changed its terminal's mode, as
/// events on a descriptor: the mode must be undone before they have their effect.
/// While an object lives, they are blocked in the process. Make one only.
class terminal_signals {
 public:
  terminal_signals();
  terminal_signals(const terminal_signals&) = delete;
  terminal_signals& operator=(const terminal_signals&) = delete;
  ~terminal_signals();

  /// Readable when a signal has arrived.
  [[nodiscard]] int descriptor() const { return queue_.get(); }

  /// The number of the next signal that has arrived, if any: one of SIGINT, SIGTERM,
  /// SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH.
  [[nodiscard]] std::optional<int> next();

  /// Lets a signal have its usual effect: it ends or stops the process, or is ignored.
  static void take_effect(int signal);

 private:
  file_descriptor queue_;
};

}  // namespace confab::client
