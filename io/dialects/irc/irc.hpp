#pragma once

#include "actors/dialect.hpp"
#include "io/dialects/irc/settings.hpp"

#include <memory>

/// Internet Relay Chat, for the clients that people already have. docs/dialects/irc.md.
namespace confab::irc {

/// The dialect.
std::unique_ptr<const dialect> make_dialect(settings chosen);

}  // namespace confab::irc
