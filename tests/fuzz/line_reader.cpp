// What a line_reader makes of any bytes, whatever it does about lines over its limit.

#include "io/text/line_reader.hpp"

#include "tests/fuzz/input.hpp"
#include "tests/fuzz/invariant.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace confab;

namespace {

constexpr std::size_t line_bytes_max = 16;

/// The lines of a stream; nothing for one that was reported as too long.
using lines = std::vector<std::optional<std::string>>;

class collector {
 public:
  explicit collector(overlong_lines policy) : reader_{line_bytes_max, policy} {}

  void read(std::string_view bytes) {
    while (add(reader_.next(bytes))) {
    }
    fuzz::require(bytes.empty(), "all input is consumed");
  }

  lines finish() {
    if (!add(reader_.finish()) && in_line_)
      found_.emplace_back(std::exchange(parts_, {}));
    return found_;
  }

 private:
  bool add(const line_reader::result& result) {
    if (const auto* line = std::get_if<line_reader::line>(&result)) {
      fuzz::require(line->text.size() <= line_bytes_max, "a line is within its limit");
      found_.emplace_back(std::exchange(parts_, {}) + std::string{line->text});
      in_line_ = false;
    } else if (const auto* part = std::get_if<line_reader::part>(&result)) {
      fuzz::require(part->text.size() <= line_bytes_max, "a part is within the limit of a line");
      parts_ += part->text;
      in_line_ = true;
    } else if (std::holds_alternative<line_reader::too_long>(result)) {
      found_.emplace_back(std::nullopt);
    }
    return !std::holds_alternative<line_reader::need_more>(result);
  }

  line_reader reader_;
  lines found_;
  std::string parts_;
  bool in_line_ = false;
};

/// The same by hand, of the whole input at once.
lines expected(std::string_view bytes, overlong_lines policy) {
  lines result;
  while (!bytes.empty()) {
    const auto newline = bytes.find('\n');
    const bool ended = newline != std::string_view::npos;
    auto text = bytes.substr(0, newline);
    bytes.remove_prefix(std::min(bytes.size(), text.size() + 1));
    const bool fits = text.size() < line_bytes_max;
    if (ended && text.ends_with('\r'))
      text.remove_suffix(1);
    if (fits || policy == overlong_lines::handed_out_in_parts)
      result.emplace_back(text);
    else
      result.emplace_back(std::nullopt);
  }
  return result;
}

}  // namespace

void fuzz::try_input(const split_input& input) {
  for (const auto policy : {overlong_lines::dropped_at_end, overlong_lines::dropped_at_once,
                            overlong_lines::handed_out_in_parts}) {
    const auto wanted = expected(input.all, policy);
    collector in_two{policy};
    in_two.read(input.front());
    in_two.read(input.back());
    require(in_two.finish() == wanted, "split in two, the input has the lines that it has");
    collector in_bytes{policy};
    for (std::size_t each = 0; each < input.all.size(); ++each)
      in_bytes.read(input.all.substr(each, 1));
    require(in_bytes.finish() == wanted, "in single bytes, the input has the same lines");
  }
}
