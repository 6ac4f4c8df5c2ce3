#pragma once

#include "apps/bench/connector.hpp"
#include "apps/bench/options.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace confab::bench {

/// Where a server is.
struct server_place {
  std::string host;
  std::uint16_t port = 0;
};

/// The place in `HOST:PORT`, where the host may be `[::1]`; nothing if that is none.
std::optional<server_place> read_place(std::string_view text);

/// The addresses of all servers of a run, the one of `--host` and `--port` first. Throws failure if
/// one of them has none.
std::vector<socket_address> resolve_all(const bench_options& options);

}  // namespace confab::bench
