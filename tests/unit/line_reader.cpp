// Lines, cut out of bytes that are split anywhere.

#include "io/text/line_reader.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>
#include <string>
#include <vector>

using confab::line_reader;
using confab::overlong_lines;

namespace {

constexpr std::size_t limit = 8;

using results = std::vector<std::string>;

// A line stands as it is, a part with a `+` behind it.
struct shown {
  std::string operator()(const line_reader::line& found) const { return std::string(found.text); }
  std::string operator()(const line_reader::part& found) const {
    return std::string(found.text) + "+";
  }
  std::string operator()(const line_reader::too_long&) const { return "<too long>"; }
  std::string operator()(const line_reader::need_more&) const { return "<need more>"; }
};

bool needs_more(const line_reader::result& found) {
  return std::holds_alternative<line_reader::need_more>(found);
}

void read(line_reader& reader, std::string_view input, results& into) {
  for (auto found = reader.next(input); !needs_more(found); found = reader.next(input))
    into.push_back(std::visit(shown{}, found));
  CHECK(input.empty());
}

results cut(const results& pieces, overlong_lines policy = overlong_lines::dropped_at_end) {
  line_reader reader{limit, policy};
  results found;
  for (const auto& piece : pieces)
    read(reader, piece, found);
  if (const auto rest = reader.finish(); !needs_more(rest))
    found.push_back(std::visit(shown{}, rest));
  return found;
}

// All ways to split `bytes` into three pieces give what the whole gives.
void check_every_split(const std::string& bytes, const results& expected, overlong_lines policy) {
  CHECK(cut({bytes}, policy) == expected);
  for (std::size_t first = 0; first <= bytes.size(); ++first) {
    for (std::size_t second = first; second <= bytes.size(); ++second) {
      CAPTURE(first, second);
      CHECK(cut({bytes.substr(0, first), bytes.substr(first, second - first), bytes.substr(second)},
                policy) == expected);
    }
  }
}

}  // namespace

TEST_CASE("a line ends at a newline, with or without a carriage return before it") {
  CHECK(cut({"one\ntwo\r\n\n\r\n"}) == results{"one", "two", "", ""});
}

TEST_CASE("a carriage return or NUL inside a line belongs to it") {
  CHECK(cut({std::string("a\rb\n\r\r\nc\0d\n", 11)}) ==
        results{"a\rb", "\r", std::string("c\0d", 3)});
}

TEST_CASE("the limit of a line counts its end") {
  CHECK(cut({"1234567\n"}) == results{"1234567"});
  CHECK(cut({"123456\r\n"}) == results{"123456"});
  CHECK(cut({"12345678\n"}) == results{"<too long>"});
  CHECK(cut({"1234567\r\n"}) == results{"<too long>"});
}

TEST_CASE("lines do not depend on how their bytes are split") {
  const std::string bytes = "one\r\nfar too long\n1234567\n\n12345678\nend\nrest\r";
  const results expected{"one", "<too long>", "1234567", "", "<too long>", "end", "rest\r"};
  check_every_split(bytes, expected, overlong_lines::dropped_at_end);
  check_every_split(bytes, expected, overlong_lines::dropped_at_once);
}

TEST_CASE(
    "a line over the limit is reported at its end, or as soon as it is known to be too long") {
  const auto policy = GENERATE(overlong_lines::dropped_at_end, overlong_lines::dropped_at_once);
  const bool at_once = policy == overlong_lines::dropped_at_once;
  line_reader reader{limit, policy};
  results found;
  for (int count = 0; count < 1000; ++count) {
    read(reader, std::string(1000, 'x'), found);
    CHECK(found.size() == (at_once ? 1 : 0));
  }
  read(reader, "x\nnext\n", found);
  CHECK(found == results{"<too long>", "next"});
}

TEST_CASE("a stream that ends inside a line over the limit has one line that is too long") {
  const auto policy = GENERATE(overlong_lines::dropped_at_end, overlong_lines::dropped_at_once);
  CHECK(cut({"one\nfar too", " long"}, policy) == results{"one", "<too long>"});
}

TEST_CASE("a line of any length can be had in parts, the last of which is a line") {
  const auto cut_in_parts = [](const results& pieces) {
    return cut(pieces, overlong_lines::handed_out_in_parts);
  };
  CHECK(cut_in_parts({"1234567\n"}) == results{"1234567"});
  CHECK(cut_in_parts({"12345678abc\nnext\n"}) == results{"12345678+", "abc", "next"});
  CHECK(cut_in_parts({"12345678\n\n"}) == results{"12345678+", "", ""});
  CHECK(cut_in_parts({"12345678", "rest"}) == results{"12345678+", "rest"});
}

TEST_CASE("between two parts a carriage return is kept until it is known not to end the line") {
  check_every_split("1234567\r\nnext\n", {"1234567+", "", "next"},
                    overlong_lines::handed_out_in_parts);
  check_every_split("1234567\rabc\n", {"1234567+", "\rabc"}, overlong_lines::handed_out_in_parts);
  check_every_split("1234567\r", {"1234567+", "\r"}, overlong_lines::handed_out_in_parts);
}
