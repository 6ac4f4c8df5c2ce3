#include "io/dialects/irc/room_answers.hpp"

#include "io/dialects/irc/member_prefix.hpp"
#include "io/dialects/irc/mode_changes.hpp"
#include "io/dialects/irc/names.hpp"
#include "io/dialects/irc/whox.hpp"
#include "io/dialects/irc/word_lines.hpp"

#include <optional>
#include <string>

namespace confab::irc {
namespace {

// What stands for the key of a channel, for those who are not in it.
constexpr std::string_view hidden_key = "*";

/// Calls `visit` for each member that who asked may see.
template <class Visit>
void for_visible_members(const room_answer& answer, Visit visit) {
  if (!answer.inside && answer.room->secret)
    return;
  for (const auto& member : answer.room->members)
    if (answer.inside || !member.who->invisible)
      visit(member);
}

void append_topic(const room_view& room, std::string_view channel, const reply& to) {
  to.line(numeric::RPL_TOPIC).middle(channel).trailing(room.topic);
  to.line(numeric::RPL_TOPICWHOTIME)
      .middle(channel)
      .middle(room.topic_by)
      .number(seconds_of(room.topic_ms))
      .end();
}

void append_names(const room_answer& answer, std::string_view channel, const reply& to) {
  auto front = to.front("353");
  front.append(answer.room->secret ? " @ " : " = ").append(channel).append(" :");
  word_lines lines{to.out, std::move(front), ' '};
  const bool all_prefixes = to.reads(capability::multi_prefix);
  const bool whole_masks = to.reads(capability::userhost_in_names);
  for_visible_members(answer, [&](const member_view& member) {
    const auto prefixes = prefixes_of(member, all_prefixes);
    if (whole_masks)
      lines.add(prefixes, hostmask(*member.who));
    else
      lines.add(prefixes, member.who->nick);
  });
}

void append_modes(const room_answer& answer, std::string_view channel, const reply& to) {
  const auto& modes = answer.room->modes;
  auto line = to.line(numeric::RPL_CHANNELMODEIS);
  line.middle(channel).middle(modes.empty() ? "+" : mode_letters(modes));
  for (const auto& each : modes)
    if (!each.parameter.empty())
      line.middle(each.letter == key_mode.front() && !answer.inside ? hidden_key : each.parameter);
  line.end();
  to.line(numeric::RPL_CREATIONTIME).middle(channel).number(seconds_of(answer.room->made_ms)).end();
}

void append_who(const room_answer& answer, std::string_view channel, const reply& to) {
  const who_writer rows{to};
  const bool all_prefixes = to.reads(capability::multi_prefix);
  for_visible_members(answer, [&](const member_view& member) {
    rows.write({*member.who, channel, prefixes_of(member, all_prefixes)});
  });
}

// The decoder, which keeps the markers, gives that of the channel along with a JOIN.
void append_marker(std::string_view channel, const reply& to) {
  if (to.reads(capability::read_marker))
    line_writer{to.out, to.shared.server_name, "MARKREAD"}
        .middle(channel)
        .middle(to.asked.detail)
        .end();
}

void append_seen(const room_answer& answer, std::string_view channel, const reply& to) {
  const auto verb = to.asked.verb;
  const bool has_topic = !answer.room->topic.empty();
  if (verb == "JOIN") {
    if (has_topic)
      append_topic(*answer.room, channel, to);
    append_names(answer, channel, to);
    append_marker(channel, to);
    append_end_of_names(channel, to);
  } else if (verb == "NAMES") {
    append_names(answer, channel, to);
  } else if (verb == "TOPIC") {
    if (has_topic)
      append_topic(*answer.room, channel, to);
    else
      to.line(numeric::RPL_NOTOPIC).middle(channel).trailing("No topic is set");
  } else if (verb == "MODE") {
    append_modes(answer, channel, to);
  } else if (verb == "WHO") {
    append_who(answer, channel, to);
  }
}

struct list_numerics {
  numeric entry;
  numeric end;
  std::string_view end_text;
};

list_numerics numerics_of(char letter) {
  switch (letter) {
    case 'e':
      return {numeric::RPL_EXCEPTLIST, numeric::RPL_ENDOFEXCEPTLIST,
              "End of channel exception list"};
    case 'I':
      return {numeric::RPL_INVEXLIST, numeric::RPL_ENDOFINVEXLIST,
              "End of channel invite exception list"};
    default:
      return {numeric::RPL_BANLIST, numeric::RPL_ENDOFBANLIST, "End of channel ban list"};
  }
}

}  // namespace

void append_room_answer(const room_answer& answer, const reply& to) {
  if (const auto channel = channel_of_room(answer.room->name))
    append_seen(answer, *channel, to);
  if (to.asked.verb == "NAMES")
    append_end_of_names(to.asked.detail, to);
  else if (to.asked.verb == "WHO")
    append_end_of_who(to);
}

void append_list_answer(const list_answer& answer, const reply& to) {
  const auto channel = channel_of_room(answer.room);
  if (!channel)
    return;
  const auto numbers = numerics_of(answer.letter);
  for (const auto& each : answer.entries)
    to.line(numbers.entry)
        .middle(*channel)
        .middle(each.mask)
        .middle(each.set_by)
        .number(seconds_of(each.set_ms))
        .end();
  to.line(numbers.end).middle(*channel).trailing(numbers.end_text);
}

// Of several channels, only the last one is told with what was asked for.
void append_end_of_names(std::string_view asked_for, const reply& to) {
  if (!asked_for.empty())
    to.line(numeric::RPL_ENDOFNAMES).middle(asked_for).trailing("End of /NAMES list");
}

void append_end_of_who(const reply& to) {
  to.line(numeric::RPL_ENDOFWHO).middle(to.asked.subject).trailing("End of /WHO list");
}

}  // namespace confab::irc
