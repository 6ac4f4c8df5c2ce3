// Lines: protocols.md, section 1; 'a message ends at "\n" or "\r\n"' in both editions.

#include "apps/clients/common/line_splitter.hpp"

#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using confab::client::line_splitter;

namespace {

constexpr std::size_t limit = 8;
const std::string too_long = "<too long>";

void take(line_splitter& splitter, std::vector<std::string>& lines) {
  while (const auto next = splitter.next()) {
    lines.push_back(next->too_long ? too_long : next->text);
  }
}

std::vector<std::string> split(const std::vector<std::string>& chunks) {
  line_splitter splitter(limit);
  std::vector<std::string> lines;
  for (const auto& chunk : chunks) {
    splitter.push(chunk);
    take(splitter, lines);
  }
  return lines;
}

using lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a line ends at a newline, with or without a carriage return before it") {
  CHECK(split({"one\ntwo\r\n\n\r\nthree"}) == lines{"one", "two", "", ""});
}

TEST_CASE("a carriage return or NUL inside of a line belongs to it") {
  CHECK(split({std::string("a\rb\n\r\r\nc\0d\n", 11)}) ==
        lines{"a\rb", "\r", std::string("c\0d", 3)});
}

TEST_CASE("lines do not depend on how the bytes are split") {
  const std::string bytes = "one\r\nover-long line\n12345678\r\n\n123456789\nend\n";
  const lines expected{"one", too_long, "12345678", "", too_long, "end"};
  CHECK(split({bytes}) == expected);
  for (std::size_t first = 0; first <= bytes.size(); ++first) {
    for (std::size_t second = first; second <= bytes.size(); ++second) {
      CAPTURE(first, second);
      CHECK(split({bytes.substr(0, first), bytes.substr(first, second - first),
                   bytes.substr(second)}) == expected);
    }
  }
}

TEST_CASE("the limit counts the bytes before the line end") {
  CHECK(split({"12345678\n"}) == lines{"12345678"});
  CHECK(split({"12345678\r\n"}) == lines{"12345678"});
  CHECK(split({"123456789\n"}) == lines{too_long});
  CHECK(split({"12345678\r\r\n"}) == lines{too_long});
}

TEST_CASE("an over-long line is told once, before it ends, and dropped up to its end") {
  line_splitter splitter(limit);
  lines found;
  for (int count = 0; count < 1000; ++count) {
    splitter.push(std::string(1000, 'x'));
    take(splitter, found);
    CHECK(found == lines{too_long});
  }
  splitter.push("x\nnext\n");
  take(splitter, found);
  CHECK(found == lines{too_long, "next"});
}

TEST_CASE("a last line without an end is the rest") {
  line_splitter splitter(limit);
  splitter.push("one\ntwo");
  REQUIRE(splitter.next());
  CHECK_FALSE(splitter.has_next());
  const auto rest = splitter.rest();
  REQUIRE(rest);
  CHECK(rest->text == "two");
  CHECK_FALSE(splitter.rest());
}

TEST_CASE("the tail of an over-long line is no rest") {
  line_splitter splitter(limit);
  splitter.push("over-long line");
  REQUIRE(splitter.next());
  CHECK_FALSE(splitter.next());
  CHECK_FALSE(splitter.rest());
}

TEST_CASE("a line that was looked at stays to be taken while bytes are added") {
  line_splitter splitter(limit);
  splitter.push("one\ntw");
  CHECK(splitter.has_next());
  splitter.push("o\n");
  lines found;
  take(splitter, found);
  CHECK(found == lines{"one", "two"});
}
