#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Writing WebSocket frames (RFC 6455) on the side of the server: not masked, so that one is good
/// for many readers; never in fragments.
namespace confab {

enum class websocket_opcode : std::uint8_t {
  continuation = 0,
  text = 1,
  binary = 2,
  close = 8,
  ping = 9,
  pong = 10,
};

/// Codes of a close that we send (RFC 6455, 7.4.1).
enum class close_code : std::uint16_t {
  normal = 1000,
  going_away = 1001,
  protocol_error = 1002,
  invalid_payload = 1007,
  message_too_big = 1009,
};

void append_frame(websocket_opcode opcode, std::string_view payload, std::string& out);

/// `code` 0: a close without a code. The peer's code may be echoed, so it is a number.
void append_close(std::uint16_t code, std::string& out);

/// Each line of `lines`, up to `\n` or `\r\n`, as one message without its end, `text` or `binary`;
/// what is behind the last `\n` is a line, too. In text, each byte that is no valid UTF-8 becomes
/// U+FFFD: one such byte would end the connection of every reader. One pass, unless there is one.
void frame_lines(std::string_view lines, websocket_opcode opcode, std::string& out);

}  // namespace confab
