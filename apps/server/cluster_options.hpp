#pragma once

#include "io/cluster/cluster_peer.hpp"
#include "io/net/layers/mutual_tls.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11 calls it so.
class App;
}  // namespace CLI

/// What the person who starts the server may choose of its links to other nodes.
namespace confab::server {

struct cluster_options {
  std::string node;  ///< Empty: the server stands alone.
  std::string address;
  std::vector<std::string> peer_texts;
  mutual_tls_files files;  ///< All empty: nothing is encrypted.

  // The same, understood.
  std::string bind_host;
  std::uint16_t bind_port = 0;
  std::vector<cluster_peer> peers;

  bool is_wanted() const { return !node.empty(); }
  bool is_encrypted() const { return !files.certificate.empty(); }
};

/// Declares `--node` and what belongs to it.
void declare_cluster_options(CLI::App& app, cluster_options& chosen);

/// Understands them. Returns what is wrong, in one line; nothing: they are right.
std::optional<std::string> complete(cluster_options& chosen);

}  // namespace confab::server
