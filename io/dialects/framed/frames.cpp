#include "io/dialects/framed/frames.hpp"

#include "io/dialects/safe_text.hpp"

#include <algorithm>

namespace confab::framed {

namespace {

/// Clients of the course send the newline of their input line along: it is padding to us.
std::string_view without_padding(std::string_view frame) {
  const auto last = frame.find_last_not_of(" \r\n");
  return frame.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

}  // namespace

void append_frame(std::string_view text, std::string& out) {
  const auto content = cut_utf8(text, frame_bytes);
  out += content;
  out.append(frame_bytes - content.size(), ' ');
}

std::optional<std::string_view> frame_reader::next(std::string_view& input) {
  if (partial_.size() == frame_bytes)
    partial_.clear();
  if (partial_.empty() && input.size() >= frame_bytes) {
    const auto frame = input.substr(0, frame_bytes);
    input.remove_prefix(frame_bytes);
    return without_padding(frame);
  }
  const auto taken = std::min(input.size(), frame_bytes - partial_.size());
  partial_.append(input.substr(0, taken));
  input.remove_prefix(taken);
  if (partial_.size() < frame_bytes)
    return std::nullopt;
  return without_padding(partial_);
}

}  // namespace confab::framed
