#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace confab::client {

/// MAX_LENGTH: the longest message that a client may send, in bytes, the `\n` included
/// (docs/dialects/tagged.md).
inline constexpr std::size_t message_bytes_max = 255;

/// The longest line that is read from a server, in bytes, its end included. A `delivery:` may
/// exceed MAX_LENGTH, as it adds a room and a name to a text; anything near this limit is no chat
/// any more.
inline constexpr std::size_t received_line_bytes_max = 64 * 1024;

/// A message `tag:payload`. The views belong to the line that was parsed.
struct tagged_message {
  std::string_view tag;
  std::string_view payload;
};

/// Cuts a line (without its end) at the first colon. Nothing when it has none.
[[nodiscard]] std::optional<tagged_message> parse_message(std::string_view line);

/// The payload of a delivery, `room:sender:text`. The text may hold colons.
struct delivery {
  std::string_view room;
  std::string_view sender;
  std::string_view text;
};

/// Cuts the payload of a `delivery:` at its first two colons. Nothing when it has fewer.
[[nodiscard]] std::optional<delivery> parse_delivery(std::string_view payload);

/// The message as it goes on the wire, `tag:payload\n`. Nothing when it is longer than
/// MAX_LENGTH, or when the payload holds a byte that a message cannot carry: a line end.
[[nodiscard]] std::optional<std::string> encode_message(std::string_view tag,
                                                        std::string_view payload);

/// Why `payload` cannot be sent with `tag`, in words that follow its name ("is too long: ...").
/// Empty when it can.
[[nodiscard]] std::string encoding_obstacle(std::string_view tag, std::string_view payload);

}  // namespace confab::client
