#pragma once

#include <cstddef>

namespace confab {

/// How many clients and rooms there are: sessions, not sockets. Of all nodes that are linked, where
/// it does not say of this one.
struct census {
  std::size_t users = 0;           ///< Logged in, of any dialect.
  std::size_t users_max = 0;       ///< The most that there were at one time.
  std::size_t users_here = 0;      ///< Of the users, those of this node.
  std::size_t users_here_max = 0;  ///< The most that there were of these at one time.
  std::size_t invisible = 0;       ///< Of the users.
  std::size_t operators = 0;       ///< Of the server.
  std::size_t unregistered = 0;    ///< Connected to this node, and not logged in yet.
  std::size_t rooms = 0;           ///< With a member at least.
  std::size_t other_nodes = 0;     ///< That are linked to this one.
};

}  // namespace confab
