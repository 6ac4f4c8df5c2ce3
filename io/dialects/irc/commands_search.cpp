// SEARCH, which looks for texts: soju.im/search.

#include "actors/model/history.hpp"
#include "io/dialects/irc/commands.hpp"
#include "io/dialects/irc/message_id.hpp"
#include "io/dialects/irc/page_size.hpp"
#include "io/dialects/irc/request.hpp"
#include "io/dialects/irc/tags.hpp"
#include "io/dialects/irc/targets.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

namespace confab::irc {
namespace {

/// What somebody looks for.
struct wanted_texts {
  std::string channel;
  std::string from;
  std::string text;
  std::optional<std::int64_t> after_ms;
  std::optional<std::int64_t> before_ms;
  std::size_t count_max = 0;
};

/// Notes one attribute. Returns false if there is no such one, or if its value makes no sense.
bool note(wanted_texts& wanted, std::string_view key, std::string value, std::size_t most) {
  if (key == "in") {
    wanted.channel = std::move(value);
  } else if (key == "from") {
    wanted.from = std::move(value);
  } else if (key == "text") {
    wanted.text = std::move(value);
  } else if (key == "after") {
    wanted.after_ms = parse_server_time(value);
    return wanted.after_ms.has_value();
  } else if (key == "before") {
    wanted.before_ms = parse_server_time(value);
    return wanted.before_ms.has_value();
  } else if (key == "limit") {
    const auto count = parse_page_size(value, most);
    wanted.count_max = count.value_or(0);
    return count.has_value();
  } else {
    return false;
  }
  return true;
}

/// Notes all attributes: they are written like tags. Returns the key of one that is wrong, or
/// nothing.
std::optional<std::string_view> note_all(wanted_texts& wanted, std::string_view attributes,
                                         std::size_t most) {
  for (const auto each : split_list(attributes, ';')) {
    const auto key = each.substr(0, each.find('='));
    const auto value = each.substr(std::min(key.size() + 1, each.size()));
    if (!each.empty() && !note(wanted, key, unescaped(value), most))
      return key;
  }
  if (wanted.after_ms && wanted.before_ms && *wanted.after_ms > *wanted.before_ms)
    return "before";
  return std::nullopt;
}

// The two times belong to what is wanted here, but not elsewhere: times are whole milliseconds.
history_search search_for(const wanted_texts& wanted) {
  history_search result;
  result.words = wanted.text;
  result.from_nick = wanted.from;
  result.after_ms = std::max<std::int64_t>(wanted.after_ms.value_or(0) - 1, 0);
  result.before_ms = wanted.before_ms ? *wanted.before_ms + 1 : 0;
  result.count_max = wanted.count_max;
  return result;
}

// Without words this is a page of history, from the earlier time on if there is one.
history_query page_of(const wanted_texts& wanted) {
  history_query result;
  result.count_max = wanted.count_max;
  if (wanted.after_ms) {
    result.part = wanted.before_ms ? history_part::between : history_part::after;
    result.from = std::max<std::int64_t>(*wanted.after_ms - 1, 0);
    if (wanted.before_ms)
      result.to = *wanted.before_ms + 1;
  } else if (wanted.before_ms) {
    result.part = history_part::before;
    result.from = *wanted.before_ms + 1;
  }
  return result;
}

}  // namespace

void handle_search(request& asked) {
  const auto most = asked.shared.history_messages_max;
  wanted_texts wanted;
  wanted.count_max = most;
  const auto wrong = note_all(wanted, asked.parameter(0), most);
  const auto room = room_of(asked.shared, wanted.channel);
  if (wrong)
    asked.fail("INVALID_PARAMS", {*wrong}, "Invalid parameters");
  else if (!room)
    asked.fail("INVALID_PARAMS", {"in"}, "One channel can be searched");
  else if (!wanted.text.empty())
    asked.add(recall{std::string{*room}, search_for(wanted)}, wanted.channel);
  else if (wanted.from.empty())
    asked.add(recall{std::string{*room}, page_of(wanted)}, wanted.channel);
  else
    asked.fail("INVALID_PARAMS", {"text"}, "There are no words to look for");
}

}  // namespace confab::irc
