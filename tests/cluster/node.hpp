#pragma once

#include "actors/cluster/known_dialects.hpp"
#include "actors/cluster/peer_interface.hpp"
#include "io/cluster/membership.hpp"
#include "io/net/listening_socket.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <caf/all.hpp>

/// A node with real links and peers that only write down what they are told.
namespace confab::test {

/// CAF as the server sets it up.
class node_config final : public caf::actor_system_config, public known_dialects {
 public:
  node_config();
};

/// A port of this machine, kept for a node that comes and goes.
class cluster_address {
 public:
  explicit cluster_address(std::string name);

  const std::string& name() const { return name_; }
  std::uint16_t port() const { return port_; }
  cluster_peer as_peer() const { return {name_, "127.0.0.1", port_}; }

  /// Sockets that listen; the first ones have been listening from the start.
  std::vector<int> listen();

  /// Nobody listens any more.
  void close() { sockets_.descriptors.clear(); }

 private:
  std::string name_;
  listening_sockets sockets_;
  std::uint16_t port_;
};

struct node_plan {
  std::vector<cluster_peer> peers;
  mutual_tls_ptr context = nullptr;
  std::uint32_t version = wire_version;
  bool serves = true;  ///< From the start.
};

/// A file for the log of a node, gone with its object.
class log_file {
 public:
  log_file();
  ~log_file();
  log_file(const log_file&) = delete;
  log_file& operator=(const log_file&) = delete;

  const std::string& path() const { return path_; }
  std::string content() const;

 private:
  std::string path_;
};

/// One node in this process: an actor system of its own, with its membership.
class node {
 public:
  node(cluster_address& where, node_plan plan);
  ~node();
  node(const node&) = delete;
  node& operator=(const node&) = delete;

  /// From now on there are peers for all other nodes.
  void serve();

  /// Waits until the peer for `other` is told this next: "linked", "lost", or the text of a
  /// message.
  void expect(const std::string& other, const std::string& what);
  /// The same, and returns how long it took.
  std::chrono::milliseconds time_until(const std::string& other, const std::string& what);
  /// The peer for `other` is told nothing for so long.
  void expect_nothing(const std::string& other, std::chrono::milliseconds span);

  /// Sends a text to the peer's counterpart.
  void say(const std::string& other, const std::string& text);
  void redial(const std::string& other);
  /// Connections to come get this.
  void renew(mutual_tls_ptr context);
  /// The peer for `other` has heard that it ends.
  void note_ending(const std::string& other);

  /// Waits until the log has this.
  void expect_log(const std::string& part);
  /// How often the log has this.
  std::size_t logged(const std::string& part) const;

 private:
  bool take(const std::string& other, std::string& what, std::chrono::milliseconds span);

  std::string name_;
  node_plan plan_;
  log_file log_;
  node_config config_;
  std::optional<caf::actor_system> system_{std::in_place, config_};
  std::optional<caf::scoped_actor> self_{std::in_place, *system_};
  membership_actor membership_;
  std::map<std::string, caf::actor> peers_;
  std::map<std::string, std::deque<std::string>> told_;
};

}  // namespace confab::test
