#include "io/dialects/line_reader.hpp"

namespace confab {

namespace {

std::string_view without_carriage_return(std::string_view line) {
  if (!line.empty() && line.back() == '\r')
    line.remove_suffix(1);
  return line;
}

}  // namespace

line_reader::result line_reader::next(std::string_view& input) {
  if (partial_taken_) {
    partial_.clear();
    partial_taken_ = false;
  }
  const auto newline = input.find('\n');
  if (newline != std::string_view::npos) {
    const auto tail = input.substr(0, newline);
    input.remove_prefix(newline + 1);
    return finish(tail);
  }
  // One byte of the limit belongs to the newline that has not come yet.
  if (!overflowing_ && partial_.size() + input.size() < line_bytes_max_) {
    partial_.append(input);
  } else if (!input.empty()) {
    overflowing_ = true;
    partial_ = std::string();
  }
  input = {};
  return need_more{};
}

line_reader::result line_reader::finish(std::string_view tail) {
  const bool fits = !overflowing_ && partial_.size() + tail.size() < line_bytes_max_;
  overflowing_ = false;
  if (!fits) {
    partial_ = std::string();
    return too_long{};
  }
  if (partial_.empty())
    return line{without_carriage_return(tail)};
  partial_.append(tail);
  partial_taken_ = true;
  return line{without_carriage_return(partial_)};
}

}  // namespace confab
