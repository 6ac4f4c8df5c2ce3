#pragma once

#include "actors/model/outcomes.hpp"
#include "io/dialects/irc/settings.hpp"

#include <string>

namespace confab::irc {

/// Appends the burst that a login is answered with, from 001 on.
void append_welcome(const welcomed& result, const settings& shared, std::string& out);

}  // namespace confab::irc
