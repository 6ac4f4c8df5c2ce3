#include "apps/bench/kernel_queues.hpp"

#include <fstream>
#include <ios>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <utility>

namespace confab::bench {
namespace {

constexpr unsigned state_fin_wait_1 = 4;  // TCP_FIN_WAIT1 of the kernel's tcp_states.h

/// The port of "ADDRESS:PORT", in hexadecimal digits.
unsigned long port_of(const std::string& address) {
  return std::stoul(address.substr(address.rfind(':') + 1), nullptr, 16);
}

/// What one row says: "slot: local remote state tx_queue:rx_queue ..." (proc(5)).
struct socket_row {
  std::string local;
  std::string remote;
  unsigned state = 0;
  std::uint64_t send_bytes = 0;
  std::uint64_t receive_bytes = 0;
};

/// Nothing if it is no such row.
std::optional<socket_row> parse(const std::string& row) {
  std::istringstream words(row);
  std::string slot;
  socket_row result;
  char colon = 0;
  words >> slot >> result.local >> result.remote >> std::hex >> result.state >> result.send_bytes >>
      colon >> result.receive_bytes;
  if (!words || colon != ':')
    return std::nullopt;
  return result;
}

void add(const socket_row& socket, std::uint16_t port, kernel_queues& queues) {
  if (port_of(socket.local) == port) {
    queues.bytes += socket.send_bytes;
    queues.ending += socket.state == state_fin_wait_1 ? 1 : 0;
  } else if (port_of(socket.remote) == port) {
    queues.bytes += socket.receive_bytes;
  }
}

}  // namespace

kernel_queues read_kernel_queues(std::uint16_t port) {
  kernel_queues queues;
  for (const auto* path : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    // The kernel shows a socket twice if others have come while the table was read.
    std::set<std::pair<std::string, std::string>> seen;
    std::ifstream table(path);
    std::string row;
    std::getline(table, row);  // the titles
    while (std::getline(table, row))
      if (const auto socket = parse(row);
          socket && seen.emplace(socket->local, socket->remote).second)
        add(*socket, port, queues);
  }
  return queues;
}

}  // namespace confab::bench
