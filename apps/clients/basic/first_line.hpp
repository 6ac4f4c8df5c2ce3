#pragma once

#include <string_view>

namespace confab::client {

/// Finds the first line in a stream of bytes that arrives in any split, of any length: nothing is
/// kept of it but whether it has begun and ended.
class first_line {
 public:
  /// The part of `bytes` that belongs to the line, without its end (`\n`). Nothing after the end.
  [[nodiscard]] std::string_view push(std::string_view bytes);

  /// True when any byte has come.
  [[nodiscard]] bool begun() const { return begun_; }

  /// True when the line's end has come.
  [[nodiscard]] bool complete() const { return complete_; }

 private:
  bool begun_ = false;
  bool complete_ = false;
};

}  // namespace confab::client
