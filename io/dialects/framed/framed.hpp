#pragma once

#include "actors/dialect.hpp"

#include <cstddef>
#include <memory>

/// The framed dialect (docs/dialects/framed.md): messages of exactly 200 bytes, channels with
/// `/join`, `/create` and `/list`.
namespace confab::framed {

/// The size of every message, both ways; shorter texts are padded with blanks.
inline constexpr std::size_t frame_bytes = 200;

/// Makes the dialect.
std::unique_ptr<const dialect> make_dialect();

}  // namespace confab::framed
