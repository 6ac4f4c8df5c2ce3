#include "io/dialects/irc/names.hpp"

#include "io/dialects/safe_text.hpp"
#include "io/text/ascii.hpp"
#include "io/text/utf8.hpp"

#include <algorithm>
#include <utf8proc.h>

namespace confab::irc {
namespace {

bool is_letter(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

bool begins_nick(char byte) {
  return is_letter(byte) || std::string_view{"[]\\^{|}_`"}.find(byte) != std::string_view::npos;
}

bool continues_nick(char byte) {
  return begins_nick(byte) || is_digit(byte) || byte == '-';
}

bool is_user_byte(char byte) {
  return is_letter(byte) || is_digit(byte) || byte == '.' || byte == '_' || byte == '-';
}

bool ends_channel_name(char byte) {
  return byte == ' ' || byte == ',' || is_ascii_control(byte);
}

bool is_printable_beyond_ascii(const utf8_character& character) {
  if (character.bytes < 2)
    return false;
  // The first letter of Unicode's general category.
  const char category = utf8proc_category_string(static_cast<utf8proc_int32_t>(character.code))[0];
  return std::string_view{"LNMSP"}.find(category) != std::string_view::npos;
}

}  // namespace

bool is_valid_nick(std::string_view nick) {
  return !nick.empty() && nick.size() <= nick_bytes_max && begins_nick(nick.front()) &&
         std::all_of(nick.begin(), nick.end(), continues_nick);
}

std::string clean_user(std::string_view user) {
  std::string result;
  for (const char byte : user)
    if (is_user_byte(byte) && result.size() < user_bytes_max)
      result += byte;
  return result.empty() ? "user" : result;
}

bool is_seen_from_irc(std::string_view room) {
  return !room.empty() && std::none_of(room.begin(), room.end(), ends_channel_name) &&
         is_valid_utf8(room);
}

std::optional<std::string_view> room_of_channel(std::string_view channel) {
  if (!channel.starts_with('#') || !is_seen_from_irc(channel.substr(1)))
    return std::nullopt;
  return channel.substr(1);
}

std::optional<std::string> channel_of_room(std::string_view room) {
  if (!is_seen_from_irc(room))
    return std::nullopt;
  return std::string{"#"}.append(room);
}

std::string foreign_nick_base(std::string_view name) {
  std::string result;
  while (!name.empty() && result.size() <= foreign_base_bytes_max) {
    const auto next = first_character(name);
    const auto bytes = std::max<std::size_t>(next.bytes, 1);
    if (continues_nick(name.front()) || is_printable_beyond_ascii(next))
      result += name.substr(0, bytes);
    else
      result += '_';
    name.remove_prefix(bytes);
  }
  if (result.empty())
    return "_";
  result.resize(cut_utf8(result, foreign_base_bytes_max).size());
  return result;
}

std::string foreign_nick(std::string_view base, std::string_view dialect, std::size_t number) {
  auto result = std::string{base}.append("/").append(dialect);
  if (number > 1)
    result += std::to_string(number);
  return result;
}

}  // namespace confab::irc
