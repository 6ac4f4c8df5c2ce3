#include "tests/fuzz/lines.hpp"

#include "tests/fuzz/invariant.hpp"

#include <algorithm>

namespace confab::fuzz {

namespace {

std::vector<client::line> lines_in(std::string_view bytes, std::size_t first, std::size_t others,
                                   std::size_t line_bytes_max) {
  client::line_queue lines{line_bytes_max};
  std::vector<client::line> result;
  for (auto piece = first; !bytes.empty(); piece = others) {
    lines.push(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    while (auto found = lines.next())
      result.push_back(std::move(*found));
  }
  if (auto rest = lines.rest())
    result.push_back(std::move(*rest));
  return result;
}

bool same(const std::vector<client::line>& left, const std::vector<client::line>& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const client::line& one, const client::line& other) {
                      return one.text == other.text && one.too_long == other.too_long;
                    });
}

}  // namespace

std::vector<client::line> check_lines(const split_input& input, std::size_t line_bytes_max) {
  const auto all = input.all;
  auto whole = lines_in(all, all.size(), all.size(), line_bytes_max);
  require(same(whole, lines_in(all, input.position, all.size(), line_bytes_max)),
          "split in two, the input has the same lines");
  require(same(whole, lines_in(all, 1, 1, line_bytes_max)),
          "in single bytes, the input has the same lines");
  const auto ends = static_cast<std::size_t>(std::count(all.begin(), all.end(), '\n'));
  require(whole.size() == ends + (all.empty() || all.back() == '\n' ? 0 : 1),
          "there are as many lines as line ends, and a rest");
  for (const auto& each : whole) {
    require(each.text.find('\n') == std::string::npos, "a line is one line");
    require(each.text.size() <= line_bytes_max, "a line is within its limit");
    require(!each.too_long || each.text.empty(), "a line that is too long is dropped");
  }
  return whole;
}

}  // namespace confab::fuzz
