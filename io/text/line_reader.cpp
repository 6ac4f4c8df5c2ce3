#include "io/text/line_reader.hpp"

#include <cassert>
#include <utility>

namespace confab {
namespace {

std::string_view without_carriage_return(std::string_view line) {
  if (line.ends_with('\r'))
    line.remove_suffix(1);
  return line;
}

}  // namespace

line_reader::line_reader(std::size_t line_bytes_max, overlong_lines policy)
    : line_bytes_max_(line_bytes_max), policy_(policy) {
  assert(line_bytes_max >= 2);
}

line_reader::result line_reader::next(std::string_view& input) {
  discard_handed_out();
  for (;;) {
    if (dropping_) {
      if (!drop_to_line_end(input))
        return need_more{};
      if (policy_ == overlong_lines::dropped_at_end)
        return too_long{};
    }
    const auto newline = input.find('\n');
    const auto tail = input.substr(0, newline);
    // One byte of the limit belongs to the newline, also while it has not come yet.
    if (partial_.size() + tail.size() < line_bytes_max_) {
      input.remove_prefix(newline == std::string_view::npos ? tail.size() : newline + 1);
      if (newline != std::string_view::npos)
        return take_line(tail);
      partial_.append(tail);
      return need_more{};
    }
    if (policy_ == overlong_lines::handed_out_in_parts)
      return take_part(input);
    partial_ = std::string();
    dropping_ = true;
    if (policy_ == overlong_lines::dropped_at_once)
      return too_long{};
  }
}

line_reader::result line_reader::finish() {
  discard_handed_out();
  if (std::exchange(dropping_, false))
    return policy_ == overlong_lines::dropped_at_end ? result{too_long{}} : need_more{};
  if (partial_.empty())
    return need_more{};
  handed_out_ = partial_.size();
  return line{partial_};
}

void line_reader::discard_handed_out() {
  partial_.erase(0, std::exchange(handed_out_, 0));
}

bool line_reader::drop_to_line_end(std::string_view& input) {
  const auto newline = input.find('\n');
  dropping_ = newline == std::string_view::npos;
  input.remove_prefix(dropping_ ? input.size() : newline + 1);
  return !dropping_;
}

line_reader::result line_reader::take_line(std::string_view tail) {
  if (partial_.empty())
    return line{without_carriage_return(tail)};
  partial_.append(tail);
  handed_out_ = partial_.size();
  return line{without_carriage_return(partial_)};
}

// A carriage return at the end of the part stays: it belongs to the line's end if that comes next.
line_reader::result line_reader::take_part(std::string_view& input) {
  const auto missing = line_bytes_max_ - partial_.size();
  partial_.append(input.substr(0, missing));
  input.remove_prefix(missing);
  const auto text = without_carriage_return(partial_);
  handed_out_ = text.size();
  return part{text};
}

}  // namespace confab
