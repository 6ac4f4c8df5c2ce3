#pragma once

#include <cstddef>
#include <histedit.h>
#include <string>

namespace confab::client {

/// A line that a person has not finished: what libedit holds for them.
struct half_typed_line {
  std::wstring text;
  std::size_t cursor = 0;  ///< characters before it
};

/// The line as it is now. The screen does not matter.
[[nodiscard]] half_typed_line half_typed_line_of(EditLine* editor);

/// Replaces the line. The screen follows when libedit refreshes it next.
void set_half_typed_line(EditLine* editor, const half_typed_line& line);

}  // namespace confab::client
