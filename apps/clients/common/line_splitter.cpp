#include "apps/clients/common/line_splitter.hpp"

#include <utility>

namespace confab::client {

void line_splitter::push(std::string_view bytes) {
  buffer_.erase(0, start_);
  scanned_ -= start_;
  start_ = 0;
  buffer_ += bytes;
}

std::optional<line> line_splitter::next() {
  if (!has_next()) {
    return std::nullopt;
  }
  return std::exchange(ready_, std::nullopt);
}

bool line_splitter::has_next() {
  if (!ready_) {
    ready_ = scan();
  }
  return ready_.has_value();
}

std::optional<line> line_splitter::rest() {
  if (dropping_ || start_ == buffer_.size()) {
    return std::nullopt;
  }
  const auto from = std::exchange(start_, buffer_.size());
  scanned_ = start_;
  return line{buffer_.substr(from), false};
}

std::optional<line> line_splitter::scan() {
  for (;;) {
    const auto end = buffer_.find('\n', scanned_);
    if (end == std::string::npos) {
      return scan_unfinished();
    }
    auto text = std::string_view(buffer_).substr(start_, end - start_);
    start_ = scanned_ = end + 1;
    if (std::exchange(dropping_, false)) {
      continue;  // the rest of an over-long line that was told before
    }
    if (text.ends_with('\r')) {
      text.remove_suffix(1);
    }
    return text.size() <= line_bytes_max_ ? line{std::string(text), false} : line{{}, true};
  }
}

std::optional<line> line_splitter::scan_unfinished() {
  scanned_ = buffer_.size();
  const bool overflows = scanned_ - start_ > line_bytes_max_ + 1;  // 1: perhaps the `\r` of an end
  const bool told = dropping_;
  dropping_ = dropping_ || overflows;
  if (!dropping_) {
    return std::nullopt;
  }
  start_ = scanned_;
  return told ? std::nullopt : std::optional(line{{}, true});
}

}  // namespace confab::client
