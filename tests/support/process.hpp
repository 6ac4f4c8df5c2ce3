#pragma once

#include "tests/support/deadline.hpp"
#include "tests/support/launch.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace confab::test {

/// A running program of this project, with its streams in the test's hands.
///
/// Nothing here sleeps or blocks for ever: each wait polls all streams (so the
/// program never blocks on a full pipe) and ends at its deadline. What a program
/// writes to its terminal counts as output. The destructor kills the program.
class process {
 public:
  /// Starts `program`: a name without a slash is looked up in the folder that the
  /// environment variable CONFAB_BIN names. Throws std::runtime_error when the
  /// process cannot be made; a program that cannot be run exits with code 127.
  process(const std::string& program, const std::vector<std::string>& arguments,
          const process_options& options = {});
  process(const process&) = delete;
  process& operator=(const process&) = delete;
  ~process();

  [[nodiscard]] pid_t pid() const { return pid_; }

  /// Queues bytes for the program's input, and writes as much as it takes now;
  /// the rest goes out during later waits.
  void write(std::string_view bytes);

  /// Ends the program's input, after all that was written. On a terminal this hangs up, and
  /// the program gets SIGHUP; to end the input only, write "\x04" (Ctrl-D).
  void close_input();

  /// Closes the reading end of the program's output, so that its next write fails.
  void close_output();

  /// Waits until the output contains `text` after the end of the last text found.
  /// False at the deadline, or when the output ended without it.
  [[nodiscard]] bool read_until(std::string_view text,
                                std::chrono::milliseconds span = waiting_span);

  /// The same for standard error.
  [[nodiscard]] bool read_errors_until(std::string_view text,
                                       std::chrono::milliseconds span = waiting_span);

  /// Waits until the program has ended and its output is read: its exit code, or
  /// 128 + the number of the signal that ended it. Nothing at the deadline.
  [[nodiscard]] std::optional<int> wait(std::chrono::milliseconds span = waiting_span);

  /// Reads what there is now; true while the program runs.
  bool running();

  /// Sends a signal, such as SIGTERM. Nothing happens when the program has ended.
  void signal(int number);

  /// Everything that the program wrote so far (as far as a wait has read it).
  [[nodiscard]] const std::string& output() const { return output_.text; }
  [[nodiscard]] const std::string& errors() const { return errors_.text; }

 private:
  struct captured {
    int descriptor = -1;
    std::size_t searched = 0;  // end of the last text found
    std::string text;
  };

  bool search(captured& from, std::string_view text, std::chrono::milliseconds span);
  void pump(int milliseconds);
  void read_from(captured& from);
  void write_pending();
  void reap();
  void drain();

  pid_t pid_ = -1;
  std::optional<int> exit_code_;
  bool drained_ = false;
  int input_ = -1;
  bool input_is_terminal_ = false;
  bool close_input_when_written_ = false;
  std::string pending_input_;
  captured output_;
  captured errors_;
};

}  // namespace confab::test
