#pragma once

#include <string>
#include <string_view>

/// The words with which the framed server refuses a client, for the server and its client alike.
namespace confab::framed {

inline constexpr std::string_view server_full = "The server is full.";
inline constexpr std::string_view address_full =
    "There are too many connections from your address.";

/// The answer to a user name, or a channel's, that is longer than the server allows.
std::string name_too_long(std::string_view name);

/// True when `message`, the text of a frame, is a server's refusal of the user name `name`. The
/// server takes the next message for the name then.
bool is_refusal_of_name(std::string_view message, std::string_view name);

/// True when `message` is a server's refusal of a whole connection, which it closes then.
bool is_refusal_of_connection(std::string_view message);

}  // namespace confab::framed
