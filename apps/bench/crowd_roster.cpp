#include "apps/bench/crowd_roster.hpp"

#include <string>

namespace confab::bench {
namespace {

std::string room_name(const std::string& prefix, std::uint32_t room) {
  return prefix + "bench" + std::to_string(room);
}

}  // namespace

crowd_roster::crowd_roster(const bench_options& options, const std::string& name_prefix)
    : servers_(1 + options.more_servers.size()),
      apart_(options.apart),
      rooms_(options.rooms),
      receivers_per_room_(options.receivers),
      senders_per_room_(options.senders),
      has_stalled_(options.stalled_bytes > 0),
      has_skimming_(options.skim) {
  members_.reserve(std::size_t{receivers()} + senders() + 1);
  for (std::uint32_t i = 0; i < receivers(); ++i) {
    members_.push_back({client_role::receiver, name_prefix + "r" + std::to_string(i),
                        room_name(name_prefix, i / receivers_per_room_)});
  }
  for (std::uint32_t i = 0; i < senders(); ++i) {
    members_.push_back({client_role::sender, name_prefix + "s" + std::to_string(i),
                        room_name(name_prefix, i / senders_per_room_)});
  }
  if (options.flood)
    members_.push_back({client_role::sender, "flooder", "flood"});
}

}  // namespace confab::bench
