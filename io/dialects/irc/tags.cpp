#include "io/dialects/irc/tags.hpp"

#include <algorithm>

namespace confab::irc {
namespace {

// Takes the first tag, as it was sent, from the front of `tags`, which are not empty.
std::string_view take_tag(std::string_view& tags) {
  const auto end = std::min(tags.find(';'), tags.size());
  const auto tag = tags.substr(0, end);
  tags.remove_prefix(std::min(end + 1, tags.size()));
  return tag;
}

std::string_view key_of(std::string_view tag) {
  return tag.substr(0, tag.find('='));
}

bool is_key_byte(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9') || byte == '-' || byte == '.' || byte == '/';
}

bool is_relayed(std::string_view tag) {
  const auto key = key_of(tag);
  return key.size() > 1 && key.front() == '+' &&
         std::all_of(key.begin() + 1, key.end(), is_key_byte) &&
         tag.find_first_of(std::string_view{"\r\n\0 ", 4}) == std::string_view::npos;
}

std::string_view escape_of(char byte) {
  switch (byte) {
    case ';':
      return "\\:";
    case ' ':
    case '\0':
      return "\\s";
    case '\\':
      return "\\\\";
    case '\r':
      return "\\r";
    case '\n':
      return "\\n";
    default:
      return {};
  }
}

char meant_by(char escaped) {
  switch (escaped) {
    case ':':
      return ';';
    case 's':
      return ' ';
    case 'r':
      return '\r';
    case 'n':
      return '\n';
    default:
      return escaped;
  }
}

}  // namespace

void append_escaped(std::string_view value, std::string& out) {
  for (const char byte : value)
    if (const auto escape = escape_of(byte); !escape.empty())
      out += escape;
    else
      out += byte;
}

std::string unescaped(std::string_view raw) {
  std::string result;
  for (std::size_t at = 0; at < raw.size(); ++at)
    if (raw[at] != '\\')
      result += raw[at];
    else if (++at < raw.size())
      result += meant_by(raw[at]);
  return result;
}

std::optional<std::string_view> find_tag(std::string_view tags, std::string_view key) {
  std::optional<std::string_view> found;
  while (!tags.empty()) {
    const auto tag = take_tag(tags);
    if (key_of(tag) == key)
      found = tag.substr(std::min(key.size() + 1, tag.size()));
  }
  return found;
}

void tag_list::add(std::string_view key) {
  const auto size_before = text_.size();
  begin_tag(key);
  end_tag(size_before, own_bytes_);
}

void tag_list::add(std::string_view key, std::string_view value) {
  const auto size_before = text_.size();
  begin_tag(key);
  text_ += '=';
  append_escaped(value, text_);
  end_tag(size_before, own_bytes_);
}

void tag_list::add_client_tags(std::string_view tags) {
  while (!tags.empty()) {
    const auto tag = take_tag(tags);
    if (!is_relayed(tag))
      continue;
    const auto size_before = text_.size();
    begin_tag(tag);
    end_tag(size_before, client_bytes_);
  }
}

void tag_list::clear() {
  text_.clear();
  own_bytes_ = 0;
  client_bytes_ = 0;
}

void tag_list::begin_tag(std::string_view key) {
  if (!text_.empty())
    text_ += ';';
  text_ += key;
}

// A tag counts with the `;` that joins it to the tags of its own kind. The one `;` that joins both
// kinds belongs to neither: '@', 4094 bytes, ';', 4094 bytes and a blank are the 8191 in all.
void tag_list::end_tag(std::size_t size_before, std::size_t& used) {
  const std::size_t joined_to_text = size_before == 0 ? 0 : 1;
  const std::size_t joined_to_own_kind = used == 0 ? 0 : 1;
  const auto bytes = text_.size() - size_before - joined_to_text + joined_to_own_kind;
  if (used + bytes > tag_data_bytes_max)
    text_.resize(size_before);
  else
    used += bytes;
}

}  // namespace confab::irc
