#pragma once

#include "actors/model/identity.hpp"

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
  identity_ptr who = nullptr;  ///< Null before the login.
  role permitted = {};         ///< Nothing is permitted before the login.
  std::string room = {};       ///< The one that was entered last; empty when in no room.

  bool logged_in() const { return who != nullptr; }
  bool in_room() const { return !room.empty(); }
};

}  // namespace confab
