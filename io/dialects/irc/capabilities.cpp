#include "io/dialects/irc/capabilities.hpp"

#include "actors/model/case_mapping.hpp"
#include "io/dialects/irc/line_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <utility>
#include <vector>

namespace confab::irc {
namespace {

constexpr std::array all_rows = {
    capability_row{capability::away_notify, "away-notify"},
    capability_row{capability::batch, "batch"},
    capability_row{capability::cap_notify, "cap-notify"},
    capability_row{capability::chathistory, "draft/chathistory"},
    capability_row{capability::event_playback, "draft/event-playback"},
    capability_row{capability::message_redaction, "draft/message-redaction"},
    capability_row{capability::read_marker, "draft/read-marker"},
    capability_row{capability::echo_message, "echo-message"},
    capability_row{capability::extended_join, "extended-join"},
    capability_row{capability::extended_monitor, "extended-monitor"},
    capability_row{capability::invite_notify, "invite-notify"},
    capability_row{capability::labeled_response, "labeled-response"},
    capability_row{capability::message_tags, "message-tags"},
    capability_row{capability::multi_prefix, "multi-prefix"},
    capability_row{capability::server_time, "server-time"},
    capability_row{capability::setname, "setname"},
    capability_row{capability::search, "soju.im/search"},
    capability_row{capability::standard_replies, "standard-replies"},
    capability_row{capability::userhost_in_names, "userhost-in-names"},
};

static_assert(std::ranges::is_sorted(all_rows, {}, &capability_row::name));

constexpr capability_set need_history{capability::chathistory, capability::event_playback,
                                      capability::message_redaction, capability::search};

constexpr std::array cap_words = {
    std::pair{std::string_view{"LS"}, cap_word::ls},
    std::pair{std::string_view{"LIST"}, cap_word::list},
    std::pair{std::string_view{"REQ"}, cap_word::req},
    std::pair{std::string_view{"END"}, cap_word::end},
};

// What a list may have of a line: there may be a `*` in front of it.
std::size_t list_bytes_max(const cap_reader& to, std::string_view word) {
  const auto in_front = std::string{word}.append(" * ").append(to.nick);
  return text_bytes_that_fit(to.server, "CAP", in_front);
}

std::vector<std::string> with_values(std::span<const capability_row> rows) {
  std::vector<std::string> result;
  for (const auto& row : rows) {
    auto item = std::string{row.name};
    if (!row.value.empty())
      item.append("=").append(row.value);
    result.push_back(std::move(item));
  }
  return result;
}

std::vector<std::string> names_of(std::span<const capability_row> rows) {
  std::vector<std::string> result;
  for (const auto& row : rows)
    result.emplace_back(row.name);
  return result;
}

// Joins the items by blanks into lists that have at most `bytes_max` bytes, unless one item alone
// has more. There is at least one list.
std::vector<std::string> joined(const std::vector<std::string>& items, std::size_t bytes_max) {
  std::vector<std::string> lists(1);
  for (const auto& item : items) {
    if (!lists.back().empty() && lists.back().size() + 1 + item.size() > bytes_max)
      lists.emplace_back();
    if (!lists.back().empty())
      lists.back() += ' ';
    lists.back() += item;
  }
  return lists;
}

void append_list(const cap_reader& to, std::string_view word, const std::vector<std::string>& items,
                 std::string& out) {
  const auto lists = joined(items, list_bytes_max(to, word));
  // An older client takes the first line for the whole list.
  const auto count = to.version_302 ? lists.size() : 1;
  for (std::size_t index = 0; index < count; ++index) {
    line_writer line{out, to.server, "CAP"};
    line.middle(to.nick).middle(word);
    if (index + 1 < count)
      line.middle("*");
    line.trailing(lists[index]);
  }
}

// NEW, DEL, ACK and NAK have no mark for 'more follows': each line stands for itself.
void append_each(const cap_reader& to, std::string_view word, const std::vector<std::string>& lists,
                 std::string& out) {
  for (const auto& list : lists)
    line_writer{out, to.server, "CAP"}.middle(to.nick).middle(word).trailing(list);
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> result;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (end > 0)
      result.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

void append_answer(const cap_reader& to, std::string_view word, std::string_view wanted,
                   std::string& out) {
  const auto bytes_max = list_bytes_max(to, word);
  if (wanted.size() <= bytes_max)
    append_each(to, word, {std::string{wanted}}, out);
  else
    append_each(to, word, joined(words_of(wanted), bytes_max), out);
}

}  // namespace

std::vector<capability_row> offered_capabilities(bool keeps_history) {
  std::vector<capability_row> result;
  std::copy_if(all_rows.begin(), all_rows.end(), std::back_inserter(result),
               [keeps_history](const capability_row& row) {
                 return keeps_history || !need_history.has(row.which);
               });
  return result;
}

std::optional<cap_word> parse_cap_word(std::string_view word) {
  for (const auto& [name, meaning] : cap_words)
    if (same_name(name, word))
      return meaning;
  return std::nullopt;
}

bool is_version_302(std::string_view version) {
  constexpr unsigned first_with_values = 302;
  unsigned value = 0;
  const auto* end = version.data() + version.size();
  const auto [stopped, error] = std::from_chars(version.data(), end, value);
  return error == std::errc{} && stopped == end && value >= first_with_values;
}

void append_cap_ls(const cap_reader& to, std::span<const capability_row> rows, std::string& out) {
  append_list(to, "LS", to.version_302 ? with_values(rows) : names_of(rows), out);
}

void append_cap_list(const cap_reader& to, std::span<const capability_row> rows, capability_set on,
                     std::string& out) {
  std::vector<capability_row> rows_on;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(rows_on),
               [on](const capability_row& row) { return on.has(row.which); });
  append_list(to, "LIST", names_of(rows_on), out);
}

std::optional<capability_set> after_cap_request(capability_set on, std::string_view wanted,
                                                std::span<const capability_row> rows) {
  for (const auto& word : words_of(wanted)) {
    const bool removes = word.starts_with('-');
    const auto name = std::string_view{word}.substr(removes ? 1 : 0);
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [name](const capability_row& each) { return each.name == name; });
    if (row == rows.end())
      return std::nullopt;
    if (removes)
      on.remove(row->which);
    else
      on.add(row->which);
  }
  return on;
}

void append_cap_ack(const cap_reader& to, std::string_view wanted, std::string& out) {
  append_answer(to, "ACK", wanted, out);
}

void append_cap_nak(const cap_reader& to, std::string_view wanted, std::string& out) {
  append_answer(to, "NAK", wanted, out);
}

void append_cap_new(const cap_reader& to, std::span<const capability_row> rows, std::string& out) {
  const auto items = to.version_302 ? with_values(rows) : names_of(rows);
  append_each(to, "NEW", joined(items, list_bytes_max(to, "NEW")), out);
}

void append_cap_del(const cap_reader& to, std::span<const capability_row> rows, std::string& out) {
  append_each(to, "DEL", joined(names_of(rows), list_bytes_max(to, "DEL")), out);
}

}  // namespace confab::irc
