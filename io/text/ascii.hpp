#pragma once

namespace confab {

/// Whether this byte is a control of ASCII, DEL among them.
constexpr bool is_ascii_control(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return value < 0x20U || value == 0x7FU;
}

}  // namespace confab
