#include "tests/support/socket.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace confab::test {

namespace {

using clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds poll_interval{10};

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error{what};
}

[[noreturn]] void fail_with_errno(const std::string& what) {
  throw std::system_error{errno, std::generic_category(), what};
}

struct endpoint {
  sockaddr_storage storage{};
  socklen_t length = 0;

  sockaddr* data() { return reinterpret_cast<sockaddr*>(&storage); }
};

endpoint make_endpoint(const std::string& address, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0)
    fail("not an address in numbers: " + address);
  endpoint result;
  result.length = found->ai_addrlen;
  std::memcpy(&result.storage, found->ai_addr, found->ai_addrlen);
  ::freeaddrinfo(found);
  return result;
}

/// The end of `text`, short enough for an error message.
std::string excerpt(std::string_view text) {
  constexpr std::size_t shown_max = 300;
  if (text.size() <= shown_max)
    return '"' + std::string{text} + '"';
  return std::to_string(text.size()) + " bytes ending in \"" +
         std::string{text.substr(text.size() - shown_max)} + '"';
}

}  // namespace

bool has_ipv6() {
  std::ifstream addresses{"/proc/net/if_inet6"};
  const std::string all{std::istreambuf_iterator<char>{addresses}, {}};
  return all.find("00000000000000000000000000000001") != std::string::npos;
}

client::client(std::uint16_t port, const connect_options& options) {
  auto peer = make_endpoint(options.address, port);
  fd_ = ::socket(peer.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd_ < 0)
    fail_with_errno("socket");
  if (const auto size = options.receive_buffer_bytes; size > 0)
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
  const int enabled = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &enabled, sizeof(enabled));
  if (::connect(fd_, peer.data(), peer.length) != 0) {
    const auto error = errno;
    ::close(fd_);
    throw std::system_error{error, std::generic_category(), "connect to " + options.address};
  }
  ::fcntl(fd_, F_SETFL, ::fcntl(fd_, F_GETFL) | O_NONBLOCK);
}

client::~client() {
  close();
}

client::client(client&& other) noexcept {
  *this = std::move(other);
}

client& client::operator=(client&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = std::exchange(other.fd_, -1);
    inbox_ = std::move(other.inbox_);
    taken_ = std::exchange(other.taken_, 0);
    outbox_ = std::move(other.outbox_);
    sent_ = std::exchange(other.sent_, 0);
    reads_ = other.reads_;
    ended_ = other.ended_;
    was_reset_ = other.was_reset_;
  }
  return *this;
}

void client::queue(std::string_view bytes) {
  outbox_.append(bytes);
}

void client::send(std::string_view bytes) {
  queue(bytes);
  pump_until(
      {this}, [this] { return unsent_bytes() == 0 || ended_; }, "peer takes no more bytes");
  if (unsent_bytes() != 0)
    fail("connection ended before all was sent; last came " + excerpt(inbox_));
}

void client::send_bytewise(std::string_view bytes) {
  for (const char& byte : bytes)
    send({&byte, 1});
}

std::string client::request(std::string_view line) {
  send(std::string{line} + '\n');
  return read_line();
}

std::string client::read_line() {
  std::optional<std::string> line;
  pump_until(
      {this}, [&] { return (line = take_line()).has_value() || ended_; }, "no line came");
  if (!line)
    fail("connection ended instead of a line; rest: " + excerpt(inbox_.substr(taken_)));
  return *line;
}

std::vector<std::string> client::read_lines(std::size_t count) {
  std::vector<std::string> lines;
  while (lines.size() < count)
    lines.push_back(read_line());
  return lines;
}

std::string client::read_exactly(std::size_t count) {
  const auto enough = [&] { return inbox_.size() - taken_ >= count; };
  pump_until(
      {this}, [&] { return enough() || ended_; }, "too few bytes came");
  if (!enough())
    fail("connection ended early; rest: " + excerpt(inbox_.substr(taken_)));
  return take(count, 0);
}

std::string client::read_to_end() {
  pump_until(
      {this}, [this] { return ended_; }, "peer did not close the connection");
  return take(inbox_.size() - taken_, 0);
}

std::optional<std::string> client::take_line() {
  const auto end = inbox_.find('\n', taken_);
  if (end == std::string::npos)
    return std::nullopt;
  return take(end - taken_, 1);
}

void client::expect_silence(std::chrono::milliseconds duration) {
  const auto deadline = clock::now() + duration;
  while (clock::now() < deadline && !ended_ && inbox_.size() == taken_)
    pump({this}, poll_interval);
  if (ended_ || inbox_.size() != taken_) {
    fail("expected silence, but came: " + excerpt(inbox_.substr(taken_)) +
         (ended_ ? " and the end" : ""));
  }
}

void client::shutdown_sending() {
  if (::shutdown(fd_, SHUT_WR) != 0)
    fail_with_errno("shutdown");
}

void client::reset() {
  const linger at_once{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  close();
}

void client::close() {
  if (fd_ >= 0)
    ::close(std::exchange(fd_, -1));
  ended_ = true;
}

short client::interest() const {
  const auto wanted = (reads_ ? POLLIN : 0) | (unsent_bytes() > 0 ? POLLOUT : 0);
  return static_cast<short>(wanted);
}

void client::handle(short events) {
  if ((events & POLLOUT) != 0)
    send_queued();
  if (reads_ && (events & (POLLIN | POLLHUP | POLLERR)) != 0) {
    receive();
  } else if ((events & (POLLERR | POLLHUP)) != 0) {
    // A client that never reads learns only here that it was cut.
    ended_ = true;
    was_reset_ = true;
  }
}

void client::send_queued() {
  const auto sent = ::send(fd_, outbox_.data() + sent_, unsent_bytes(), MSG_NOSIGNAL);
  if (sent < 0) {
    // The peer is gone; what it wrote before that can still be read.
    if (errno != EAGAIN && errno != EINTR && !reads_)
      ended_ = true;
    return;
  }
  sent_ += static_cast<std::size_t>(sent);
  if (unsent_bytes() == 0) {
    outbox_.clear();
    sent_ = 0;
  }
}

void client::receive() {
  std::array<char, 65536> buffer;
  const auto received = ::recv(fd_, buffer.data(), buffer.size(), 0);
  if (received > 0) {
    inbox_.append(buffer.data(), static_cast<std::size_t>(received));
  } else if (received == 0 || (errno != EAGAIN && errno != EINTR)) {
    ended_ = true;
    was_reset_ = received < 0;
  }
}

std::string client::take(std::size_t count, std::size_t skipped) {
  auto result = inbox_.substr(taken_, count);
  taken_ += count + skipped;
  if (taken_ == inbox_.size()) {
    inbox_.clear();
    taken_ = 0;
  }
  return result;
}

void pump(const std::vector<client*>& clients, std::chrono::milliseconds timeout) {
  std::vector<pollfd> polled;
  for (const auto* each : clients) {
    // poll skips negative descriptors.
    polled.push_back({each->ended_ ? -1 : each->fd_, each->interest(), 0});
  }
  if (::poll(polled.data(), polled.size(), static_cast<int>(timeout.count())) <= 0)
    return;
  for (std::size_t index = 0; index < clients.size(); ++index)
    clients[index]->handle(polled[index].revents);
}

void pump_until(const std::vector<client*>& clients, const std::function<bool()>& condition,
                const std::string& what) {
  const auto deadline = clock::now() + patience;
  while (!condition()) {
    if (clock::now() > deadline)
      fail("waited in vain: " + what);
    pump(clients, poll_interval);
  }
}

void wait_until(const std::function<bool()>& condition, const std::string& what) {
  pump_until({}, condition, what);
}

std::vector<std::string> split_lines(std::string_view bytes) {
  std::vector<std::string> lines;
  while (!bytes.empty()) {
    const auto end = std::min(bytes.find('\n'), bytes.size());
    lines.emplace_back(bytes.substr(0, end));
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
  return lines;
}

}  // namespace confab::test
