#include "io/thread_turns.hpp"

#include <cstdint>
#include <ctime>
#include <sys/syscall.h>
#include <unistd.h>

namespace confab {

namespace {

/// What `sched_setattr(2)` takes, in its first version; no header of Debian 12 has it.
struct scheduling {
  std::uint32_t size = sizeof(scheduling);
  std::uint32_t policy = 0;  ///< That of ordinary threads.
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime_ns = 0;  ///< The slice.
  std::uint64_t deadline_ns = 0;
  std::uint64_t period_ns = 0;
};

/// The shortest slice that Linux gives.
constexpr std::uint64_t slice_ns = 100'000;

}  // namespace

void take_short_turns() noexcept {
  scheduling wanted;
  wanted.runtime_ns = slice_ns;
  ::syscall(SYS_sched_setattr, 0, &wanted, 0U);
}

void rest_for_us(std::int64_t us) noexcept {
  const timespec span{.tv_sec = us / 1'000'000, .tv_nsec = us % 1'000'000 * 1'000};
  ::nanosleep(&span, nullptr);
}

}  // namespace confab
