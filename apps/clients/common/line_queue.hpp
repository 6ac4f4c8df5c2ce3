#pragma once

#include "apps/clients/common/unread_bytes.hpp"
#include "io/text/line_reader.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace confab::client {

/// One line, without its end (`\n` or `\r\n`).
struct line {
  std::string text;       ///< empty when too_long
  bool too_long = false;  ///< longer than allowed; its bytes are dropped
};

/// The lines of a stream, kept until they are asked for.
///
/// Holds at most `line_bytes_max` bytes besides what was pushed since the last complete line. An
/// over-long line is reported once, as soon as it is known to be too long.
class line_queue {
 public:
  /// `line_bytes_max`: the longest line, its end included.
  explicit line_queue(std::size_t line_bytes_max)
      : reader_(line_bytes_max, overlong_lines::dropped_at_once) {}

  /// Adds bytes of the stream, in any split.
  void push(std::string_view bytes) { unread_.push(bytes); }

  /// The next line, if there is one.
  [[nodiscard]] std::optional<line> next();

  /// True when next() would return a line.
  [[nodiscard]] bool has_next();

  /// After the stream has ended and next() has returned the last line: the bytes behind it, which
  /// have no line end. Nothing when there are none.
  [[nodiscard]] std::optional<line> rest();

 private:
  unread_bytes unread_;
  line_reader reader_;
  std::optional<line> ready_;
};

}  // namespace confab::client
