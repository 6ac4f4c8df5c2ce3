#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

/// Cuts a stream of bytes into lines, for servers and clients of the protocols that speak in lines.
namespace confab {

/// What a line_reader does about a line over its limit. It never keeps such a line.
enum class overlong_lines {
  dropped_at_end,   ///< One `too_long` when the line's end has come.
  dropped_at_once,  ///< One `too_long` as soon as the line is known to be over the limit.
  handed_out_in_parts,
};

/// Finds lines in input that is split and joined anywhere, in bounded memory, however long a line
/// is. Does no I/O.
class line_reader {
 public:
  /// `line_bytes_max` counts the terminating `\n` and a `\r` before it; it must be at least 2.
  explicit line_reader(std::size_t line_bytes_max,
                       overlong_lines policy = overlong_lines::dropped_at_end);

  /// No whole line is there; the input is consumed and remembered.
  struct need_more {};
  /// A line without its `\n` or `\r\n`, or the last part of one. Valid until the next call and
  /// while the input lives.
  struct line {
    std::string_view text;
  };
  /// A line over the limit. Its bytes are dropped up to its end.
  struct too_long {};
  /// The beginning or the middle of a line over the limit, as long as the line itself.
  struct part {
    std::string_view text;
  };

  using result = std::variant<need_more, line, too_long, part>;

  /// Takes the next line from the front of `input`.
  result next(std::string_view& input);

  /// The stream has ended, and next() has asked for more: returns what stands behind the last line
  /// end, as it is, or `need_more` when nothing does.
  result finish();

 private:
  void discard_handed_out();
  bool drop_to_line_end(std::string_view& input);
  result take_line(std::string_view tail);
  result take_part(std::string_view& input);

  std::size_t line_bytes_max_;
  overlong_lines policy_;
  std::string partial_;         ///< The line so far; at most `line_bytes_max_` bytes.
  std::size_t handed_out_ = 0;  ///< So many bytes of `partial_` are with the caller.
  bool dropping_ = false;       ///< Inside a line over the limit, which is dropped.
};

}  // namespace confab
