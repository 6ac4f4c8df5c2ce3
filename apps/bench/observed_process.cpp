#include "apps/bench/observed_process.hpp"

#include "apps/bench/clock.hpp"
#include "apps/bench/failure.hpp"

#include <ctime>
#include <fstream>
#include <optional>
#include <string>
#include <unistd.h>

namespace confab::bench {
namespace {

constexpr std::uint64_t kibibyte = 1024;

/// The number behind `key` ("Rss:") in a file of lines "key number kB"; nothing without one.
std::optional<std::uint64_t> kilobytes(const std::string& path, const std::string& key) {
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line))
    if (line.starts_with(key))
      return std::stoull(line.substr(key.size()));
  return std::nullopt;
}

}  // namespace

observed_process::observed_process(pid_t pid) : pid_(pid) {
  // The C library checks only what fits into a clock's number, hence the look at /proc.
  if (access(folder().c_str(), F_OK) != 0 || clock_getcpuclockid(pid, &clock_) != 0)
    throw failure("--pid " + std::to_string(pid) + ": no such process");
}

std::uint64_t observed_process::cpu_ns() const {
  timespec time{};
  if (clock_gettime(clock_, &time) != 0)
    throw failure("the server (process " + std::to_string(pid_) + ") has ended");
  return static_cast<std::uint64_t>(time.tv_sec) * ns_per_second +
         static_cast<std::uint64_t>(time.tv_nsec);
}

std::uint64_t observed_process::memory_bytes() const {
  const auto size = kilobytes(folder() + "/smaps_rollup", "Rss:");
  return size ? *size * kibibyte : status("VmRSS:");
}

void observed_process::reset_memory_peak() const {
  constexpr auto forget_peak = "5";  // proc(5), clear_refs
  std::ofstream(folder() + "/clear_refs") << forget_peak;
}

std::uint64_t observed_process::memory_peak_bytes() const {
  return status("VmHWM:");
}

void observed_processes::reset_memory_peak() const {
  for (const auto& each : processes_)
    each.reset_memory_peak();
}

std::uint64_t observed_processes::sum(std::uint64_t (observed_process::*value)() const) const {
  std::uint64_t result = 0;
  for (const auto& each : processes_)
    result += (each.*value)();
  return result;
}

std::string observed_process::folder() const {
  return "/proc/" + std::to_string(pid_);
}

std::uint64_t observed_process::status(const std::string& key) const {
  const auto size = kilobytes(folder() + "/status", key);
  if (!size)
    throw failure("cannot read the memory of process " + std::to_string(pid_));
  return *size * kibibyte;
}

}  // namespace confab::bench
