#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

/// Other programs, in the network of a node or in that of the test.
namespace confab::faults {

/// No network of its own.
inline constexpr int same_network = -1;

/// What has become of a program that was waited for.
struct outcome {
  int status = 0;  ///< Its exit code, or 128 + the number of the signal that ended it.
  std::string output;
};

/// Runs a program to its end. `network`: the descriptor of the one that it runs in.
outcome run(const std::vector<std::string>& words, int network = same_network);

/// The same, and throws std::runtime_error if it fails.
std::string must_run(const std::vector<std::string>& words, int network = same_network);

/// Starts a program whose output goes to the end of a file. It is killed when the test ends.
pid_t start(const std::vector<std::string>& words, int network, const std::string& log_file);

/// Waits for the end of a program that was started. Returns as `outcome::status`.
int wait_for(pid_t program);

/// Whether it has ended; it is waited for then, and `status` is set.
bool has_ended(pid_t program, int& status);

}  // namespace confab::faults
