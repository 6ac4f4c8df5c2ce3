#pragma once

#include "tests/faults/cluster/run_log.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <sys/types.h>
#include <vector>

/// Three servers, each in a network of its own, each with a disk of its own.
namespace confab::faults {

/// This machine has not what the test needs.
class cannot_be_tried : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The port of each node for such clients.
std::uint16_t port_of(dialect of);

/// Where the programs are.
struct cluster_places {
  std::string server;                          ///< The program.
  std::string make_certificate;                ///< scripts/make-certificate
  std::string folder;                          ///< For what the run leaves behind; it exists.
  std::vector<std::string> more_options = {};  ///< For the servers.
};

/// The nodes a, b and c, and a cable between each two of them. A cable is a pair of virtual network
/// cards; a disk is a tmpfs. Networks and mounts belong to this process and end with it, however it
/// ends; so do the servers.
class cluster {
 public:
  /// Throws cannot_be_tried without root, or where networks cannot be made.
  explicit cluster(cluster_places places);
  cluster(const cluster&) = delete;
  cluster& operator=(const cluster&) = delete;
  ~cluster();

  /// A socket that is connecting to the node's port for such clients, inside of its network; -1 if
  /// nobody listens there.
  int connect(std::size_t node, dialect of) const;

  void start(std::size_t node);
  void signal(std::size_t node, int number);

  /// Whether a server runs; one that has ended is waited for.
  bool runs(std::size_t node);

  /// How the last server of the node has ended, as from a shell.
  int exit_status(std::size_t node) const { return servers_[node].status; }

  /// Whether the server says that it listens for all clients.
  bool listens(std::size_t node) const;

  /// Puts a fault into the cable between the nodes, and takes it out again.
  void break_cable(fault_kind how, std::size_t node, std::size_t other);
  void mend_cable(fault_kind how, std::size_t node, std::size_t other);

  void fill_disk(std::size_t node);
  void empty_disk(std::size_t node);

  std::size_t memory_bytes(std::size_t node) const;

  /// The texts in the node's history.
  std::multiset<text_id> history(std::size_t node) const;

  std::string log_file(std::size_t node) const;

  /// The descriptor of the network that the node is in.
  int network(std::size_t node) const { return servers_[node].network; }

  static std::string name(std::size_t node) { return {static_cast<char>('a' + node)}; }

 private:
  struct server {
    int network = -1;
    pid_t process = -1;
    std::size_t log_start = 0;  ///< Where the log of this process begins.
    int status = 0;
  };

  void make_networks();
  void lay_cable(std::size_t node, std::size_t other);
  void make_disks();
  std::string disk(std::size_t node) const;
  void misdirect(std::size_t from, std::size_t to) const;
  void direct(std::size_t from, std::size_t to) const;

  cluster_places places_;
  int home_ = -1;
  std::array<server, nodes> servers_;
};

}  // namespace confab::faults
