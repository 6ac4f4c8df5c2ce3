// How lines become frames.

#include "io/net/layers/websocket_frames.hpp"

#include "tests/net/layers/websocket_client.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using namespace confab;
using namespace confab::test;

namespace {

std::vector<std::string> framed(std::string_view lines,
                                websocket_opcode opcode = websocket_opcode::text) {
  std::string out;
  frame_lines(lines, opcode, out);
  std::vector<std::string> result;
  std::size_t bytes = 0;
  for (const auto& each : server_frames(out)) {
    CHECK(each.opcode == opcode);
    result.push_back(each.payload);
    std::string again;
    append_frame(each.opcode, each.payload, again);
    bytes += again.size();
  }
  CHECK(bytes == out.size());
  return result;
}

using lines = std::vector<std::string>;

}  // namespace

TEST_CASE("each line becomes one message without its end") {
  CHECK(framed("one\r\ntwo\nthree\r\n") == lines{"one", "two", "three"});
  CHECK(framed("") == lines{});
  CHECK(framed("\r\n\n") == lines{"", ""});
  CHECK(framed("a\rb\r\n") == lines{"a\rb"});
}

TEST_CASE("what is behind the last line end is a line, too") {
  CHECK(framed("one\r\ntwo") == lines{"one", "two"});
}

TEST_CASE("a message of a server is not masked, and its length is in the shortest form") {
  for (const std::size_t size : {0U, 1U, 125U, 126U, 65535U, 65536U, 70000U}) {
    std::string out;
    append_frame(websocket_opcode::text, std::string(size, 'x'), out);
    CHECK(out.size() == size + (size < 126 ? 2 : size < 65536 ? 4 : 10));
    CHECK(static_cast<unsigned char>(out.front()) == 0x81);
    CHECK(server_frames(out).at(0).payload.size() == size);
  }
}

TEST_CASE("what is not UTF-8 becomes U+FFFD in messages of text") {
  CHECK(framed("caf\xE9\r\n") == lines{"caf\xEF\xBF\xBD"});
  CHECK(framed("\xED\xA0\x80") == lines{"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"});
  CHECK(framed("\xC3\xA9\xC3\n\xC3\xA9\n") == lines{"\xC3\xA9\xEF\xBF\xBD", "\xC3\xA9"});
}

TEST_CASE("messages of bytes stay as they are") {
  CHECK(framed("caf\xE9\r\n", websocket_opcode::binary) == lines{"caf\xE9"});
}

TEST_CASE("a close has a code, or none") {
  std::string out;
  append_close(1001, out);
  CHECK(server_frames(out).at(0).code() == 1001);
  out.clear();
  append_close(0, out);
  CHECK(out == std::string("\x88\0", 2));
}
