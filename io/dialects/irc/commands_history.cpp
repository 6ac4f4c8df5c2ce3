// CHATHISTORY, REDACT and MARKREAD: what was said, what is taken back, and what has been read.

#include "actors/model/case_mapping.hpp"
#include "actors/model/history.hpp"
#include "io/dialects/irc/commands.hpp"
#include "io/dialects/irc/isupport.hpp"
#include "io/dialects/irc/message_id.hpp"
#include "io/dialects/irc/names.hpp"
#include "io/dialects/irc/page_size.hpp"
#include "io/dialects/irc/registration.hpp"
#include "io/dialects/irc/request.hpp"
#include "io/dialects/irc/server_facts.hpp"
#include "io/dialects/irc/targets.hpp"
#include "io/dialects/safe_text.hpp"
#include "io/text/ascii.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace confab::irc {
namespace {

constexpr std::string_view timestamp_mark = "timestamp=";
constexpr std::string_view msgid_mark = "msgid=";

/// A subcommand of CHATHISTORY that asks for part of a channel's history.
struct part_row {
  std::string_view word;
  history_part part;
  std::size_t parameters;  ///< With the word itself.
};

constexpr std::array parts = {
    part_row{"LATEST", history_part::latest, 4}, part_row{"BEFORE", history_part::before, 4},
    part_row{"AFTER", history_part::after, 4}, part_row{"AROUND", history_part::around, 4},
    part_row{"BETWEEN", history_part::between, 5}};

constexpr std::string_view targets_word = "TARGETS";
constexpr std::size_t targets_parameters = 4;

std::optional<std::int64_t> parse_timestamp(std::string_view reference) {
  return reference.starts_with(timestamp_mark)
             ? parse_server_time(reference.substr(timestamp_mark.size()))
             : std::nullopt;
}

// Clients do not know what an id is like, so one that cannot be is one that is not known: nothing
// has the id that consists of zeros.
message_id id_or_unknown(std::string_view text) {
  return parse_message_id(text).value_or(message_id{});
}

std::optional<history_point> parse_point(std::string_view reference, bool may_be_edge) {
  if (reference == "*" && may_be_edge)
    return history_edge{};
  if (reference.starts_with(msgid_mark) && reference.size() > msgid_mark.size())
    return id_or_unknown(reference.substr(msgid_mark.size()));
  if (const auto time_ms = parse_timestamp(reference))
    return *time_ms;
  return std::nullopt;
}

/// A subcommand with its parameters, each of which is checked in turn: the first mistake is told.
class history_request_reader {
 public:
  history_request_reader(request& asked, std::string_view word) : asked_(asked), word_(word) {}

  bool has_parameters(std::size_t count) {
    if (asked_.parameters.size() == count)
      return true;
    fail(asked_.parameters.size() < count ? "Insufficient parameters" : "Too many parameters");
    return false;
  }

  std::optional<history_point> point(std::size_t index, bool may_be_edge) {
    return checked(index, parse_point(asked_.parameter(index), may_be_edge),
                   "That is neither a msgid nor a timestamp");
  }

  std::optional<std::int64_t> time(std::size_t index) {
    return checked(index, parse_timestamp(asked_.parameter(index)), "That is no timestamp");
  }

  std::optional<std::size_t> count(std::size_t index) {
    return checked(index,
                   parse_page_size(asked_.parameter(index), asked_.shared.history_messages_max),
                   "That is no number of messages");
  }

  void fail(std::string_view text, std::string_view context = {}) {
    asked_.fail("INVALID_PARAMS", {word_, context}, text);
  }

 private:
  template <class Value>
  std::optional<Value> checked(std::size_t index, std::optional<Value> value,
                               std::string_view mistake) {
    if (!value)
      fail(mistake, asked_.parameter(index));
    return value;
  }

  request& asked_;
  std::string_view word_;
};

// Outside of a batch, what happened long ago would be taken for what happens now.
bool reads_events(capability_set on) {
  return on.has(capability::event_playback) && on.has(capability::batch);
}

void ask_for_part(request& asked, const part_row& row) {
  history_request_reader parameters{asked, row.word};
  if (!parameters.has_parameters(row.parameters))
    return;
  history_query wanted;
  wanted.part = row.part;
  wanted.texts_only = !reads_events(asked.client.on);
  const auto from = parameters.point(2, row.part == history_part::latest);
  if (!from)
    return;
  wanted.from = *from;
  if (row.part == history_part::between) {
    const auto to = parameters.point(3, false);
    if (!to)
      return;
    wanted.to = *to;
  }
  const auto count = parameters.count(row.parameters - 1);
  if (!count)
    return;
  wanted.count_max = *count;
  const auto channel = asked.parameter(1);
  if (const auto room = room_of(asked.shared, channel))
    asked.add(recall{std::string{*room}, wanted}, channel, row.word);
  else
    asked.fail("INVALID_TARGET", {row.word, channel}, "Messages could not be retrieved");
}

void ask_for_targets(request& asked) {
  history_request_reader parameters{asked, targets_word};
  if (!parameters.has_parameters(targets_parameters))
    return;
  const auto from = parameters.time(1);
  if (!from)
    return;
  const auto to = parameters.time(2);
  if (!to)
    return;
  if (const auto count = parameters.count(3))
    asked.add(ask_targets{*from, *to, *count}, {}, targets_word);
}

// What can be read: a channel, or whoever may have a nick, also one of another dialect.
bool is_readable(const settings& shared, std::string_view target) {
  if (target.starts_with('#'))
    return room_of(shared, target).has_value();
  return !target.empty() && target.size() <= any_nick_bytes_max && !target.starts_with(':') &&
         target.find_first_of("*?!@, ") == std::string_view::npos &&
         std::none_of(target.begin(), target.end(), is_ascii_control);
}

void tell_marker(request& asked, std::optional<std::int64_t> time_ms) {
  line_writer{asked.answer(), asked.shared.server_name, "MARKREAD"}
      .middle(asked.parameter(0))
      .middle(marker_text(time_ms))
      .end();
}

}  // namespace

void handle_chathistory(request& asked) {
  const auto word = upper_cased(asked.parameter(0));
  if (word == targets_word)
    return ask_for_targets(asked);
  const auto* row = std::ranges::find(parts, word, &part_row::word);
  if (row != parts.end())
    ask_for_part(asked, *row);
  else
    asked.fail("INVALID_PARAMS", {asked.parameter(0)}, "Unknown command");
}

void handle_redact(request& asked) {
  const auto channel = asked.parameter(0);
  const auto id = asked.parameter(1);
  const auto bytes_max = isupport_of(asked.shared).kick_reason_bytes_max;
  if (id.empty())
    asked.fail("NEED_MORE_PARAMS", {}, "Missing parameters");
  else if (const auto room = room_of(asked.shared, channel))
    asked.add(redact{std::string{*room}, id_or_unknown(id),
                     std::string{cut_utf8(asked.parameter(2), bytes_max)}},
              channel, id);
  else
    asked.fail("INVALID_TARGET", {channel}, "You cannot delete messages from there");
}

// A time to come is no time of a text: nothing that is read later could be noted then.
void handle_markread(request& asked) {
  const auto target = asked.parameter(0);
  auto& markers = asked.client.markers;
  if (asked.parameters.empty()) {
    asked.fail("NEED_MORE_PARAMS", {}, "Missing parameters");
  } else if (!is_readable(asked.shared, target)) {
    asked.fail("INVALID_PARAMS", {target}, "Nothing can be read there");
  } else if (asked.parameters.size() == 1) {
    tell_marker(asked, markers.of(target));
  } else if (const auto time_ms = parse_timestamp(asked.parameter(1))) {
    tell_marker(asked, markers.note(target, std::min(*time_ms, asked.shared.now_ms()),
                                    asked.shared.rooms_per_client_max));
  } else {
    asked.fail("INVALID_PARAMS", {asked.parameter(1)}, "That is no timestamp");
  }
}

}  // namespace confab::irc
