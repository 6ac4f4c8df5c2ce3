#include "apps/server/machine.hpp"

#include "apps/server/http_server.hpp"

#include <algorithm>
#include <fstream>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <unistd.h>

namespace confab::server {

namespace fs = std::filesystem;

namespace {

/// Standard streams, what libraries have open, the network loop's epoll and pipe, the eventfd and
/// the epoll of the admin port: 10 are counted on Debian 12, and a few are to spare.
constexpr std::size_t fixed_descriptors = 16;

/// The epoll of a loop, its pipe, and if there are several the one for the other loops.
constexpr std::size_t descriptors_per_loop = 6;

/// Sockets that listen, and the one that a doorman keeps to refuse with when there is no other. A
/// name has an IPv4 and an IPv6 address, rarely more.
constexpr std::size_t addresses_per_listener = 2;
constexpr std::size_t descriptors_per_address = 2;

/// Refused clients that still hear why, per gateway: `refused_lingering_max` in
/// io/gateway/gateway.cpp; and one that is being accepted.
constexpr std::size_t refused_per_gateway = 4;

/// One in so many descriptors may belong to a connection that is not open yet,
constexpr std::size_t openings_divisor = 4;
/// and so many at each address of a listener in any case.
constexpr std::size_t openings_min = 8;

/// With no limit at all, this is enough for any machine that we know.
constexpr rlim_t unlimited_stand_in = 1U << 20U;

/// As much of the memory as output may take that waits for readers.
constexpr std::size_t backlog_memory_divisor = 4;

std::size_t connections_possible(std::size_t reserved) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return 1;
  const rlimit raised{limit.rlim_max, limit.rlim_max};
  if (::setrlimit(RLIMIT_NOFILE, &raised) == 0)
    limit = raised;
  const auto descriptors =
      static_cast<std::size_t>(std::min<rlim_t>(limit.rlim_cur, unlimited_stand_in));
  return descriptors > reserved ? descriptors - reserved : 1;
}

/// A number in a file of a control group. Version 2 writes the word "max" for no limit, version 1 a
/// number that is larger than any memory.
std::optional<std::size_t> read_limit(const fs::path& file) {
  std::ifstream content{file};
  std::size_t bytes = 0;
  if (content >> bytes)
    return bytes;
  return std::nullopt;
}

/// The smallest number in the file `name` of the group `path`, and of each of its ancestors up to
/// `mount`. A container may see its own group as the root, so missing folders are passed over.
std::optional<std::size_t> smallest_limit(const fs::path& mount, std::string_view path,
                                          const char* name) {
  std::optional<std::size_t> result;
  fs::path group = mount;
  const auto note = [&] {
    if (const auto bytes = read_limit(group / name))
      result = std::min(*bytes, result.value_or(*bytes));
  };
  note();
  for (const auto& part : fs::path{path}.relative_path()) {
    group /= part;
    note();
  }
  return result;
}

/// Whether `word` is one of the words between the commas of `list`.
bool names(std::string_view list, std::string_view word) {
  for (auto comma = list.find(','); comma != std::string_view::npos; comma = list.find(',')) {
    if (list.substr(0, comma) == word)
      return true;
    list.remove_prefix(comma + 1);
  }
  return list == word;
}

/// The smallest of: the machine's memory, the limit of the address space, the control group's.
std::size_t memory_bytes() {
  auto bytes = static_cast<std::size_t>(::sysconf(_SC_PHYS_PAGES)) *
               static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
    bytes = std::min<std::size_t>(bytes, limit.rlim_cur);
  return std::min(bytes, control_group_memory_bytes("/").value_or(bytes));
}

/// Those that are opening do not count as connections yet, but have a descriptor each: a quarter of
/// all, as far as they need so many. Returns how many that are.
std::size_t fit_openings(options& chosen) {
  const auto layered = static_cast<std::size_t>(
      std::count_if(chosen.listeners.begin(), chosen.listeners.end(), [&](const listener& each) {
        const auto& proxied = chosen.layers.proxy_header_listeners;
        return each.over != carrier::tcp ||
               std::find(proxied.begin(), proxied.end(), each.name()) != proxied.end();
      }));
  if (layered == 0)
    return 0;
  const auto doormen = layered * addresses_per_listener * chosen.loops;
  const auto possible = connections_possible(own_descriptors(chosen));
  chosen.opening.openings_max = std::clamp(possible / (openings_divisor * doormen), openings_min,
                                           opening_limits{}.openings_max);
  return doormen * chosen.opening.openings_max;
}

}  // namespace

std::optional<std::size_t> control_group_memory_bytes(const fs::path& root) {
  const auto mount = root / "sys/fs/cgroup";
  std::optional<std::size_t> result;
  std::ifstream groups{root / "proc/self/cgroup"};
  for (std::string line; std::getline(groups, line);) {  // hierarchy:controllers:path
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos)
      continue;
    const auto controllers = std::string_view{line}.substr(first + 1, second - first - 1);
    const auto path = std::string_view{line}.substr(second + 1);
    std::optional<std::size_t> bytes;
    if (controllers.empty())
      bytes = smallest_limit(mount, path, "memory.max");
    else if (names(controllers, "memory"))
      bytes = smallest_limit(mount / "memory", path, "memory.limit_in_bytes");
    if (bytes)
      result = std::min(*bytes, result.value_or(*bytes));
  }
  return result;
}

std::size_t own_descriptors(const options& chosen) {
  const auto per_gateway = addresses_per_listener * descriptors_per_address + refused_per_gateway;
  const auto admin = chosen.admin_port ? http_clients_max + addresses_per_listener : 0;
  const auto loops = chosen.loops > 1 ? chosen.loops * descriptors_per_loop : 0;
  return fixed_descriptors + chosen.listeners.size() * chosen.loops * per_gateway + loops + admin;
}

void fit_limits_to_machine(options& chosen) {
  const auto possible = connections_possible(own_descriptors(chosen) + fit_openings(chosen));
  if (chosen.quota.connections_max == 0)
    chosen.quota.connections_max = possible;
  if (chosen.quota.connections_per_address_max == 0)
    chosen.quota.connections_per_address_max = chosen.quota.connections_max;
  if (chosen.quota.backlog_bytes_max == 0)
    chosen.quota.backlog_bytes_max = memory_bytes() / backlog_memory_divisor;
  chosen.quota.gateways = chosen.listeners.size() * chosen.loops;
}

}  // namespace confab::server
