#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace confab::irc {

/// Writes words into as few lines as it takes, each line behind the same front. Takes time in
/// proportion to the words, however many there are. There is no line without a word.
///
///     word_lines names{out, ":srv 353 alice = #cafe :", ' '};
///     names.add("@", "bob");
class word_lines {
 public:
  /// `front` ends with ` :`; together with a word it fits into a line.
  word_lines(std::string& out, std::string front, char separator)
      : out_(out), front_(std::move(front)), separator_(separator) {}

  word_lines(const word_lines&) = delete;
  word_lines& operator=(const word_lines&) = delete;

  /// Ends the last line.
  ~word_lines() { end_line(); }

  /// Adds a word that begins with `prefix`. Neither holds a blank, CR, LF or NUL.
  void add(std::string_view prefix, std::string_view word);

 private:
  void end_line();

  std::string& out_;
  std::string front_;
  char separator_;
  bool is_open_ = false;
  std::size_t start_ = 0;  ///< Where the open line begins in `out_`.
};

}  // namespace confab::irc
