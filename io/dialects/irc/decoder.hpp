#pragma once

#include "actors/dialect.hpp"
#include "io/dialects/irc/settings.hpp"

#include <memory>

namespace confab::irc {

/// A decoder for a new connection. `shared` outlives it.
std::unique_ptr<decoder> make_decoder(const settings& shared);

}  // namespace confab::irc
