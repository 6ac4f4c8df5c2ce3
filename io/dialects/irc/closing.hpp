#pragma once

#include "actors/model/identity.hpp"

#include <string>
#include <string_view>

namespace confab::irc {

/// Appends the last line that a client gets: `ERROR :Closing link: (u@h) [reason]`. `who` is null
/// if the client has not logged in.
void append_closing_link(const identity_ptr& who, std::string_view reason, std::string& out);

}  // namespace confab::irc
