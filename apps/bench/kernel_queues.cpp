#include "apps/bench/kernel_queues.hpp"

#include <fstream>
#include <ios>
#include <sstream>
#include <string>

namespace confab::bench {
namespace {

constexpr unsigned state_established = 1;  // TCP_ESTABLISHED of the kernel's tcp_states.h

/// The port of "ADDRESS:PORT", in hexadecimal digits.
unsigned long port_of(const std::string& address) {
  return std::stoul(address.substr(address.rfind(':') + 1), nullptr, 16);
}

/// Adds the row of one socket: "slot: local remote state tx_queue:rx_queue ..." (proc(5)).
void add_socket(const std::string& row, std::uint16_t port, kernel_queues& queues) {
  std::istringstream words(row);
  std::string slot;
  std::string local;
  std::string remote;
  unsigned state = 0;
  std::uint64_t send_bytes = 0;
  std::uint64_t receive_bytes = 0;
  char colon = 0;
  words >> slot >> local >> remote >> std::hex >> state >> send_bytes >> colon >> receive_bytes;
  if (!words || colon != ':')
    return;
  if (port_of(local) == port) {
    queues.bytes += send_bytes;
    queues.established += state == state_established ? 1 : 0;
  } else if (port_of(remote) == port) {
    queues.bytes += receive_bytes;
  }
}

}  // namespace

kernel_queues read_kernel_queues(std::uint16_t port) {
  kernel_queues queues;
  for (const auto* path : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream table(path);
    std::string row;
    std::getline(table, row);  // the titles
    while (std::getline(table, row))
      add_socket(row, port, queues);
  }
  return queues;
}

}  // namespace confab::bench
