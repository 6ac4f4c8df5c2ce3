#include "io/dialects/irc/whox.hpp"

#include <algorithm>

namespace confab::irc {
namespace {

constexpr std::size_t token_digits_max = 3;

constexpr std::string_view no_channel = "*";
constexpr std::string_view hidden_address = "255.255.255.255";  // What others show for one.
constexpr std::string_view hops = "0";
constexpr std::string_view idle_seconds = "0";  // WHOIS tells them.
constexpr std::string_view no_account = "0";
constexpr std::string_view no_operator_level = "n/a";

// In this order the fields are sent, whatever the order in which they are asked for; `r`, the real
// name, is the last one.
constexpr std::string_view fields_in_order = "tcuihsnfdlao";
constexpr char real_name_field = 'r';

bool is_token(std::string_view text) {
  return !text.empty() && text.size() <= token_digits_max &&
         std::all_of(text.begin(), text.end(),
                     [](char byte) { return byte >= '0' && byte <= '9'; });
}

std::string flags_of(const who_row& row) {
  std::string result = row.who.away.empty() ? "H" : "G";
  if (row.who.server_operator)
    result += '*';
  if (row.who.bot)
    result += 'B';
  return result.append(row.prefixes);
}

std::string_view channel_of(const who_row& row) {
  return row.channel.empty() ? no_channel : row.channel;
}

std::string field_of(char field, const who_row& row, std::string_view token,
                     std::string_view server) {
  switch (field) {
    case 't':
      return std::string{token};
    case 'c':
      return std::string{channel_of(row)};
    case 'u':
      return row.who.user;
    case 'i':
      return std::string{hidden_address};
    case 'h':
      return row.who.host;
    case 's':
      return std::string{server};
    case 'n':
      return row.who.nick;
    case 'f':
      return flags_of(row);
    case 'd':
      return std::string{hops};
    case 'l':
      return std::string{idle_seconds};
    case 'a':
      return row.who.account.empty() ? std::string{no_account} : row.who.account;
    default:
      return std::string{no_operator_level};
  }
}

}  // namespace

std::optional<whox_request> parse_whox(std::string_view detail) {
  if (!detail.starts_with('%'))
    return std::nullopt;
  detail.remove_prefix(1);
  const auto comma = std::min(detail.find(','), detail.size());
  const auto token = detail.substr(std::min(comma + 1, detail.size()));
  return whox_request{detail.substr(0, comma), is_token(token) ? token : "0"};
}

void who_writer::write(const who_row& row) const {
  if (extended_)
    write_extended(row);
  else
    write_plain(row);
}

/// To which server the client is connected.
const std::string& who_writer::server_of(const who_row& row) const {
  return row.who.node.empty() ? to_.shared.server_name : row.who.node;
}

void who_writer::write_plain(const who_row& row) const {
  to_.line(numeric::RPL_WHOREPLY)
      .middle(channel_of(row))
      .middle(row.who.user)
      .middle(row.who.host)
      .middle(server_of(row))
      .middle(row.who.nick)
      .middle(flags_of(row))
      .trailing(std::string{hops}.append(" ").append(row.who.real_name));
}

void who_writer::write_extended(const who_row& row) const {
  const auto is_asked = [this](char field) {
    return extended_->fields.find(field) != std::string_view::npos;
  };
  auto line = to_.line(numeric::RPL_WHOSPCRPL);
  for (const char field : fields_in_order)
    if (is_asked(field))
      line.middle(field_of(field, row, extended_->token, server_of(row)));
  if (is_asked(real_name_field))
    line.trailing(row.who.real_name);
  else
    line.end();
}

}  // namespace confab::irc
