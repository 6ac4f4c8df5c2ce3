#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>

namespace confab::bench {

/// The server under test, watched from outside.
class Process {
 public:
  /// Throws Failure when there is no process `pid`, or none that we may watch.
  explicit Process(pid_t pid);

  /// Nanoseconds of processor time, user and kernel, of all its threads so far: the process's
  /// CPU clock, which counts finer than the ticks of /proc/PID/stat. Throws Failure when the
  /// process has ended.
  [[nodiscard]] std::uint64_t cpu() const;

  /// Forgets the peak of the memory so far, where the kernel lets us.
  void reset_memory_peak() const;

  /// The peak of the resident memory in bytes, since the reset (VmHWM).
  [[nodiscard]] std::uint64_t memory_peak() const;

  /// Resident memory in bytes (/proc/PID/smaps_rollup, or VmRSS where that cannot be read).
  [[nodiscard]] std::uint64_t memory() const;

 private:
  [[nodiscard]] std::string folder() const;
  [[nodiscard]] std::uint64_t status(const std::string& key) const;

  pid_t pid_;
  clockid_t clock_ = 0;
};

}  // namespace confab::bench
