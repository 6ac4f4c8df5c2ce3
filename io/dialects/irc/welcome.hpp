#pragma once

#include "actors/model/census.hpp"
#include "actors/model/outcomes.hpp"
#include "io/dialects/irc/settings.hpp"

#include <string>
#include <string_view>

namespace confab::irc {

/// Appends the burst that a login is answered with, from 001 on.
void append_welcome(const welcomed& result, const settings& shared, std::string& out);

/// Appends the lines of LUSERS for `nick`.
void append_census(const census& counts, std::string_view nick, const settings& shared,
                   std::string& out);

}  // namespace confab::irc
