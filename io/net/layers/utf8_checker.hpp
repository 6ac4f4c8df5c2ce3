#pragma once

#include <cstdint>
#include <string_view>

namespace confab {

/// Whether a stream of bytes is UTF-8 so far, however it is cut.
class utf8_checker {
 public:
  /// Takes the next bytes: false as soon as one of them cannot be there.
  bool take(std::string_view bytes);

  /// Whether no character is incomplete.
  bool is_whole() const { return missing_ == 0; }

 private:
  bool take_first(std::uint8_t byte);

  std::uint8_t missing_ = 0;  ///< Bytes until the character is complete.
  std::uint8_t low_ = 0;      ///< The next byte has to be from here
  std::uint8_t high_ = 0;     ///< to here.
};

}  // namespace confab
