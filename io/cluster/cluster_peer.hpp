#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace confab {

/// Another node of the cluster, and where it listens.
struct cluster_peer {
  std::string name;
  std::string host;  ///< A name or an address.
  std::uint16_t port = 0;

  bool operator==(const cluster_peer&) const = default;
};

/// A full mesh is made for a few nodes.
inline constexpr std::size_t cluster_peers_max = 7;

}  // namespace confab
