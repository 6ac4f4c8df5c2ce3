#pragma once

#include "apps/clients/common/arguments.hpp"

#include <optional>
#include <span>
#include <string>

namespace confab::client {

/// How a program was called.
struct invocation {
  std::span<char* const> arguments;  ///< without options and without the program's own name
  tls_choice tls;
};

/// Takes the options `--tls` and `--ca FILE` out of `arguments`, if the program has them. They
/// stand in front of all other arguments or behind them, so that what has the right number of
/// arguments without them is what it was before there were options. Nothing, after a report, when
/// they are used wrongly.
[[nodiscard]] std::optional<invocation> take_tls_options(const program_description& program,
                                                         std::span<char* const> arguments);

}  // namespace confab::client
