#pragma once

#include "apps/clients/common/line_queue.hpp"
#include "tests/fuzz/input.hpp"

#include <string>
#include <vector>

namespace confab::fuzz {

/// The lines that a client sees in `input`, after checking that they are the same however the input
/// is split, each without a line end and none above the limit.
std::vector<client::line> check_lines(const split_input& input, std::size_t line_bytes_max);

}  // namespace confab::fuzz
