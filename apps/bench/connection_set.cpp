#include "apps/bench/connection_set.hpp"

#include "apps/bench/failure.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace confab::bench {
namespace {

constexpr std::size_t input_bytes = 256 * 1024;
constexpr std::size_t unused_bytes_max = 128 * 1024;
constexpr std::size_t events_per_poll = 512;

[[noreturn]] void fail(const std::string& what, int error) {
  throw failure(what + ": " + std::strerror(error));
}

}  // namespace

connection_set::connection_set(const std::vector<socket_address>& servers, layer_maker make_layers)
    : connectors_(servers.begin(), servers.end()),
      make_layers_(std::move(make_layers)),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      input_(input_bytes) {
  if (epoll_ < 0)
    fail("cannot make an epoll set", errno);
}

connection_set::~connection_set() {
  for (const auto& connection : connections_)
    if (connection.descriptor >= 0)
      close(connection.descriptor);
  close(epoll_);
}

connection_id connection_set::open(socket_buffers buffers, std::size_t server) {
  const auto id = static_cast<connection_id>(connections_.size());
  auto& connection = connections_.emplace_back();
  connection.descriptor = connectors_[server].start(buffers);
  if (make_layers_)
    connection.layers = make_layers_();
  watch(id, EPOLL_CTL_ADD);
  return id;
}

void connection_set::watch(connection_id id, int operation) {
  const auto& connection = connections_[id];
  const bool writes = !connection.is_connected || connection.waits_for_space;
  epoll_event event{};
  const bool reads = connection.reads && !connection.is_swept;
  event.events = (reads ? EPOLLIN : 0U) | (writes ? EPOLLOUT : 0U);
  event.data.u32 = id;
  if (epoll_ctl(epoll_, operation, connection.descriptor, &event) != 0)
    fail("cannot watch a connection", errno);
}

void connection_set::stop_reading(connection_id id) {
  if (!connections_[id].reads)
    return;
  connections_[id].reads = false;
  watch(id, EPOLL_CTL_MOD);
}

void connection_set::leave_to_sweep(connection_id id) {
  auto& connection = connections_[id];
  connection.skims = true;
  if (!std::exchange(connection.is_swept, true))
    watch(id, EPOLL_CTL_MOD);
}

void connection_set::sweep() {
  for (connection_id id = 0; id < connections_.size(); ++id)
    if (connections_[id].is_swept)
      drop_input(id);
}

void connection_set::flush(connection_id id) {
  auto& connection = connections_[id];
  if (!connection.is_connected || connection.descriptor < 0)
    return;
  auto& bytes =
      connection.layers ? connection.layers->outgoing(connection.output) : connection.output;
  if (bytes.empty())
    return;
  const auto sent = send(connection.descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN) {
    lose(id, "the server closed a connection", errno);
    return;
  }
  if (sent > 0)
    bytes.erase(0, static_cast<std::size_t>(sent));
  const bool is_all_sent = bytes.empty() && connection.output.empty();
  if (connection.waits_for_space == is_all_sent) {
    connection.waits_for_space = !is_all_sent;
    watch(id, EPOLL_CTL_MOD);
  }
}

bool connection_set::poll(connection_handler& handler, int timeout_ms) {
  std::array<epoll_event, events_per_poll> events{};
  const int count = epoll_wait(epoll_, events.data(), events_per_poll, timeout_ms);
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    const connection_id id = event.data.u32;
    if (!connections_[id].is_connected) {
      finish_connect(id, handler);
      continue;
    }
    if ((event.events & EPOLLOUT) != 0)
      flush(id);
    if (!connections_[id].reads) {
      if ((event.events & (EPOLLHUP | EPOLLERR)) != 0)
        lose(id, "", 0);
      continue;
    }
    if ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
      read(id, handler);
  }
  return count > 0;
}

/// Ends a connection that nobody reads; for any other that is the end of the run.
void connection_set::lose(connection_id id, const std::string& what, int error) {
  auto& connection = connections_[id];
  if (connection.reads)
    fail(what, error);
  if (connection.descriptor >= 0) {
    close(connection.descriptor);
    connection.descriptor = -1;
  }
}

void connection_set::finish_connect(connection_id id, connection_handler& handler) {
  auto& connection = connections_[id];
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(connection.descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0)
    fail("cannot connect", error);
  connection.is_connected = true;
  watch(id, EPOLL_CTL_MOD);
  if (!connection.layers) {
    handler.connected(id);
    return;
  }
  connection.layers->start();
  flush(id);
}

/// Puts what has come into input_, from `at` on; returns the number of bytes, and 0 when nothing
/// has come.
std::size_t connection_set::receive(connection_id id, std::size_t at) {
  const auto got = recv(connections_[id].descriptor, input_.data() + at, input_.size() - at, 0);
  if (got < 0) {
    if (errno == EAGAIN || errno == EINTR)
      return 0;
    fail("lost a connection", errno);
  }
  if (got == 0)
    throw failure("the server closed a connection");
  return static_cast<std::size_t>(got);
}

/// Puts what was left over and what has come into input_; returns the number of bytes, and 0
/// when nothing has come.
std::size_t connection_set::fill(connection_id id) {
  auto& unused = connections_[id].unused;
  const auto kept = unused.size();
  std::memcpy(input_.data(), unused.data(), kept);
  const auto got = receive(id, kept);
  if (got == 0)
    return 0;
  unused.clear();
  return kept + got;
}

/// Lets the kernel throw away what has come (tcp(7), MSG_TRUNC), which costs no copy.
void connection_set::drop_input(connection_id id) {
  const auto got = recv(connections_[id].descriptor, input_.data(), input_.size(), MSG_TRUNC);
  if (got == 0)
    throw failure("the server closed a connection");
  if (got < 0 && errno != EAGAIN && errno != EINTR)
    fail("lost a connection", errno);
}

void connection_set::read(connection_id id, connection_handler& handler) {
  if (connections_[id].skims) {
    drop_input(id);
    return;
  }
  if (connections_[id].layers) {
    read_layered(id, handler);
    return;
  }
  const auto size = fill(id);
  if (size > 0)
    hand_in(id, handler, {input_.data(), size});
}

void connection_set::read_layered(connection_id id, connection_handler& handler) {
  const auto size = receive(id, 0);
  if (size == 0)
    return;
  auto& connection = connections_[id];
  plain_.assign(connection.unused);
  const bool was_open = connection.layers->is_open();
  connection.layers->take({input_.data(), size}, plain_);
  flush(id);  // what the layers have to say by themselves
  const bool has_more = plain_.size() > connection.unused.size();
  if (!was_open && connection.layers->is_open())
    handler.connected(id);
  if (has_more)
    hand_in(id, handler, plain_);
}

void connection_set::hand_in(connection_id id, connection_handler& handler,
                             std::string_view bytes) {
  const auto rest = bytes.substr(handler.received(id, bytes));
  if (rest.size() > unused_bytes_max)
    throw failure("the server sent a message without an end");
  connections_[id].unused.assign(rest);
}

}  // namespace confab::bench
