#pragma once

#include "actors/model/outcomes.hpp"
#include "io/dialects/irc/reply.hpp"

#include <string_view>

namespace confab::irc {

/// Appends what a client is told that asked for something in vain: most often one numeric, and
/// nothing if it was a NOTICE, unless that is lost.
void append_refusal(const refused& result, const reply& to);

/// Why a connection is not let in, in words.
std::string_view words_for_refused_connection(refusal why);

}  // namespace confab::irc
