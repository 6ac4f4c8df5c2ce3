#include "apps/clients/tagged/tagged_message.hpp"

namespace confab::client {

std::optional<tagged_message> parse_message(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos)
    return std::nullopt;
  return tagged_message{line.substr(0, colon), line.substr(colon + 1)};
}

std::optional<delivery> parse_delivery(std::string_view payload) {
  const auto room = parse_message(payload);
  const auto sender = room ? parse_message(room->payload) : std::nullopt;
  if (!sender)
    return std::nullopt;
  return delivery{room->tag, sender->tag, sender->payload};
}

std::optional<std::string> encode_message(std::string_view tag, std::string_view payload) {
  if (!encoding_obstacle(tag, payload).empty())
    return std::nullopt;
  std::string message(tag);
  message += ':';
  message += payload;
  message += '\n';
  return message;
}

std::string encoding_obstacle(std::string_view tag, std::string_view payload) {
  if (payload.find('\n') != std::string_view::npos || payload.ends_with('\r'))
    return "holds a line end";
  const std::size_t payload_bytes_max = message_bytes_max - tag.size() - 2;  // 2: `:` and `\n`
  if (payload.size() > payload_bytes_max) {
    return "is too long: " + std::to_string(payload.size()) + " bytes, at most " +
           std::to_string(payload_bytes_max) + " can be sent";
  }
  return {};
}

}  // namespace confab::client
