#pragma once

#include "apps/bench/options.hpp"
#include "apps/bench/run.hpp"

#include <string>

namespace confab::bench {

/// The result as one JSON object, a key a line. Of several rounds, the one with the median
/// deliveries per second is reported, and all rounds' losses are added up. Units end the keys.
std::string to_json(const bench_options& options, const run_result& result);

/// The same for a reader, several lines.
std::string to_text(const bench_options& options, const run_result& result);

}  // namespace confab::bench
