#include "tests/support/reader_crowd.hpp"

#include "tests/support/deadline.hpp"
#include "tests/support/mixed_server.hpp"
#include "tests/support/socket.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace confab::test {
namespace {

constexpr int receive_buffer_bytes = 16 * 1024;

/// Loopback has segments of 64 KiB, for which the kernel would give the server a send buffer of
/// megabytes for each connection.
constexpr int segment_bytes = 1400;

constexpr int poll_ms_max = 100;

/// A shell's soft limit is often less than the hard one, and less than a crowd.
void raise_descriptor_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

int connect_with_small_buffers(std::uint16_t port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes);
  setsockopt(descriptor, IPPROTO_TCP, TCP_MAXSEG, &segment_bytes, sizeof segment_bytes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const int error = errno;
    ::close(descriptor);
    throw std::system_error(error, std::generic_category(), "a reader cannot connect");
  }
  return descriptor;
}

/// Takes what has come, into `buffer`; 0 when nothing has.
template <std::size_t Size>
std::size_t take(int descriptor, std::array<char, Size>& buffer) {
  const auto got = recv(descriptor, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got > 0)
    return static_cast<std::size_t>(got);
  if (got == 0 || (errno != EAGAIN && errno != EINTR))
    throw std::runtime_error("the server ended the connection of a reader");
  return 0;
}

void enter_room(int descriptor, const entrance& way) {
  const auto sent = send(descriptor, way.request.data(), way.request.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(way.request.size()))
    throw std::runtime_error("a reader cannot send its request to enter");
  std::string heard;
  std::array<char, 4096> buffer{};
  const deadline end(patience);
  while (heard.find(way.welcome) == std::string::npos) {
    pollfd watched{descriptor, POLLIN, 0};
    poll(&watched, 1, end.poll_milliseconds(poll_ms_max));
    heard.append(buffer.data(), take(descriptor, buffer));
    if (end.passed())
      throw std::runtime_error("a reader was not let in: " + heard);
  }
}

}  // namespace

entrance tagged_entrance(const std::string& room, std::size_t number) {
  return {"rlogin:t" + std::to_string(number) + "\njoin:" + room + '\n', "ok:welcome\n"};
}

entrance framed_entrance(const std::string& room, std::size_t number) {
  // The error that the last message earns shows that those before it have been carried out.
  return {frames_of({"f" + std::to_string(number), "/join " + room, "/ready"}),
          frame_of("/ready is not a valid control message. Valid messages are /create, /list, and "
                   "/join.")};
}

entrance oneroom_entrance(std::size_t number) {
  const auto name = "o" + std::to_string(number);
  return {name + "\nhi\n", name + ":hi\n"};
}

reader_crowd::reader_crowd(std::uint16_t port, std::size_t count,
                           const std::function<entrance(std::size_t)>& enter) {
  raise_descriptor_limit();
  for (std::size_t number = 0; number < count; ++number) {
    readers_.push_back({connect_with_small_buffers(port), 0});
    enter_room(readers_.back().descriptor, enter(number));
  }
  skip_what_came();
}

reader_crowd::~reader_crowd() {
  close();
}

void reader_crowd::read(std::size_t bytes_each) {
  std::array<char, 64 * 1024> buffer{};
  const deadline end(patience);
  for (;;) {
    std::vector<pollfd> watched;
    std::vector<reader*> missing;
    for (auto& each : readers_) {
      if (each.taken_bytes < bytes_each) {
        watched.push_back({each.descriptor, POLLIN, 0});
        missing.push_back(&each);
      }
    }
    if (missing.empty())
      break;
    if (end.passed())
      throw std::runtime_error(std::to_string(missing.size()) + " readers did not get everything");
    poll(watched.data(), watched.size(), end.poll_milliseconds(poll_ms_max));
    for (std::size_t i = 0; i < missing.size(); ++i)
      if (watched[i].revents != 0)
        missing[i]->taken_bytes += take(missing[i]->descriptor, buffer);
  }
  for (auto& each : readers_)
    each.taken_bytes -= bytes_each;
}

void reader_crowd::skip_what_came() {
  std::array<char, 64 * 1024> buffer{};
  for (auto& each : readers_) {
    while (take(each.descriptor, buffer) > 0) {
    }
    each.taken_bytes = 0;
  }
}

void reader_crowd::close() {
  for (const auto& each : readers_)
    ::close(each.descriptor);
  readers_.clear();
}

}  // namespace confab::test
