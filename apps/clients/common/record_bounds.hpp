#pragma once

#include <cstddef>
#include <string_view>

namespace confab::client {

/// Finds the ends of TLS records in a stream of bytes: whoever reads no more than `missing()` at a
/// time reads nothing of the next record.
class record_bounds {
 public:
  /// So many bytes of the record, or of its header, are still to come; at least one.
  [[nodiscard]] std::size_t missing() const { return missing_; }

  /// The next bytes of the stream, no more than missing().
  void take(std::string_view bytes) {
    if (in_header_)
      for (const char each : bytes)  // the last two bytes of a header are the record's length
        length_ = (length_ << 8U | static_cast<unsigned char>(each)) & 0xFFFFU;
    missing_ -= bytes.size();
    if (missing_ != 0)
      return;
    in_header_ = !in_header_ || length_ == 0;
    missing_ = in_header_ ? header_bytes : length_;
  }

 private:
  static constexpr std::size_t header_bytes = 5;

  std::size_t missing_ = header_bytes;
  std::size_t length_ = 0;
  bool in_header_ = true;
};

}  // namespace confab::client
