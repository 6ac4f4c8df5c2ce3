// What waits for readers: held once, counted exactly, given back at once.

#include "io/output/outbox.hpp"
#include "io/output/shared_stream.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <new>
#include <string>
#include <vector>

using namespace confab;

namespace {

std::string content_of(const outbox& box, std::size_t bytes_max = static_cast<std::size_t>(-1)) {
  std::vector<iovec> pieces(1000);
  std::string result;
  const auto count = box.gather(pieces, bytes_max);
  for (std::size_t i = 0; i < count; ++i)
    result.append(static_cast<const char*>(pieces[i].iov_base), pieces[i].iov_len);
  return result;
}

std::size_t pieces_of(const outbox& box) {
  std::vector<iovec> pieces(1000);
  return box.gather(pieces, static_cast<std::size_t>(-1));
}

/// Sends one text to all.
void write_to(std::deque<outbox>& boxes, shared_stream& stream, std::string_view text) {
  const auto ranges = stream.write(text);
  for (auto& box : boxes)
    box.append_shared(ranges);
  stream.written();
}

}  // namespace

TEST_CASE("an empty outbox holds no memory, and neither does a drained one") {
  output_memory memory;
  outbox box{memory};
  CHECK(memory.held_bytes() == 0);
  for (int i = 0; i < 1000; ++i)
    box.append_copy(std::string(100, 'x'));
  CHECK(memory.held_bytes() >= 100'000);
  CHECK(memory.queued_bytes() == 100'000);
  while (!box.empty())
    box.consume(std::min<std::size_t>(box.size(), 777));
  CHECK(memory.held_bytes() == 0);
  CHECK(memory.queued_bytes() == 0);
}

TEST_CASE("an outbox gives back what was put in, in pieces of every size") {
  for (std::size_t step = 1; step < 300; step += 7) {
    output_memory memory;
    outbox box{memory};
    shared_stream stream{memory};
    std::string expected;
    for (int i = 0; i < 60; ++i) {
      const auto text = std::to_string(i) + std::string(static_cast<std::size_t>(i * 5), 'a');
      expected += text;
      if (i % 3 == 0) {
        box.append_copy(text);
      } else {
        box.append_shared(stream.write(text));
        stream.written();
      }
    }
    CHECK(box.size() == expected.size());
    CHECK(content_of(box) == expected);
    std::string got;
    while (!box.empty()) {
      const auto piece = content_of(box, step);
      got += piece;
      box.consume(piece.size());
    }
    CHECK(got == expected);
    CHECK(memory.held_bytes() == 0);
  }
}

TEST_CASE("a thousand readers that lag behind hold each text once") {
  output_memory memory;
  shared_stream stream{memory};
  std::deque<outbox> boxes;
  for (int i = 0; i < 1000; ++i)
    boxes.emplace_back(memory);
  const std::string text(100, 'x');
  for (int i = 0; i < 10'000; ++i)
    write_to(boxes, stream, text);
  CHECK(memory.queued_bytes() == 1000ULL * 10'000 * 100);
  CHECK(memory.held_bytes() < 2 * 10'000 * 100);
  boxes.clear();
  CHECK(memory.held_bytes() == 0);
}

TEST_CASE("texts that follow one another are one piece for a reader that lags behind") {
  output_memory memory;
  shared_stream stream{memory};
  std::deque<outbox> boxes;
  boxes.emplace_back(memory);
  boxes.emplace_back(memory);
  for (int i = 0; i < 1000; ++i) {
    write_to(boxes, stream, std::string(60, 'x'));
    auto& fast = boxes.back();
    fast.consume(fast.size());  // It must not spoil the sharing for the slow one.
  }
  CHECK(boxes.front().size() == 60'000);
  CHECK(pieces_of(boxes.front()) < 20);
}

TEST_CASE("a reply between two texts is nobody else's") {
  output_memory memory;
  shared_stream stream{memory};
  std::deque<outbox> boxes;
  boxes.emplace_back(memory);
  boxes.emplace_back(memory);
  write_to(boxes, stream, "one ");
  boxes.front().append_copy("reply ");
  write_to(boxes, stream, "two");
  CHECK(content_of(boxes.front()) == "one reply two");
  CHECK(content_of(boxes.back()) == "one two");
}

TEST_CASE("when there is no memory nothing was appended, and nothing is lost") {
  bool fails = false;
  output_memory memory{64 * 1024, [&fails](std::size_t) { return fails; }};
  shared_stream stream{memory};
  outbox box{memory};
  box.append_copy("first ");
  fails = true;
  CHECK_THROWS_AS(box.append_copy(std::string(100'000, 'x')), std::bad_alloc);
  CHECK_THROWS_AS(stream.write("y"), std::bad_alloc);
  CHECK(content_of(box) == "first ");
  fails = false;
  box.append_copy("second");
  CHECK(content_of(box) == "first second");
}

TEST_CASE("a stream of which nobody waits for anything holds no memory") {
  output_memory memory;
  shared_stream stream{memory};
  {
    std::deque<outbox> boxes;
    boxes.emplace_back(memory);
    write_to(boxes, stream, "text");
    CHECK_FALSE(stream.is_idle());
  }
  CHECK(stream.is_idle());
  CHECK(memory.held_bytes() == 0);
}
