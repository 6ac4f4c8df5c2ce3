#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

/// Who somebody is, and which connection leads to them.
namespace confab {

/// Names one gateway of this server; unique for the life of the process.
using gateway_id = std::uint32_t;

/// Numbers from here on are those of peers: behind them are the clients of other nodes.
inline constexpr gateway_id first_peer_gateway = gateway_id{1} << 24;

/// Names one connection of one gateway. Never used again for another connection (unlike a file
/// descriptor): the lower 32 bits are the connection's slot, the upper 32 count the uses of it.
using connection_key = std::uint64_t;

/// Which connection leads to a client. Never used again for another client.
struct client_id {
  gateway_id gateway = 0;
  connection_key connection = 0;
  friend auto operator<=>(const client_id&, const client_id&) = default;  // NOLINT: no pointers

  /// The client is connected to another node of the cluster.
  bool is_elsewhere() const { return gateway >= first_peer_gateway; }
};

/// Who a client is, as all others see it. Never changed once it was sent: whoever renames itself
/// gets a new one.
struct identity {
  std::string name;          ///< The user name as logged in, in the client's own dialect.
  std::string_view dialect;  ///< Which dialect it speaks: its `dialect::name()`, which lives on.
  std::string nick;          ///< By which all of the server know it; no two clients share one.
  std::string user;          ///< The `u` of `n!u@h`.
  std::string host;          ///< The `h`: stands for the address, which nobody is shown.
  std::string real_name;
  std::string account;  ///< Empty: none.
  std::string away;     ///< Why the client is away; empty: it is not.
  bool bot = false;
  bool invisible = false;        ///< Hidden from those who share no room with it.
  bool hears_wallops = false;    ///< Gets what server operators say to all.
  bool server_operator = false;  ///< Has given an operator's password.
  std::string node = {};         ///< To which node it is connected; empty: to this one.
};

using identity_ptr = std::shared_ptr<const identity>;

/// `n!u@h`, which masks are compared with.
std::string hostmask(const identity& who);

/// Who did something, and from where.
struct author {
  identity_ptr who;  ///< Never null once the client has logged in.
  client_id from;

  const std::string& name() const { return who->name; }
  std::string_view dialect() const { return who->dialect; }
};

/// A node of the cluster itself, as the author of what nobody of its clients has done.
author node_as_author(const std::string& node, std::string_view dialect, const client_id& from);

}  // namespace confab

template <>
struct std::hash<confab::client_id> {
  std::size_t operator()(const confab::client_id& id) const noexcept {
    return std::hash<std::uint64_t>{}(id.connection * 31 + id.gateway);
  }
};
