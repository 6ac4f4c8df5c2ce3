#pragma once

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

/// Cuts a stream of bytes, that arrives in any split, into lines (protocols.md, section 1).
///
/// Holds at most `line_bytes_max` bytes besides what was pushed since the last complete line. An
/// over-long line is told once, as soon as it is known to be too long, and dropped up to its end.
class line_splitter {
 public:
  /// `line_bytes_max`: the longest line, its end not included.
  explicit line_splitter(std::size_t line_bytes_max) : line_bytes_max_(line_bytes_max) {}

  /// Adds bytes.
  void push(std::string_view bytes);

  /// The next line, if there is one.
  [[nodiscard]] std::optional<line> next();

  /// True when next() would return a line.
  [[nodiscard]] bool has_next();

  /// After the stream has ended and next() has returned the last line: the bytes
  /// behind it, which have no line end. Nothing when there are none.
  [[nodiscard]] std::optional<line> rest();

 private:
  std::optional<line> scan();
  std::optional<line> scan_unfinished();

  std::size_t line_bytes_max_;
  std::string buffer_;
  std::size_t start_ = 0;    // of the first byte that no line has taken
  std::size_t scanned_ = 0;  // no line end between start_ and here
  bool dropping_ = false;    // inside of an over-long line
  std::optional<line> ready_;
};

}  // namespace confab::client
