#pragma once

#include <cstdint>
#include <string>

/// Who somebody is, and which connection leads to them.
namespace confab {

/// Names one gateway of this server; unique for the life of the process.
using gateway_id = std::uint32_t;

/// Names one connection of one gateway. Never used again for another connection (unlike a file
/// descriptor): the lower 32 bits are the connection's slot, the upper 32 count the uses of it.
using connection_key = std::uint64_t;

/// Who did something in a room.
struct author {
  std::string name;        ///< The user name as logged in, in the author's own dialect.
  std::string dialect;     ///< Which dialect the author speaks: its `dialect::name()`.
  gateway_id gateway = 0;  ///< With `connection`: which connection it came from.
  connection_key connection = 0;

  friend bool operator==(const author&, const author&) = default;
};

}  // namespace confab
