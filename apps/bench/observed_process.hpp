#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace confab::bench {

/// A process of the servers under test, watched from outside.
class observed_process {
 public:
  /// Throws failure when there is no process `pid`, or none that we may watch.
  explicit observed_process(pid_t pid);

  /// Nanoseconds of processor time, user and kernel, of all its threads so far: the process's
  /// CPU clock, which counts finer than the ticks of /proc/PID/stat. Throws failure when the
  /// process has ended.
  [[nodiscard]] std::uint64_t cpu_ns() const;

  /// Forgets the peak of the memory so far, where the kernel lets us.
  void reset_memory_peak() const;

  /// The peak of the resident memory in bytes, since the reset (VmHWM).
  [[nodiscard]] std::uint64_t memory_peak_bytes() const;

  /// Resident memory in bytes (/proc/PID/smaps_rollup, or VmRSS where that cannot be read).
  [[nodiscard]] std::uint64_t memory_bytes() const;

 private:
  [[nodiscard]] std::string folder() const;
  [[nodiscard]] std::uint64_t status(const std::string& key) const;

  pid_t pid_;
  clockid_t clock_ = 0;
};

/// All processes of the servers under test: the sums of what each of them says.
class observed_processes {
 public:
  explicit observed_processes(const std::vector<std::int32_t>& pids)
      : processes_(pids.begin(), pids.end()) {}

  [[nodiscard]] std::uint64_t cpu_ns() const { return sum(&observed_process::cpu_ns); }
  void reset_memory_peak() const;
  [[nodiscard]] std::uint64_t memory_peak_bytes() const {
    return sum(&observed_process::memory_peak_bytes);
  }
  [[nodiscard]] std::uint64_t memory_bytes() const { return sum(&observed_process::memory_bytes); }

 private:
  [[nodiscard]] std::uint64_t sum(std::uint64_t (observed_process::*value)() const) const;

  std::vector<observed_process> processes_;
};

}  // namespace confab::bench
