#pragma once

#include "tests/simulation/history.hpp"
#include "tests/simulation/irc_line.hpp"

#include <set>
#include <string>

/// Which numbers of IRC answer what: docs/dialects/irc.md.
namespace confab::simulation {

/// Lines of the burst behind a login, and those that only say more about an answer.
bool says_more(const irc_line& line);

/// The numbers that a request may be answered by. Where there is none, it may have no answer.
const std::set<std::string>& answers_to(meaning what);

}  // namespace confab::simulation
