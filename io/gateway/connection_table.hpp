#pragma once

#include "actors/interfaces.hpp"
#include "io/net/link.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

/// The connections of one gateway.
namespace confab {

/// One connection of a gateway: its link, its session, and what stands between them.
struct connection {
  using clock = std::chrono::steady_clock;

  connection_key key = 0;
  caf::intrusive_ptr<link> wire;
  std::string address;        ///< Of the peer, without the port.
  session_actor session;      ///< Null before joined_room and when the session has ended by itself.
  std::string user;           ///< Empty before the login.
  bool admitted = false;      ///< Counts in the server's quota.
  bool busy = false;          ///< The session is dealing with input; no more is read.
  bool clogged = false;       ///< Replies pile up unread; no more is read.
  bool throttled = false;     ///< Input came too fast; no more is read for a while.
  bool dirty_reader = false;  ///< Has texts that were not flushed.
  bool dirty_writer = false;  ///< Has replies that were not flushed.
  bool turned_away = false;   ///< Refused, and lingers to hear why.
  bool leaving = false;       ///< Only what is queued is still written.
  std::int64_t input_allowance = 0;  ///< Bytes that may come now; negative: came too early.
  clock::time_point allowance_time;  ///< When the allowance was right.
  clock::time_point last_active;     ///< When something came or went, if an idle time-out is set.
  std::optional<receipt> held;       ///< Waits until other gateways have taken a batch.
  std::ptrdiff_t acks_outstanding = 0;  ///< How many of them; negative: they were faster.
};

/// Finds connections by the key that the rooms know and by the handle that the network loop knows.
/// Addresses of connections are stable; keys are never used twice.
class connection_table {
 public:
  /// Makes an entry for a new link and gives it a key.
  connection& add(caf::intrusive_ptr<link> wire);

  /// Forgets a connection; the reference is dead afterwards.
  void remove(connection& gone);

  /// The connection with this key, or null if it is gone. Constant time, no hashing.
  connection* find(connection_key key);

  /// The connection with this handle, or null.
  connection* find(caf::io::connection_handle handle);

  std::size_t size() const { return by_handle_.size(); }

  /// Calls `visit(connection&)` for all connections; `visit` may remove the one that it is given.
  template <class Visitor>
  void for_each(Visitor visit) {
    for (std::size_t i = 0; i < slots_.size(); ++i)
      if (slots_[i].occupant)
        visit(*slots_[i].occupant);
  }

 private:
  struct slot {
    std::uint32_t uses = 0;
    std::unique_ptr<connection> occupant;
  };

  static std::uint32_t slot_of(connection_key key) { return static_cast<std::uint32_t>(key); }

  std::vector<slot> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::unordered_map<std::int64_t, std::uint32_t> by_handle_;
};

}  // namespace confab
