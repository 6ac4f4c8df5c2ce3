#pragma once

#include <cstddef>

namespace confab {

/// How many clients and rooms there are: sessions, not sockets.
struct census {
  std::size_t users = 0;         ///< Logged in, of any dialect.
  std::size_t users_max = 0;     ///< The most that there were at one time.
  std::size_t invisible = 0;     ///< Of the users.
  std::size_t operators = 0;     ///< Of the server.
  std::size_t unregistered = 0;  ///< Connected, and not logged in yet.
  std::size_t rooms = 0;         ///< With a member at least.
};

}  // namespace confab
