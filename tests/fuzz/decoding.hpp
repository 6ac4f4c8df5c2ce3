#pragma once

#include "actors/dialect.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/support/miniature_server.hpp"

#include <string_view>

namespace confab::fuzz {

/// Whether two commands ask for the same. What they share with others is compared by what it holds.
bool are_same(const command& left, const command& right);

/// What holds for the decoder of every dialect: the same commands, answered the same, however the
/// input is split; and everything that can be said through it is safe for the readers of every
/// dialect. Returns the dialogue, for what holds for one dialect only.
test::dialogue check_decoder(const dialect& speaks, const split_input& input);

}  // namespace confab::fuzz
