#pragma once

#include "io/net/layers/byte_layer.hpp"

#include <string>
#include <string_view>

namespace confab {

/// Appends the lines of a dialect as what carries them wants them; nothing if it takes them as they
/// are.
void frame_output(std::string_view lines, output_form framing, std::string& out);

}  // namespace confab
