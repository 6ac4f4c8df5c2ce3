// bench: what the kernel's tables say about the connections of a server on this machine.

#include "apps/bench/kernel_queues.hpp"

#include "tests/support/catch.hpp"

#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace confab::bench {
namespace {

/// A connection over loopback whose client never reads.
class silent_connection {
 public:
  silent_connection() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    REQUIRE(bind(listener_, generic, size) == 0);
    REQUIRE(listen(listener_, 1) == 0);
    REQUIRE(getsockname(listener_, generic, &size) == 0);
    port_ = ntohs(address.sin_port);
    REQUIRE(connect(client_, generic, size) == 0);
    server_ = accept(listener_, nullptr, nullptr);
    REQUIRE(server_ >= 0);
  }
  ~silent_connection() {
    for (const int descriptor : {listener_, client_, server_})
      close(descriptor);
  }
  silent_connection(const silent_connection&) = delete;
  silent_connection& operator=(const silent_connection&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

  /// The server sends so many bytes.
  void send_bytes(std::size_t bytes) const {
    const std::string sent(bytes, 'x');
    REQUIRE(send(server_, sent.data(), sent.size(), 0) == static_cast<ssize_t>(bytes));
  }

  /// The server sends until nothing more fits, and ends the connection.
  void fill_and_close_server() {
    const std::string sent(64 * 1024, 'x');
    while (send(server_, sent.data(), sent.size(), MSG_DONTWAIT) > 0) {
    }
    close(server_);
    server_ = -1;
  }

 private:
  int listener_ = socket(AF_INET, SOCK_STREAM, 0);
  int client_ = socket(AF_INET, SOCK_STREAM, 0);
  int server_ = -1;
  std::uint16_t port_ = 0;
};

/// Whether it becomes true. A row may be missing from one reading of the kernel's table.
template <class Condition>
bool soon(Condition is_true) {
  for (int i = 0; i < 1000; ++i) {
    if (is_true())
      return true;
    usleep(10'000);
  }
  return false;
}

}  // namespace

TEST_CASE("the kernel knows what a connection holds that nobody reads") {
  constexpr std::size_t sent_bytes = 1000;
  const silent_connection connection;
  CHECK(read_kernel_queues(connection.port()).bytes == 0);
  connection.send_bytes(sent_bytes);
  CHECK(soon([&] { return read_kernel_queues(connection.port()).bytes >= sent_bytes; }));
}

TEST_CASE("the kernel knows which connections end as soon as somebody reads them") {
  silent_connection connection;
  connection.fill_and_close_server();
  CHECK(soon([&] { return read_kernel_queues(connection.port()).ending == 1; }));
}

}  // namespace confab::bench
