#include "io/net/tcp_doorman.hpp"

#include "io/net/tcp_link.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <caf/io/network/interfaces.hpp>

namespace confab {

namespace network = caf::io::network;
using network::operation;

namespace {

/// Connections taken in one loop round, before the established ones have their turn.
constexpr int accepts_per_round = 64;

void set_option(network::native_socket fd, int level, int name, int value) {
  ::setsockopt(fd, level, name, &value, sizeof value);
}

/// Lets TCP find out that the peer of a connection has vanished.
void watch_peer(network::native_socket fd, const tcp_settings& settings) {
  constexpr int probes = 6;
  if (const auto span = static_cast<int>(settings.keepalive.count()); span > 0) {
    set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, span);
    set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, std::max(1, span / probes));
    set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, probes);
  }
  if (const auto span = static_cast<int>(settings.user_timeout.count()); span > 0)
    set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, span * 1000);
}

network::native_socket open_spare() {
  return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

}  // namespace

tcp_doorman::tcp_doorman(network::default_multiplexer& loop, network::native_socket fd,
                         tcp_settings settings, output_memory_ptr memory, std::uint32_t number)
    : doorman(network::accept_hdl_from_socket(fd)),
      socket_(loop, fd, *this),
      memory_(std::move(memory)),
      input_(std::make_shared<read_buffer>()),
      settings_(settings),
      spare_(open_spare()),
      last_link_(std::int64_t{number} << 48) {}

tcp_doorman::~tcp_doorman() {
  if (spare_ >= 0)
    ::close(spare_);
}

void tcp_doorman::socket::handle_event(operation operation) {
  const caf::intrusive_ptr<tcp_doorman> guard{&owner_};
  if (operation == operation::read)
    owner_.accept_some();
  else if (operation == operation::propagate_error)
    owner_.graceful_shutdown();
}

void tcp_doorman::accept_some() {
  for (int i = 0; i < accepts_per_round && !detached(); ++i) {
    const auto fd = ::accept4(socket_.fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd >= 0) {
      watch_peer(fd, settings_);
      on_connected(fd);
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      shed();
      return;
    } else if (errno != EINTR && errno != ECONNABORTED) {
      return;  // Nobody is waiting.
    }
  }
}

void tcp_doorman::on_connected(network::native_socket fd) {
  give_to_broker(caf::make_counted<tcp_link>(loop(), fd, next_link_id(), memory_, input_));
}

void tcp_doorman::give_to_broker(caf::io::scribe_ptr opened) {
  const auto handle = opened->hdl();
  parent()->add_scribe(std::move(opened));
  doorman::new_connection(&loop(), handle);
}

/// Without this the waiting connection would wake the loop again at once.
void tcp_doorman::shed() {
  if (spare_ >= 0)
    ::close(spare_);
  const auto fd = ::accept4(socket_.fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd >= 0)
    ::close(fd);
  spare_ = open_spare();
}

void tcp_doorman::graceful_shutdown() {
  if (detached())
    return;
  // The loop holds a plain pointer to the socket until the end of this round.
  socket_.backend().post([guard = caf::intrusive_ptr<tcp_doorman>{this}] {});
  detach(&socket_.backend(), false);
}

void tcp_doorman::add_to_loop() {
  if (!std::exchange(watching_, true))
    socket_.backend().add(operation::read, socket_.fd(), &socket_);
}

void tcp_doorman::remove_from_loop() {
  if (std::exchange(watching_, false))
    socket_.backend().del(operation::read, socket_.fd(), &socket_);
}

std::string tcp_doorman::addr() const {
  auto address = network::local_addr_of_fd(socket_.fd());
  return address ? std::move(*address) : std::string{};
}

std::uint16_t tcp_doorman::port() const {
  const auto port = network::local_port_of_fd(socket_.fd());
  return port ? *port : std::uint16_t{0};
}

}  // namespace confab
