#pragma once

#include "actors/dialect.hpp"

#include <cstddef>
#include <memory>
#include <string>

/// The oneroom dialect (docs/dialects/oneroom.md): a line with the user name, then a line for each
/// message; everyone hears everyone.
namespace confab::oneroom {

/// Makes the dialect. All its clients are in the room `lobby`. A line longer than
/// `line_bytes_max`, its newline included, ends the connection that it came on.
std::unique_ptr<const dialect> make_dialect(std::string lobby, std::size_t line_bytes_max);

}  // namespace confab::oneroom
