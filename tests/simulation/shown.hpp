#pragma once

#include <algorithm>
#include <string>
#include <string_view>

/// How names and texts may look to readers of another protocol: docs/dialects/README.md.
namespace confab::simulation {

inline bool is_letter_or_digit(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9');
}

/// `text` with `replacement` for every byte that `is_safe` does not like.
template <class Predicate>
std::string replaced(std::string text, Predicate is_safe, char replacement) {
  std::replace_if(
      text.begin(), text.end(), [&](char byte) { return !is_safe(byte); }, replacement);
  return text;
}

/// Nothing in it could end a line.
inline std::string in_one_line(std::string text) {
  return replaced(
      std::move(text), [](char byte) { return byte != '\n' && byte != '\r' && byte != '\0'; }, ' ');
}

/// A name as it is compared: notices show no blanks in it, and texts do.
inline std::string in_one_word(std::string name) {
  return replaced(
      std::move(name), [](char byte) { return byte != ' '; }, '_');
}

inline std::string_view without_padding(std::string_view text) {
  const auto last = text.find_last_not_of(" \r\n");
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

}  // namespace confab::simulation
