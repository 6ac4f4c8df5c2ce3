#pragma once

#include <cstdint>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <variant>
#include <vector>

/// Turns names of hosts into addresses of sockets.
namespace confab {

/// An IPv4 or IPv6 address and a TCP port, as the socket calls take them.
class socket_address {
 public:
  /// Every interface: of IPv4, or of IPv6, which takes IPv4 clients too.
  static socket_address any_ipv4();
  static socket_address any_ipv6();

  /// Copies an address of the family AF_INET or AF_INET6.
  socket_address(const sockaddr* address, socklen_t size_bytes);

  int family() const { return storage_.generic.sa_family; }
  const sockaddr* get() const { return &storage_.generic; }
  socklen_t size_bytes() const { return size_bytes_; }

  std::uint16_t port() const;
  void set_port(std::uint16_t port);

  friend bool operator==(const socket_address& left, const socket_address& right);

 private:
  union any_address {
    sockaddr generic;
    sockaddr_in ipv4;
    sockaddr_in6 ipv6;
  };

  any_address storage_{};
  socklen_t size_bytes_ = 0;
};

/// All addresses of `host`, a name or a numeric address of either family, with `port`: each once,
/// in the order in which the system wants them tried, and at least one. May ask name servers, so it
/// may block for as long as they take.
///
/// On failure returns one line for the user that says why, such as "Name or service not known".
std::variant<std::vector<socket_address>, std::string> resolve(const std::string& host,
                                                               std::uint16_t port);

/// What the operating system calls this value of `errno`, such as "Address already in use".
std::string error_text(int error_number);

}  // namespace confab
