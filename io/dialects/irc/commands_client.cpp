// Commands about clients: what others see of this one, and what it can know of them.

#include "actors/model/case_mapping.hpp"
#include "io/dialects/irc/commands.hpp"
#include "io/dialects/irc/isupport.hpp"
#include "io/dialects/irc/names.hpp"
#include "io/dialects/irc/registration.hpp"
#include "io/dialects/irc/request.hpp"
#include "io/dialects/irc/server_facts.hpp"
#include "io/dialects/irc/targets.hpp"
#include "io/dialects/safe_text.hpp"
#include "io/text/ascii.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

namespace confab::irc {
namespace {

/// USERHOST takes so many nicks; RFC 1459, 5.7.
constexpr std::size_t userhost_nicks_max = 5;

std::vector<std::string> to_strings(const std::vector<std::string_view>& words) {
  return {words.begin(), words.end()};
}

// All words of all parameters, each once: some clients send a list as one parameter.
std::vector<std::string> words_of(const request& asked) {
  std::string all;
  for (const auto parameter : asked.parameters)
    all.append(parameter).append(" ");
  return to_strings(targets_of(all, ' '));
}

void refuse_without_nick(request& asked) {
  asked.reply(numeric::ERR_NONICKNAMEGIVEN).trailing("No nickname given");
}

// Zero, less, and what is no number: all of them.
std::size_t parse_count(std::string_view text) {
  std::uint32_t count = 0;
  const auto* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, count);
  return error == std::errc{} && stopped == end ? count : 0;
}

// Also a nick of another dialect, but no mask and no channel.
bool can_be_watched(std::string_view nick) {
  return nick.size() <= any_nick_bytes_max && !nick.starts_with(':') &&
         nick.find_first_of("#*?!@ ") == std::string_view::npos &&
         std::none_of(nick.begin(), nick.end(), is_ascii_control);
}

void watch_nicks(request& asked, watch::action what) {
  std::vector<std::string> nicks;
  std::vector<std::string_view> bad;
  for (const auto nick : targets_of(asked.parameter(1)))
    if (can_be_watched(nick))
      nicks.emplace_back(nick);
    else
      bad.push_back(nick);
  if (nicks.empty() && bad.empty())
    asked.refuse_as_too_short();
  if (!nicks.empty())
    asked.add(watch{what, std::move(nicks)}, asked.parameter(1));
  for (const auto nick : bad)
    asked.reply(numeric::ERR_ERRONEUSNICKNAME).middle(nick).trailing("Erroneous nickname");
}

// What WHOX asks for: `%fields,token`, behind flags, which there are none of.
std::string_view fields_of(std::string_view options) {
  return options.substr(std::min(options.find('%'), options.size()));
}

}  // namespace

void handle_away(request& asked) {
  const auto bytes_max = isupport_of(asked.shared).away_text_bytes_max;
  asked.add(set_away{std::string{cut_utf8(asked.parameter(0), bytes_max)}});
}

void handle_setname(request& asked) {
  const auto real_name = cut_utf8(asked.parameter(0), real_name_bytes_max);
  if (real_name.empty())
    asked.fail("INVALID_REALNAME", {}, "The real name is empty");
  else
    asked.add(set_real_name{std::string{real_name}});
}

void handle_oper(request& asked) {
  const auto name = asked.parameter(0);
  asked.add(become_operator{std::string{name}, std::string{asked.parameter(1)}}, name);
}

void handle_kill(request& asked) {
  const auto nick = asked.parameter(0);
  const auto bytes_max = isupport_of(asked.shared).kick_reason_bytes_max;
  if (nick.empty())
    asked.refuse_as_too_short();
  else
    asked.add(kill{std::string{nick}, std::string{cut_utf8(asked.parameter(1), bytes_max)}}, nick);
}

void handle_quit(request& asked) {
  const auto reason = asked.parameter(0);
  asked.add(quit{reason.empty() ? "Quit" : std::string{"Quit: "}.append(reason)});
}

void handle_userhost(request& asked) {
  auto nicks = words_of(asked);
  nicks.resize(std::min(nicks.size(), userhost_nicks_max));
  if (nicks.empty())
    asked.refuse_as_too_short();
  else
    asked.add(ask_directory{client_question::userhost, std::move(nicks)});
}

void handle_ison(request& asked) {
  auto nicks = words_of(asked);
  if (nicks.empty())
    asked.refuse_as_too_short();
  else
    asked.add(ask_directory{client_question::ison, std::move(nicks)});
}

void handle_who(request& asked) {
  const auto mask = asked.parameter(0);
  const auto fields = fields_of(asked.parameter(1));
  if (mask.empty())
    asked.refuse_as_too_short();
  else if (!mask.starts_with('#'))
    asked.add(ask_directory{client_question::who, {std::string{mask == "0" ? "*" : mask}}}, mask,
              fields);
  else if (const auto room = room_of(asked.shared, mask))
    asked.add(ask_room{std::string{*room}, room_question::who}, mask, fields);
  else
    asked.reply(numeric::RPL_ENDOFWHO).middle(mask).trailing("End of WHO list");
}

// The server in front of the nick is for networks of several: there is only this one.
void handle_whois(request& asked) {
  const auto nicks = targets_of(asked.parameter(asked.parameters.size() > 1 ? 1 : 0));
  if (nicks.empty())
    refuse_without_nick(asked);
  else
    asked.add(ask_directory{client_question::whois, {std::string{nicks.front()}}}, nicks.front());
}

void handle_whowas(request& asked) {
  const auto nicks = targets_of(asked.parameter(0));
  if (nicks.empty())
    refuse_without_nick(asked);
  else
    asked.add(
        ask_directory{
            client_question::whowas, {std::string{nicks.front()}}, parse_count(asked.parameter(1))},
        nicks.front());
}

void handle_monitor(request& asked) {
  const auto word = upper_cased(asked.parameter(0));
  if (word == "+")
    watch_nicks(asked, watch::action::add);
  else if (word == "-")
    watch_nicks(asked, watch::action::remove);
  else if (word == "C")
    asked.add(watch{watch::action::clear});
  else if (word == "L")
    asked.add(watch{watch::action::list});
  else if (word == "S")
    asked.add(watch{watch::action::status});
  else
    asked.refuse_as_too_short();
}

}  // namespace confab::irc
