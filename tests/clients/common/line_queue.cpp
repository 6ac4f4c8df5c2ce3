// The lines that a client keeps until it wants them. How they are cut: tests/unit/line_reader.cpp.

#include "apps/clients/common/line_queue.hpp"

#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using confab::client::line_queue;

namespace {

constexpr std::size_t limit = 8;
const std::string too_long = "<too long>";

using lines = std::vector<std::string>;

void take(line_queue& queue, lines& taken) {
  while (const auto next = queue.next())
    taken.push_back(next->too_long ? too_long : next->text);
}

}  // namespace

TEST_CASE("lines wait until they are taken, however their bytes are joined and split") {
  const std::string bytes = "one\ntwo\r\n\nover-long\nend\n";
  for (std::size_t first = 0; first <= bytes.size(); ++first) {
    CAPTURE(first);
    line_queue queue(limit);
    queue.push(bytes.substr(0, first));
    queue.push(bytes.substr(first));
    lines taken;
    take(queue, taken);
    CHECK(taken == lines{"one", "two", "", too_long, "end"});
  }
}

TEST_CASE("an over-long line is reported once, before it ends, and dropped up to its end") {
  line_queue queue(limit);
  lines taken;
  for (int count = 0; count < 1000; ++count) {
    queue.push(std::string(1000, 'x'));
    take(queue, taken);
    CHECK(taken == lines{too_long});
  }
  queue.push("x\nnext\n");
  take(queue, taken);
  CHECK(taken == lines{too_long, "next"});
}

TEST_CASE("a last line without an end is the rest") {
  line_queue queue(limit);
  queue.push("one\ntwo");
  REQUIRE(queue.next());
  CHECK_FALSE(queue.has_next());
  const auto rest = queue.rest();
  REQUIRE(rest);
  CHECK(rest->text == "two");
  CHECK_FALSE(queue.rest());
}

TEST_CASE("the tail of an over-long line is no rest") {
  line_queue queue(limit);
  queue.push("over-long line");
  REQUIRE(queue.next());
  CHECK_FALSE(queue.next());
  CHECK_FALSE(queue.rest());
}

TEST_CASE("a line that was looked at stays to be taken while bytes are added") {
  line_queue queue(limit);
  queue.push("one\ntw");
  CHECK(queue.has_next());
  queue.push("o\n");
  lines taken;
  take(queue, taken);
  CHECK(taken == lines{"one", "two"});
}
