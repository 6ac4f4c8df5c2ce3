#include "apps/bench/server_places.hpp"

#include "apps/bench/failure.hpp"

#include <charconv>
#include <system_error>

namespace confab::bench {

std::optional<server_place> read_place(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return std::nullopt;
  auto host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  const auto digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (host.empty() || port == 0 || read.ec != std::errc{} ||
      read.ptr != digits.data() + digits.size())
    return std::nullopt;
  return server_place{std::string{host}, port};
}

std::vector<socket_address> resolve_all(const bench_options& options) {
  std::vector<socket_address> result{resolve(options.host, options.port)};
  for (const auto& each : options.more_servers) {
    const auto place = read_place(each);
    if (!place)
      throw failure("--server " + each + ": that is no HOST:PORT");
    result.push_back(resolve(place->host, place->port));
  }
  return result;
}

}  // namespace confab::bench
