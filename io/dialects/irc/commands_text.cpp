// PRIVMSG, NOTICE, TAGMSG and WALLOPS: what clients say to each other.

#include "io/dialects/irc/commands.hpp"
#include "io/dialects/irc/mode_changes.hpp"
#include "io/dialects/irc/registration.hpp"
#include "io/dialects/irc/request.hpp"
#include "io/dialects/irc/tags.hpp"
#include "io/dialects/irc/targets.hpp"

#include <memory>
#include <string>

namespace confab::irc {
namespace {

/// Where a text goes, from `@#cafe`, `#cafe` or `alice`.
struct text_target {
  char to_prefix = 0;
  std::string_view name;
  bool is_channel = false;
};

text_target parse_target(std::string_view target) {
  const bool has_prefix = target.size() > 1 && target[1] == '#' &&
                          member_prefixes.find(target.front()) != std::string_view::npos;
  const auto name = target.substr(has_prefix ? 1 : 0);
  return {has_prefix ? target.front() : '\0', name, name.starts_with('#')};
}

// Tags are for those who have asked for them, on both sides.
client_tags relayed_tags(const request& asked) {
  if (!asked.client.on.has(capability::message_tags))
    return nullptr;
  tag_list relayed;
  relayed.add_client_tags(asked.tags);
  return relayed.text().empty() ? nullptr : std::make_shared<const std::string>(relayed.text());
}

void send(request& asked, std::string_view target, const said& what) {
  const auto [to_prefix, name, is_channel] = parse_target(target);
  if (!is_channel)
    asked.add(tell{std::string{name}, what.text, what.kind, what.tags}, name);
  else if (const auto room = room_of(asked.shared, name))
    asked.add(say{what.text, std::string{*room}, what.kind, what.tags, to_prefix}, name);
  else if (what.kind != text_kind::notice)
    asked.refuse_channel(name);
}

void send_to_all(request& asked, const said& what) {
  const auto targets = targets_of(asked.parameter(0));
  if (targets.size() <= text_targets_max) {
    for (const auto target : targets)
      send(asked, target, what);
  } else if (what.kind != text_kind::notice) {
    asked.reply(numeric::ERR_TOOMANYTARGETS)
        .middle(targets[text_targets_max])
        .trailing("Too many targets: nobody was told");
  }
}

}  // namespace

void handle_privmsg(request& asked) {
  if (targets_of(asked.parameter(0)).empty())
    asked.reply(numeric::ERR_NORECIPIENT).trailing("No recipient given (PRIVMSG)");
  else if (asked.parameter(1).empty())
    asked.reply(numeric::ERR_NOTEXTTOSEND).trailing("No text to send");
  else
    send_to_all(asked, {std::string{asked.parameter(1)}, text_kind::message, relayed_tags(asked)});
}

// Whatever is wrong with a NOTICE, there is no answer to it, unless it is lost.
void handle_notice(request& asked) {
  if (!asked.parameter(1).empty())
    send_to_all(asked, {std::string{asked.parameter(1)}, text_kind::notice, relayed_tags(asked)});
}

void handle_tagmsg(request& asked) {
  if (const auto tags = relayed_tags(asked))
    send_to_all(asked, {{}, text_kind::tags_only, tags});
}

void handle_wallops(request& asked) {
  if (asked.parameter(0).empty())
    asked.refuse_as_too_short();
  else
    asked.add(say_to_all{std::string{asked.parameter(0)}});
}

}  // namespace confab::irc
