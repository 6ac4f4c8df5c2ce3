#pragma once

#include <cstdint>
#include <string>

namespace confab::bench {

/// One line on stderr that is written over again and again, when stderr is a terminal; else
/// nothing.
class progress_line {
 public:
  /// Shows nothing at all unless `is_wanted`.
  explicit progress_line(bool is_wanted);
  ~progress_line();
  progress_line(const progress_line&) = delete;
  progress_line& operator=(const progress_line&) = delete;

  /// Whether it is time to show something new. Cheap.
  [[nodiscard]] bool is_due(std::uint64_t time) const { return is_terminal_ && time >= next_; }

  /// Replaces the line; `time` is the caller's now_ns().
  void show(const std::string& text, std::uint64_t time);

 private:
  bool is_terminal_;
  std::uint64_t next_ = 0;
};

}  // namespace confab::bench
