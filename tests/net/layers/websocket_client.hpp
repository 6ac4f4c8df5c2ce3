#pragma once

#include "io/net/layers/websocket_frames.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The client's side of a WebSocket, by hand.
namespace confab::test {

/// In which form the length of a payload is written, right or wrong.
enum class length_form { shortest, in_16_bits, in_64_bits };

/// A frame with these first eight bits.
inline std::string frame(unsigned first, std::string_view payload, bool is_masked = true,
                         length_form form = length_form::shortest) {
  const std::string key = is_masked ? "\x37\xfa\x21\x3d" : std::string(4, '\0');
  const unsigned mask_bit = is_masked ? 0x80 : 0;
  std::string result(1, static_cast<char>(first));
  int length_bytes = 0;
  if (form == length_form::in_64_bits || payload.size() > 65535)
    length_bytes = 8;
  else if (form == length_form::in_16_bits || payload.size() > 125)
    length_bytes = 2;
  const auto marker = length_bytes == 8 ? 127U : length_bytes == 2 ? 126U : payload.size();
  result += static_cast<char>(mask_bit | marker);
  for (int shift = 8 * length_bytes - 8; shift >= 0; shift -= 8)
    result += static_cast<char>(std::uint64_t{payload.size()} >> shift & 0xFFU);
  if (is_masked)
    result += key;
  for (std::size_t index = 0; index < payload.size(); ++index)
    result += static_cast<char>(payload[index] ^ key[index % 4]);
  return result;
}

inline std::string text_frame(std::string_view payload) {
  return frame(0x81, payload);
}
inline std::string ping_frame(std::string_view payload) {
  return frame(0x89, payload);
}

inline std::string close_frame(unsigned code, std::string_view reason = {}) {
  std::string payload{static_cast<char>(code >> 8U), static_cast<char>(code & 0xFFU)};
  payload += reason;
  return frame(0x88, payload);
}

/// A frame that the server sent.
struct server_frame {
  websocket_opcode opcode;
  std::string payload;

  /// Of a close: its code, 1005 if there is none.
  unsigned code() const {
    return payload.size() < 2 ? 1005U
                              : static_cast<unsigned>(static_cast<std::uint8_t>(payload[0])) << 8U |
                                    static_cast<std::uint8_t>(payload[1]);
  }
};

/// The frames in `bytes`, which must be whole, final and not masked: else nothing is returned for
/// the rest.
inline std::vector<server_frame> server_frames(std::string_view bytes) {
  const auto at = [&](std::size_t index) {
    return static_cast<std::size_t>(static_cast<std::uint8_t>(bytes[index]));
  };
  std::vector<server_frame> result;
  while (bytes.size() >= 2 && (at(0) & 0xF0U) == 0x80U && at(1) < 128) {
    std::size_t size = at(1);
    std::size_t header = 2;
    if (const std::size_t more = size == 126 ? 2 : size == 127 ? 8 : 0; more > 0) {
      size = 0;
      for (std::size_t index = 0; index < more; ++index)
        size = size << 8U | at(2 + index);
      header += more;
    }
    if (bytes.size() < header + size)
      break;
    result.push_back(
        {static_cast<websocket_opcode>(at(0) & 0x0FU), std::string{bytes.substr(header, size)}});
    bytes.remove_prefix(header + size);
  }
  return result;
}

}  // namespace confab::test
