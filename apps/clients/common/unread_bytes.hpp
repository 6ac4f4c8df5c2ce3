#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace confab::client {

/// Bytes that have arrived and that no reader has taken yet. A reader is anything with a function
/// `next(std::string_view& input)` that shortens its input from the front, such as line_reader.
class unread_bytes {
 public:
  /// Adds bytes.
  void push(std::string_view bytes) {
    buffer_.erase(0, start_);
    start_ = 0;
    buffer_ += bytes;
  }

  /// What `reader` makes of the bytes. Views in the result are valid until the next push().
  template <class Reader>
  auto read_with(Reader& reader) {
    auto input = std::string_view(buffer_).substr(start_);
    auto result = reader.next(input);
    start_ = buffer_.size() - input.size();
    return result;
  }

 private:
  std::string buffer_;
  std::size_t start_ = 0;  // of the first byte that nobody has taken
};

}  // namespace confab::client
