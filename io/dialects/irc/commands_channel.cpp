// Commands about channels: coming, going, and what is told of them.

#include "actors/model/case_mapping.hpp"
#include "io/dialects/irc/commands.hpp"
#include "io/dialects/irc/isupport.hpp"
#include "io/dialects/irc/names.hpp"
#include "io/dialects/irc/registration.hpp"
#include "io/dialects/irc/request.hpp"
#include "io/dialects/irc/server_facts.hpp"
#include "io/dialects/irc/targets.hpp"
#include "io/dialects/safe_text.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace confab::irc {
namespace {

/// One of the channels of a JOIN.
struct wanted_channel {
  std::string_view channel;
  std::string_view key;
};

// Keys pair with the channels in front of them, whatever becomes of these; the last may be missing.
std::vector<wanted_channel> pair_with_keys(std::string_view channels, std::string_view keys) {
  const auto all_channels = split_list(channels);
  const auto all_keys = split_list(keys);
  std::vector<wanted_channel> result;
  std::set<std::string> known;
  for (std::size_t index = 0; index < all_channels.size(); ++index) {
    const auto channel = all_channels[index];
    const auto key = index < all_keys.size() ? all_keys[index] : std::string_view{};
    if (!channel.empty() && known.insert(folded(channel)).second)
      result.push_back({channel, key});
  }
  return result;
}

// The answer tells what the client has read there, which only its decoder knows.
void join(request& asked, const wanted_channel& wanted) {
  if (!wanted.channel.starts_with('#')) {
    asked.refuse_channel(wanted.channel);
  } else if (const auto room = room_of(asked.shared, wanted.channel)) {
    asked.add(join_room{.room = std::string{*room},
                        .mode = join_mode::open_or_make,
                        .key = std::string{wanted.key},
                        .stays_in_others = true},
              wanted.channel, marker_text(asked.client.markers.of(wanted.channel)));
  } else {
    asked.reply(numeric::ERR_BADCHANNAME).middle(wanted.channel).trailing("Illegal channel name");
  }
}

// Only the session knows the rooms of the client, and tells the one that it entered last.
void leave_all(request& asked) {
  if (!asked.now.in_room())
    return;
  asked.add(leave_room{});
  asked.queue.back().departures = asked.shared.rooms_per_client_max;
}

void end_names(request& asked, std::string_view argument) {
  asked.reply(numeric::RPL_ENDOFNAMES).middle(argument).trailing("End of NAMES list");
}

/// One of the pairs of a KICK.
struct wanted_kick {
  std::string_view channel;
  std::string_view nick;
};

// One channel with many nicks, or as many channels as nicks. Nothing otherwise.
std::vector<wanted_kick> pair_kicks(std::string_view channels, std::string_view nicks) {
  const auto all_channels = split_list(channels);
  const auto all_nicks = split_list(nicks);
  if (all_channels.size() > 1 && all_channels.size() != all_nicks.size())
    return {};
  std::vector<wanted_kick> result;
  std::set<std::pair<std::string, std::string>> known;
  for (std::size_t index = 0; index < all_nicks.size(); ++index) {
    const auto channel = all_channels[all_channels.size() > 1 ? index : 0];
    const auto nick = all_nicks[index];
    if (!channel.empty() && !nick.empty() && known.emplace(folded(channel), folded(nick)).second)
      result.push_back({channel, nick});
  }
  return result;
}

}  // namespace

void handle_join(request& asked) {
  if (asked.parameter(0) == "0") {
    leave_all(asked);
    return;
  }
  const auto wanted = pair_with_keys(asked.parameter(0), asked.parameter(1));
  if (wanted.empty())
    asked.refuse_as_too_short();
  for (const auto& each : wanted)
    join(asked, each);
}

void handle_part(request& asked) {
  const auto channels = targets_of(asked.parameter(0));
  if (channels.empty())
    asked.refuse_as_too_short();
  for (const auto channel : channels)
    if (const auto room = room_of(asked.shared, channel))
      asked.add(leave_room{std::string{*room}, std::string{asked.parameter(1)}}, channel);
    else
      asked.refuse_channel(channel);
}

void handle_topic(request& asked) {
  const auto channel = asked.parameter(0);
  const auto room = room_of(asked.shared, channel);
  if (!room) {
    asked.refuse_channel(channel);
  } else if (asked.parameters.size() < 2) {
    asked.add(ask_room{std::string{*room}, room_question::topic}, channel);
  } else {
    const auto bytes_max = isupport_of(asked.shared).topic_bytes_max;
    asked.add(set_topic{std::string{*room}, std::string{cut_utf8(asked.parameter(1), bytes_max)}},
              channel);
  }
}

void handle_names(request& asked) {
  const auto argument = asked.parameter(0);
  if (argument.empty()) {
    end_names(asked, "*");
    return;
  }
  auto channels = targets_of(argument);
  channels.resize(std::min(channels.size(), names_targets_max));
  std::erase_if(channels, [&](auto channel) { return !room_of(asked.shared, channel); });
  if (channels.empty())
    end_names(asked, argument);
  for (const auto channel : channels) {
    // One line ends the list of all channels, and it repeats what was sent.
    const auto detail = channel == channels.back() ? argument : std::string_view{};
    asked.add(ask_room{std::string{*room_of(asked.shared, channel)}, room_question::names}, channel,
              detail);
  }
}

void handle_list(request& asked) {
  asked.add(list_rooms{}, {}, asked.parameter(0));
}

void handle_invite(request& asked) {
  const auto nick = asked.parameter(0);
  const auto channel = asked.parameter(1);
  if (asked.parameters.empty())
    asked.add(ask_directory{client_question::invitations});
  else if (nick.empty() || channel.empty())
    asked.refuse_as_too_short();
  else if (const auto room = room_of(asked.shared, channel))
    asked.add(invite{std::string{nick}, std::string{*room}}, nick, channel);
  else
    asked.refuse_channel(channel);
}

void handle_kick(request& asked) {
  auto wanted = pair_kicks(asked.parameter(0), asked.parameter(1));
  if (wanted.empty())
    asked.refuse_as_too_short();
  wanted.resize(std::min(wanted.size(), kick_targets_max));
  const auto reason = cut_utf8(asked.parameter(2), isupport_of(asked.shared).kick_reason_bytes_max);
  for (const auto& [channel, nick] : wanted)
    if (const auto room = room_of(asked.shared, channel))
      asked.add(kick{std::string{*room}, std::string{nick}, std::string{reason}}, channel, nick);
    else
      asked.refuse_channel(channel);
}

}  // namespace confab::irc
