#pragma once

#include "actors/dialect.hpp"

#include <cstddef>
#include <memory>

/// The tagged dialect (docs/dialects/tagged.md): lines of `tag:payload`, senders and receivers, one
/// reply to each line.
namespace confab::tagged {

/// The longest line, its terminating `\n` (and a `\r` before it) included. docs/dialects/tagged.md.
inline constexpr std::size_t line_bytes_max = 255;

/// The two editions of the course differ in one behaviour.
enum class edition {
  spring2022,  ///< A receiver does not hear a sender of its own user name.
  fall2023,    ///< It does.
};

/// Makes the dialect.
std::unique_ptr<const dialect> make_dialect(edition which);

}  // namespace confab::tagged
