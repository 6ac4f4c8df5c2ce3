#pragma once

#include <poll.h>
#include <span>
#include <string_view>
#include <utility>

namespace confab::client {

/// Owns an open file descriptor, and closes it. -1: owns nothing.
class file_descriptor {
 public:
  file_descriptor() = default;
  explicit file_descriptor(int descriptor) : descriptor_(descriptor) {}
  file_descriptor(file_descriptor&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)) {}
  file_descriptor& operator=(file_descriptor&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~file_descriptor();

  [[nodiscard]] int get() const { return descriptor_; }
  [[nodiscard]] bool valid() const { return descriptor_ >= 0; }

 private:
  int descriptor_ = -1;
};

/// Waits until one of the descriptors is ready; signals do not end the wait.
/// Sets each `revents`. `milliseconds`: the longest wait, -1 for ever. Returns how many
/// are ready, 0 when the time is over.
int wait_for(std::span<pollfd> watched, int milliseconds = -1);

/// Writes all bytes, also to a non-blocking descriptor. False, with errno set, when that fails.
[[nodiscard]] bool write_all(int descriptor, std::string_view bytes);

}  // namespace confab::client
