#pragma once

#include "io/net/file_descriptor.hpp"
#include "tests/support/deadline.hpp"

#include <arpa/inet.h>
#include <array>
#include <cstdint>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <string_view>
#include <sys/socket.h>

namespace confab::test {

/// Somebody who connects to a port of this machine and does not keep any rule.
class raw_connection {
 public:
  explicit raw_connection(std::uint16_t port)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0)
      throw std::runtime_error{"cannot connect"};
  }

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0)
        return;  // The other side has had enough.
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  /// Whether the other side ends the connection before the end of `span`.
  bool ends_within(std::chrono::milliseconds span) {
    const deadline end{span};
    std::array<char, 4096> ignored{};
    while (!end.passed()) {
      pollfd event{socket_.get(), POLLIN, 0};
      if (::poll(&event, 1, end.poll_milliseconds(1000)) > 0 &&
          ::recv(socket_.get(), ignored.data(), ignored.size(), 0) <= 0)
        return true;
    }
    return false;
  }

  int descriptor() const { return socket_.get(); }

 private:
  file_descriptor socket_;
};

}  // namespace confab::test
