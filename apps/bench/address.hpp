#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <sys/socket.h>

namespace confab::bench {

/// Where the server listens.
struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

/// Looks `host` up. Throws Failure when it has no address.
Address resolve(const std::string& host, std::uint16_t port);

/// Opens non-blocking connections to one server, from as many loopback addresses as their number
/// asks for: one address has only some 28,000 ports.
class Connector {
 public:
  explicit Connector(const Address& server) : server_(server) {}

  /// Starts a connection and returns its descriptor. Throws Failure when that is impossible.
  int start();

 private:
  [[nodiscard]] bool is_loopback4() const;
  void bind_source(int descriptor) const;

  Address server_;
  std::uint32_t source_ = 0;  ///< 0: the kernel's choice; n: 127.0.0.(1 + n)
};

/// Makes room for `connections` descriptors: the soft limit up to the hard limit, and the hard
/// limit too where we may. Throws Failure when that is not enough.
void raise_descriptor_limit(std::size_t connections);

}  // namespace confab::bench
