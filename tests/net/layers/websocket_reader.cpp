// What RFC 6455 demands of whoever reads a client's frames, each rule cut everywhere.

#include "io/net/layers/websocket_reader.hpp"

#include "tests/net/layers/heap.hpp"
#include "tests/net/layers/pieces.hpp"
#include "tests/net/layers/websocket_client.hpp"
#include "tests/support/catch.hpp"

#include <memory>
#include <string>
#include <vector>

using namespace confab;
using namespace confab::test;

namespace {

constexpr std::size_t message_bytes_max = 65536;
constexpr unsigned none = 0;

struct outcome {
  std::string lines;
  std::string pong;       ///< Of the last one.
  unsigned refusal = 0;   ///< The code that the reader closed with.
  unsigned farewell = 0;  ///< The code of the client's close, 1005 if it had none.

  bool operator==(const outcome&) const = default;
};

std::ostream& operator<<(std::ostream& out, const outcome& value) {
  return out << "lines '" << value.lines.substr(0, 60) << "', pong '" << value.pong << "', refusal "
             << value.refusal << ", farewell " << value.farewell;
}

outcome read(const pieces& input) {
  websocket_reader reader{message_bytes_max};
  outcome result;
  layer_output out;
  auto state = layer_state::open;
  for (const auto piece : input)
    if (state == layer_state::open)
      state = reader.take(piece, out);
  for (const auto& each : server_frames(out.down)) {
    if (each.opcode == websocket_opcode::pong)
      result.pong = each.payload;
    if (each.opcode == websocket_opcode::close)
      result.refusal = each.code();
  }
  if (state == layer_state::input_ended)
    result.farewell = reader.peer_code() == 0 ? 1005U : reader.peer_code();
  CHECK((state == layer_state::broken) == (result.refusal != none));
  CHECK((state == layer_state::broken) == !reader.complaint().empty());
  result.lines = out.up;
  return result;
}

void expect(const std::string& input, const outcome& wanted) {
  for (const auto& cut : all_cuts(input)) {
    INFO(input.size() << " bytes in " << cut.size() << " pieces, the first of "
                      << cut.front().size());
    CHECK(read(cut) == wanted);
  }
}

outcome says(std::string lines) {
  return {std::move(lines), "", none, none};
}
outcome refused(unsigned code, std::string lines = {}) {
  return {std::move(lines), "", code, none};
}
outcome closes(unsigned code, std::string lines = {}) {
  return {std::move(lines), "", none, code};
}
outcome pongs(std::string payload, std::string lines = {}) {
  return {std::move(lines), std::move(payload), none, none};
}

const std::string kosme = "\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5";
const std::string largest(message_bytes_max, 'x');

}  // namespace

TEST_CASE("RFC 6455, 5.6: a message of text goes up as a line") {
  expect(text_frame("hello"), says("hello\n"));
}
TEST_CASE("RFC 6455, 5.6: an empty message is an empty line") {
  expect(text_frame(""), says("\n"));
}
TEST_CASE("RFC 6455, 5.6: messages keep their order") {
  expect(text_frame("a") + text_frame("b"), says("a\nb\n"));
}
TEST_CASE("RFC 6455, 5.6: a binary message may hold any bytes") {
  expect(frame(0x82, "\xff\xfe"), says("\xff\xfe\n"));
}
TEST_CASE("RFC 6455, 10.4: a message as long as the limit is taken") {
  expect(frame(0x81, largest), says(largest + "\n"));
}
TEST_CASE("RFC 6455, 10.4: a message one byte over the limit is refused with 1009") {
  expect(frame(0x81, largest + "x"), refused(1009));
}
TEST_CASE("RFC 6455, 10.4: a length is refused when it is announced, before its bytes come") {
  expect(std::string("\x81\xff\0\0\1\0\0\0\0\0abcd", 14), refused(1009));
}
TEST_CASE("RFC 6455, 5.2: the most significant bit of a length in 64 bits must be 0") {
  expect(std::string("\x81\xff\x80\0\0\0\0\0\0\0abcd", 14), refused(1002));
}
TEST_CASE("RFC 6455, 5.2: a length in 16 bits must need them") {
  expect(frame(0x81, "hi", true, length_form::in_16_bits), refused(1002));
}
TEST_CASE("RFC 6455, 5.2: a length in 64 bits must need them") {
  expect(frame(0x81, "hi", true, length_form::in_64_bits), refused(1002));
}
TEST_CASE("RFC 6455, 5.4: fragments are one message") {
  expect(frame(0x01, "he") + frame(0x00, "l") + frame(0x80, "lo"), says("hello\n"));
}
TEST_CASE("RFC 6455, 5.4: fragments may be empty") {
  expect(frame(0x01, "") + frame(0x00, "") + frame(0x80, ""), says("\n"));
}
TEST_CASE("RFC 6455, 5.4: control frames may stand between fragments") {
  expect(frame(0x01, "he") + ping_frame("p") + frame(0x80, "llo"), pongs("p", "hello\n"));
}
TEST_CASE("RFC 6455, 10.4: the limit is one of the whole message, not of its fragments") {
  expect(frame(0x01, largest) + frame(0x80, "x"), refused(1009));
}
TEST_CASE("RFC 6455, 5.4: a continuation needs a message that it continues") {
  expect(frame(0x80, "x"), refused(1002));
}
TEST_CASE("RFC 6455, 5.4: a message is not begun within another one") {
  expect(frame(0x01, "he") + text_frame("x"), refused(1002));
}
TEST_CASE("RFC 6455, 5.5.3: a pong has the bytes of its ping") {
  expect(ping_frame("are you there"), pongs("are you there"));
}
TEST_CASE("RFC 6455, 5.5: a ping may have 125 bytes") {
  expect(ping_frame(std::string(125, 'p')), pongs(std::string(125, 'p')));
}
TEST_CASE("RFC 6455, 5.5: a ping may not have 126 bytes") {
  expect(ping_frame(std::string(126, 'p')), refused(1002));
}
TEST_CASE("RFC 6455, 5.5: a ping is not fragmented") {
  expect(frame(0x09, "x"), refused(1002));
}
TEST_CASE("RFC 6455, 5.5.3: a pong that nobody asked for is ignored") {
  expect(frame(0x8A, "x") + text_frame("a"), says("a\n"));
}
TEST_CASE("RFC 6455, 5.1: a client must mask its frames") {
  expect(frame(0x81, "x", false), refused(1002));
}
TEST_CASE("RFC 6455, 5.1: a client must mask its empty frames") {
  expect(frame(0x81, "", false), refused(1002));
}
TEST_CASE("RFC 6455, 5.2: RSV1 needs an extension") {
  expect(frame(0xC1, "x"), refused(1002));
}
TEST_CASE("RFC 6455, 5.2: RSV2 needs an extension") {
  expect(frame(0xA1, "x"), refused(1002));
}
TEST_CASE("RFC 6455, 5.2: RSV3 needs an extension") {
  expect(frame(0x91, "x"), refused(1002));
}
TEST_CASE("RFC 6455, 5.2: opcode 3 is unknown") {
  expect(frame(0x83, "x"), refused(1002));
}
TEST_CASE("RFC 6455, 5.2: opcode 11 is unknown") {
  expect(frame(0x8B, "x"), refused(1002));
}
TEST_CASE("RFC 6455, 5.6: text is UTF-8") {
  expect(text_frame(kosme), says(kosme + "\n"));
}
TEST_CASE("RFC 6455, 5.6: fragments may cut a character") {
  expect(frame(0x01, kosme.substr(0, 1)) + frame(0x80, kosme.substr(1)), says(kosme + "\n"));
}
TEST_CASE("RFC 6455, 8.1: a text that ends within a character is refused with 1007") {
  expect(text_frame("\xCE"), refused(1007));
}
TEST_CASE("RFC 6455, 8.1: a surrogate is refused with 1007") {
  expect(text_frame("\xED\xA0\x80"), refused(1007));
}
TEST_CASE("RFC 6455, 8.1: an overlong form is refused with 1007") {
  expect(text_frame("\xC0\xAF"), refused(1007));
}
TEST_CASE("RFC 6455, 8.1: what is above U+10FFFF is refused with 1007") {
  expect(text_frame("\xF4\x90\x80\x80"), refused(1007));
}
TEST_CASE("RFC 6455, 8.1: a wrong byte in the first fragment is refused before the last one") {
  expect(frame(0x01, "\xff"), refused(1007));
}
TEST_CASE("RFC 6455, 5.5.1: a close is noted with its code") {
  expect(close_frame(1000), closes(1000));
}
TEST_CASE("RFC 6455, 5.5.1: a close may have no code") {
  expect(frame(0x88, ""), closes(1005));
}
TEST_CASE("RFC 6455, 5.5.1: a close does not have one byte") {
  expect(frame(0x88, "x"), refused(1002));
}
TEST_CASE("RFC 6455, 5.5.1: a close may have a reason") {
  expect(close_frame(1001, kosme), closes(1001));
}
TEST_CASE("RFC 6455, 5.5.1: the reason of a close is UTF-8") {
  expect(close_frame(1000, "\xff"), refused(1007));
}
TEST_CASE("RFC 6455, 5.5.1: the reason of a close does not end within a character") {
  expect(close_frame(1000, "\xCE"), refused(1007));
}
TEST_CASE("RFC 6455, 7.4.2: codes from 3000 to 4999 are for applications") {
  expect(close_frame(3000), closes(3000));
  expect(close_frame(4999), closes(4999));
}
TEST_CASE("RFC 6455, 7.4.2: codes below 1000 are not used") {
  expect(close_frame(999), refused(1002));
}
TEST_CASE("RFC 6455, 7.4.1: 1005 must not be sent") {
  expect(close_frame(1005), refused(1002));
}
TEST_CASE("RFC 6455, 7.4.1: 1006 and 1015 must not be sent") {
  expect(close_frame(1006), refused(1002));
  expect(close_frame(1015), refused(1002));
}
TEST_CASE("RFC 6455, 11.7: 1012, registered later, may be sent") {
  expect(close_frame(1012), closes(1012));
}
TEST_CASE("RFC 6455, 7.4.2: codes from 5000 are not used") {
  expect(close_frame(5000), refused(1002));
}
TEST_CASE("RFC 6455, 5.5: a close may not have 126 bytes") {
  expect(close_frame(1000, std::string(124, 'x')), refused(1002));
}
TEST_CASE("RFC 6455, 5.5.1: what follows a close is ignored") {
  expect(close_frame(1000) + text_frame("x"), closes(1000));
}
TEST_CASE("RFC 6455, 5.4: what came before a violation has been said") {
  expect(text_frame("a") + frame(0x83, "x"), refused(1002, "a\n"));
}

TEST_CASE("RFC 6455, 5.5.3: of several pings in one read the newest is answered") {
  websocket_reader reader{message_bytes_max};
  layer_output out;
  out.down = "before";
  reader.take(ping_frame("a long first one") + text_frame("x") + ping_frame("b"), out);
  CHECK(out.down == std::string{"before\x8A\x01"
                                "b"});
  CHECK(out.up == "x\n");
}

TEST_CASE("a pong goes before the close that a violation in the same read brings") {
  websocket_reader reader{message_bytes_max};
  layer_output out;
  reader.take(ping_frame("p") + frame(0x83, "x"), out);
  const auto frames = server_frames(out.down);
  REQUIRE(frames.size() == 2);
  CHECK(frames[0].opcode == websocket_opcode::pong);
  CHECK(frames[1].code() == 1002);
}

TEST_CASE("a message ends at its first CR, LF or NUL, since it can be one line only") {
  expect(text_frame("PING x\r\n"), says("PING x\n"));
  expect(text_frame("one\nQUIT"), says("one\n"));
  expect(text_frame("one\rQUIT"), says("one\n"));
  expect(text_frame(std::string("one\0QUIT", 8)), says("one\n"));
  expect(frame(0x01, "one\r") + frame(0x80, "\nQUIT") + text_frame("two"), says("one\ntwo\n"));
}

TEST_CASE("each length of a payload is unmasked as it was masked") {
  for (std::size_t size = 0; size < 40; ++size) {
    std::string payload;
    for (std::size_t index = 0; index < size; ++index)
      payload += static_cast<char>('A' + index);
    const auto input = text_frame(payload);
    for (std::size_t step = 1; step <= input.size(); ++step)
      CHECK(read(in_steps(input, step)) == says(payload + "\n"));
  }
}

TEST_CASE("a connection that has said close says nothing more") {
  websocket_reader reader{message_bytes_max};
  reader.stop_answering();
  layer_output out;
  CHECK(reader.take(ping_frame("p"), out) == layer_state::open);
  CHECK(reader.take(frame(0x83, "x"), out) == layer_state::broken);
  CHECK(out.down.empty());
}

TEST_CASE("an idle WebSocket holds less than 500 bytes") {
  constexpr std::size_t count = 1000;
  std::vector<std::unique_ptr<websocket_reader>> readers;
  readers.reserve(count);
  layer_output out;
  const auto fragments = frame(0x01, largest) + frame(0x80, "");
  out.up.reserve(2 * message_bytes_max);
  const auto before = heap_bytes();
  for (std::size_t index = 0; index < count; ++index) {
    readers.push_back(std::make_unique<websocket_reader>(message_bytes_max + 1));
    readers.back()->take(fragments, out);
    out.up.clear();
  }
  CHECK((heap_bytes() - before) / count < 500);
  CHECK(sizeof(websocket_reader) < 500);
}
