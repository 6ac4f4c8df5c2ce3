#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace confab::test {

/// What one of a program's three standard streams is connected to.
enum class stream {
  pipe,      ///< a pipe to the test
  terminal,  ///< the process's own terminal (one pseudo-terminal for all such streams)
  closed     ///< nothing: the descriptor is closed
};

/// How a program is started.
struct process_options {
  stream input = stream::pipe;
  stream output = stream::pipe;
  stream errors = stream::pipe;
  /// "NAME=value" entries that replace or add to the test's own environment.
  std::vector<std::string> environment = {};
};

/// Standard input and output on a terminal, standard error on a pipe.
[[nodiscard]] process_options on_terminal();

/// All three streams on a terminal: what the person in front of it sees.
[[nodiscard]] process_options all_on_terminal();

/// A started program: the test's ends of its streams, non-blocking, -1 where there is none.
struct launched {
  pid_t pid = -1;
  int input = -1;
  int output = -1;
  int errors = -1;
};

/// Starts a program; see class process, which most tests want instead.
[[nodiscard]] launched launch(const std::string& program, const std::vector<std::string>& arguments,
                              const process_options& options);

}  // namespace confab::test
