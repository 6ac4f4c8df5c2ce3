#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

/// Cuts a stream of bytes into lines, for the dialects that speak in lines.
namespace confab {

/// Finds lines in input that is split and joined anywhere. A line that is longer than allowed is
/// dropped up to its newline, in bounded memory, however long it is.
class line_reader {
 public:
  /// `line_bytes_max` counts the terminating `\n` and a `\r` before it.
  explicit line_reader(std::size_t line_bytes_max) : line_bytes_max_(line_bytes_max) {}

  /// No whole line is there; the input is consumed and remembered.
  struct need_more {};
  /// A line without its `\n` or `\r\n`. Valid until the next call and while the input lives.
  struct line {
    std::string_view text;
  };
  /// A line over the limit: reported when its newline has come.
  struct too_long {};

  using result = std::variant<need_more, line, too_long>;

  /// Takes the next line from the front of `input`.
  result next(std::string_view& input);

  /// True as soon as the line that is under way is over the limit.
  bool overflowing() const { return overflowing_; }

 private:
  result finish(std::string_view tail);

  std::size_t line_bytes_max_;
  std::string partial_;         ///< The line so far; at most `line_bytes_max_` bytes.
  bool partial_taken_ = false;  ///< `partial_` was handed out and is to be cleared.
  bool overflowing_ = false;    ///< Dropping up to the next newline.
};

}  // namespace confab
