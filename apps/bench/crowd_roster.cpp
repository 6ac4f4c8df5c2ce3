#include "apps/bench/crowd_roster.hpp"

#include <string>

namespace confab::bench {
namespace {

std::string room_name(std::uint32_t room) {
  return "bench" + std::to_string(room);
}

}  // namespace

crowd_roster::crowd_roster(const bench_options& options)
    : rooms_(options.rooms),
      receivers_per_room_(options.receivers),
      senders_per_room_(options.senders) {
  members_.reserve(std::size_t{receivers()} + senders() + 1);
  for (std::uint32_t i = 0; i < receivers(); ++i) {
    members_.push_back(
        {client_role::receiver, "r" + std::to_string(i), room_name(i / receivers_per_room_)});
  }
  for (std::uint32_t i = 0; i < senders(); ++i) {
    members_.push_back(
        {client_role::sender, "s" + std::to_string(i), room_name(i / senders_per_room_)});
  }
  if (options.flood) {
    members_.push_back({client_role::sender, "flooder", "flood"});
  }
}

}  // namespace confab::bench
