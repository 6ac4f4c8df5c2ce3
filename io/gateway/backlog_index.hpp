#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

/// Which connections lag behind, and how far.
namespace confab {

struct connection;

/// The place of a connection in a `backlog_index`: it is in none at first.
struct backlog_position {
  connection* previous = nullptr;
  connection* next = nullptr;
  std::uint8_t bucket = 0;  ///< 0: in none.
};

/// Finds the slowest readers without a walk over all connections: those whose sockets have refused
/// output, in buckets by the number of binary digits of their backlog. Every change costs a few
/// instructions.
class backlog_index {
 public:
  /// The backlog of a connection that lags behind is now so many bytes; 0: it has caught up.
  void update(connection& which, std::size_t backlog_bytes);

  /// The connection is no more.
  void remove(connection& which);

  /// One of those with the largest backlog, within a factor of two; null if none lags behind.
  connection* slowest() const;

 private:
  static constexpr std::size_t buckets = 65;
  std::array<connection*, buckets> first_{};
};

}  // namespace confab
