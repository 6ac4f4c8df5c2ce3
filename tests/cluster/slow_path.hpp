#pragma once

#include "io/net/file_descriptor.hpp"

#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <list>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <utility>
#include <vector>

namespace confab::test {

/// A long way to a port of this machine: each byte takes its time in each direction.
class slow_path {
 public:
  slow_path(std::uint16_t target, std::chrono::milliseconds delay)
      : target_(target),
        delay_(delay),
        listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    auto where = loopback(0);
    socklen_t size = sizeof where;
    auto* generic = reinterpret_cast<sockaddr*>(&where);
    if (::bind(listening_.get(), generic, size) != 0 || ::listen(listening_.get(), 16) != 0 ||
        ::getsockname(listening_.get(), generic, &size) != 0)
      throw std::runtime_error{"cannot listen"};
    port_ = ntohs(where.sin_port);
    thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
  }

  std::uint16_t port() const { return port_; }

 private:
  using clock = std::chrono::steady_clock;

  struct direction {
    int from;
    int to;
    std::deque<std::pair<clock::time_point, std::string>> under_way = {};
    bool ended = false;
  };

  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in result{};
    result.sin_family = AF_INET;
    result.sin_port = htons(port);
    result.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return result;
  }

  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      std::vector<pollfd> events{{listening_.get(), POLLIN, 0}};
      for (const auto& each : ways_)
        events.push_back({each.ended ? -1 : each.from, POLLIN, 0});
      ::poll(events.data(), events.size(), 2);
      auto event = events.begin() + 1;
      for (auto& each : ways_)
        if ((event++)->revents != 0)
          take(each);
      for (auto& each : ways_)
        hand_on(each);
      if (events.front().revents != 0)
        accept();
    }
  }

  void accept() {
    auto& near = sockets_.emplace_back(::accept(listening_.get(), nullptr, nullptr));
    auto& far = sockets_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto where = loopback(target_);
    ::connect(far.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where);
    ways_.push_back({near.get(), far.get()});
    ways_.push_back({far.get(), near.get()});
  }

  void take(direction& way) const {
    std::array<char, 65536> bytes{};
    const auto count = ::recv(way.from, bytes.data(), bytes.size(), 0);
    way.ended = count <= 0;
    way.under_way.emplace_back(
        clock::now() + delay_,
        std::string{bytes.data(), static_cast<std::size_t>(way.ended ? 0 : count)});
  }

  static void hand_on(direction& way) {
    while (!way.under_way.empty() && way.under_way.front().first <= clock::now()) {
      const auto& bytes = way.under_way.front().second;
      if (bytes.empty())
        ::shutdown(way.to, SHUT_WR);
      else
        ::send(way.to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      way.under_way.pop_front();
    }
  }

  std::uint16_t target_;
  std::chrono::milliseconds delay_;
  file_descriptor listening_;
  std::uint16_t port_ = 0;
  std::list<file_descriptor> sockets_;
  std::list<direction> ways_;
  std::jthread thread_;  // The last: it ends before what it uses.
};

}  // namespace confab::test
