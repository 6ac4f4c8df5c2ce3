#pragma once

#include "actors/model/answers.hpp"
#include "actors/model/census.hpp"
#include "io/dialects/irc/reply.hpp"

#include <string>
#include <string_view>

/// How many clients there are, and on which servers: the nodes that are linked.
namespace confab::irc {

/// Appends the lines of LUSERS for `nick`.
void append_census(const census& counts, std::string_view nick, const settings& shared,
                   std::string& out);

/// Appends 364 for this server and each one that is linked to it, and 365; a server that stands
/// alone has no 364.
void append_links(const nodes_answer& answer, const reply& to);

}  // namespace confab::irc
