#pragma once

#include "actors/model/message_id.hpp"
#include "actors/model/stamp.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The tags `msgid` and `time`, as values.
namespace confab::irc {

/// Appends the id of the event that has this index in its batch: the same for all who read it, and
/// for no other event, not even one of another run of the server. It matches `[a-z0-9-]+`.
void append_message_id(const stamp& at, std::size_t index, std::string& out);

/// The same of an event that is not at hand.
std::string message_id_text(const message_id& which);

/// What was appended once by `append_message_id`; nothing if it is no such thing.
std::optional<message_id> parse_message_id(std::string_view text);

/// Appends a time (milliseconds since 1970) as `2026-11-24T04:12:25.246Z`. What is not in the years
/// 1970 to 9999 becomes the nearest time that is.
void append_server_time(std::int64_t time_ms, std::string& out);

/// The time that is written so, with a digit in each place; nothing if this is no such thing. What
/// is before 1970 becomes 0.
std::optional<std::int64_t> parse_server_time(std::string_view text);

}  // namespace confab::irc
