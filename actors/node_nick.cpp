#include "actors/node_nick.hpp"

#include <algorithm>

namespace confab {

namespace {

/// Of UTF-8: such a byte belongs to the character before it.
bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

}  // namespace

std::string nick_with_node(std::string_view nick, std::string_view node) {
  const auto behind = 1 + std::min(node.size(), node_name_bytes_max);
  auto size = std::min(nick.size(), node_nick_bytes_max - behind);
  while (size > 0 && size < nick.size() && continues_character(nick[size]))
    --size;
  return std::string{nick.substr(0, size)}.append("/").append(node);
}

}  // namespace confab
