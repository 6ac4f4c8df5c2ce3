#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <sys/socket.h>

namespace confab::bench {

/// Where the server listens.
struct socket_address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

/// Looks `host` up. Throws failure when it has no address.
socket_address resolve(const std::string& host, std::uint16_t port);

/// How much of what comes the kernel is to hold for a connection.
enum class socket_buffers {
  usual,
  /// Some tens of kilobytes on both sides, as with a slow peer on a real network. Loopback has
  /// segments of 64 KiB, for which the kernel would give each sender megabytes.
  small,
};

/// Opens non-blocking connections to one server, from as many loopback addresses as their number
/// asks for: one address has only some 28,000 ports.
class connector {
 public:
  explicit connector(const socket_address& server) : server_(server) {}

  /// Starts a connection and returns its descriptor. Throws failure when that is impossible.
  int start(socket_buffers buffers = socket_buffers::usual);

 private:
  [[nodiscard]] bool is_loopback4() const;
  void bind_source(int descriptor) const;

  socket_address server_;
  std::uint32_t source_ = 0;  ///< 0: the kernel's choice; n: 127.0.0.(1 + n)
};

}  // namespace confab::bench
