#pragma once

#include <string>

/// Where a client stands: what a dialect may need to know to understand the next bytes.
namespace confab {

/// What a client may do after its login. A client can have one of the two, or both.
struct role {
  bool speaks = false;
  bool listens = false;
  friend bool operator==(const role&, const role&) = default;
};

/// Who a connected client is and where it stands: what a dialect may need to know to understand
/// the next bytes.
struct standing {
  std::string user;     ///< Empty before the login.
  role permitted = {};  ///< Nothing is permitted before the login.
  std::string room;     ///< Empty when in no room.
  bool logged_in = false;

  bool in_room() const { return !room.empty(); }
};

}  // namespace confab
