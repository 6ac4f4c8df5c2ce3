#include "io/net/layers/websocket_frames.hpp"

#include "io/text/utf8.hpp"

namespace confab {

namespace {

void append_big_endian(std::uint64_t value, int bytes, std::string& out) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out += static_cast<char>(value >> static_cast<unsigned>(shift) & 0xFFU);
}

std::string as_utf8(std::string_view bytes) {
  constexpr std::string_view replacement = "\xEF\xBF\xBD";
  std::string result;
  while (!bytes.empty()) {
    const auto size = first_character(bytes).bytes;
    result += size == 0 ? replacement : bytes.substr(0, size);
    bytes.remove_prefix(size == 0 ? 1 : size);
  }
  return result;
}

}  // namespace

void append_frame(websocket_opcode opcode, std::string_view payload, std::string& out) {
  constexpr unsigned last_fragment = 0x80;
  out += static_cast<char>(last_fragment | static_cast<unsigned>(opcode));
  if (payload.size() < 126) {
    out += static_cast<char>(payload.size());
  } else if (payload.size() < 65536) {
    out += static_cast<char>(126);
    append_big_endian(payload.size(), 2, out);
  } else {
    out += static_cast<char>(127);
    append_big_endian(payload.size(), 8, out);
  }
  out += payload;
}

void append_close(std::uint16_t code, std::string& out) {
  std::string payload;
  if (code != 0)
    append_big_endian(code, 2, payload);
  append_frame(websocket_opcode::close, payload, out);
}

void frame_lines(std::string_view lines, websocket_opcode opcode, std::string& out) {
  while (!lines.empty()) {
    const auto end = lines.find('\n');
    auto line = lines.substr(0, end);
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
    if (end != std::string_view::npos && line.ends_with('\r'))
      line.remove_suffix(1);
    if (opcode == websocket_opcode::text && !is_valid_utf8(line))
      append_frame(opcode, as_utf8(line), out);
    else
      append_frame(opcode, line, out);
  }
}

}  // namespace confab
