#include "io/dialects/irc/text_writer.hpp"

#include "io/dialects/irc/dialect_name.hpp"
#include "io/dialects/irc/line_writer.hpp"
#include "io/dialects/irc/message_id.hpp"
#include "io/dialects/irc/relayed_text.hpp"
#include "io/dialects/safe_text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace confab::irc {
namespace {

// `@time=2026-11-24T04:12:25.246Z;msgid=`, an id and a blank.
constexpr std::size_t tags_bytes_guess = 80;

std::string_view command_of(text_kind kind) {
  switch (kind) {
    case text_kind::notice:
      return "NOTICE";
    case text_kind::tags_only:
      return "TAGMSG";
    case text_kind::message:
      break;
  }
  return "PRIVMSG";
}

// Whether all of eight bytes are ASCII and no controls. When a byte is below a blank, the
// subtraction sets its high bit; it can change the byte beside that one only then.
bool are_plain(std::uint64_t bytes) {
  constexpr std::uint64_t high_bits = 0x8080808080808080U;
  constexpr std::uint64_t blanks = 0x2020202020202020U;
  return ((bytes | (bytes - blanks)) & high_bits) == 0;
}

// Most texts of other dialects are so: they need no second look.
bool is_plain(std::string_view text) {
  std::uint64_t word = 0;
  while (text.size() >= sizeof word) {
    std::memcpy(&word, text.data(), sizeof word);
    if (!are_plain(word))
      return false;
    text.remove_prefix(sizeof word);
  }
  return std::all_of(text.begin(), text.end(), [](char byte) {
    return static_cast<unsigned char>(byte) >= 0x20U && static_cast<unsigned char>(byte) < 0x80U;
  });
}

bool holds_line_end(std::string_view text) {
  return text.find('\n') != std::string_view::npos || text.find('\r') != std::string_view::npos ||
         text.find('\0') != std::string_view::npos;
}

}  // namespace

text_writer::text_writer(const event_batch& batch, std::string_view target, capability_set on,
                         std::string& out)
    : batch_(batch),
      out_(out),
      source_(hostmask(*batch.who.who)),
      target_(target),
      is_foreign_(batch.who.dialect() != dialect_name),
      wants_time_(on.has(capability::server_time)),
      wants_tags_(on.has(capability::message_tags)) {
  reserve_for_batch();
}

void text_writer::write(const said& spoken, std::size_t index) {
  if (spoken.kind == text_kind::tags_only && !wants_tags_)
    return;
  if (kind_ != spoken.kind)
    begin_kind(spoken.kind);
  collect_tags(spoken, index);
  if (spoken.kind == text_kind::tags_only)
    write_tags_only();
  else if (!is_foreign_)
    write_line(spoken.text);
  else
    write_foreign(spoken.text);
}

void text_writer::begin_kind(text_kind kind) {
  kind_ = kind;
  const auto command = command_of(kind);
  head_.assign(":").append(source_).append(" ").append(command).append(" ").append(target_);
  head_ += " :";
  text_bytes_max_ = text_bytes_that_fit(source_, command, target_);
}

void text_writer::reserve_for_batch() {
  const auto each = source_.size() + target_.size() + std::string_view{": PRIVMSG  :\r\n"}.size() +
                    (wants_time_ || wants_tags_ ? tags_bytes_guess : 0);
  std::size_t bytes = out_.size();
  for (const auto& happening : batch_.events)
    if (const auto* spoken = std::get_if<said>(&happening))
      bytes += each + spoken->text.size();
  out_.reserve(bytes);
}

// A batch that nobody has stamped has neither a time nor a number.
void text_writer::collect_tags(const said& spoken, std::size_t index) {
  tags_.clear();
  const bool is_stamped = batch_.at.first_ms != 0;
  if (wants_time_ && is_stamped) {
    tags_ += "time=";
    append_server_time(batch_.at.time_ms(index), tags_);
  }
  if (!wants_tags_)
    return;
  const auto join = [this] {
    if (!tags_.empty())
      tags_ += ';';
  };
  if (is_stamped) {
    join();
    tags_ += "msgid=";
    append_message_id(batch_.at, index, tags_);
  }
  if (batch_.who.who->bot) {
    join();
    tags_ += "bot";
  }
  if (!spoken.tags)
    return;
  client_tags_.clear();
  client_tags_.add_client_tags(*spoken.tags);
  if (client_tags_.text().empty())
    return;
  join();
  tags_ += client_tags_.text();
}

void text_writer::write_tags_only() {
  line_writer{out_, source_, command_of(text_kind::tags_only), tags_}.middle(target_).end();
}

void text_writer::write_line(std::string_view text) {
  if (!tags_.empty()) {
    out_ += '@';
    out_ += tags_;
    out_ += ' ';
  }
  out_ += head_;
  if (text.size() > text_bytes_max_)
    text = cut_utf8(text, text_bytes_max_);
  // The decoder lets no such text through; whatever comes some other way must not end the line.
  if (holds_line_end(text))
    append_in_one_line(text, out_);
  else
    out_ += text;
  out_ += "\r\n";
}

void text_writer::write_foreign(std::string_view text) {
  if (!text.empty() && text.size() <= text_bytes_max_ && is_plain(text))
    write_line(text);
  else
    append_foreign_text({source_, command_of(*kind_), target_, tags_}, text, out_);
}

}  // namespace confab::irc
