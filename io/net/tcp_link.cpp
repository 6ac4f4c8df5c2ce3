#include "io/net/tcp_link.hpp"

#include "io/net/peer_address.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <linux/sockios.h>
#include <string_view>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <caf/io/network/interfaces.hpp>

namespace confab {

namespace network = caf::io::network;
using network::operation;

namespace {

/// One `sendmsg` takes so many pieces: more than that are rare, and two calls serve as well.
constexpr std::size_t pieces_per_write = 16;

/// As much as one connection writes before it is the next one's turn.
constexpr std::size_t write_bytes_max = 256 * 1024;

/// `send` where one piece is all: it costs less than `sendmsg`.
ssize_t send_pieces(int descriptor, iovec* pieces, std::size_t count) {
  if (count == 1)
    return ::send(descriptor, pieces->iov_base, pieces->iov_len, MSG_NOSIGNAL);
  msghdr message{};
  message.msg_iov = pieces;
  message.msg_iovlen = count;
  return ::sendmsg(descriptor, &message, MSG_NOSIGNAL);
}

}  // namespace

tcp_link::tcp_link(network::default_multiplexer& loop, network::native_socket fd, std::int64_t id,
                   output_memory_ptr memory, read_buffer_ptr input)
    : link(caf::io::connection_handle::from_int(id), std::move(memory)),
      socket_(loop, fd, *this),
      input_(std::move(input)) {}

void tcp_link::socket::handle_event(operation operation) {
  // The handlers may end the link; it has to live until they return.
  const caf::intrusive_ptr<tcp_link> guard{&owner_};
  switch (operation) {
    case operation::read:
      owner_.on_readable();
      break;
    case operation::write:
      owner_.on_writable();
      break;
    case operation::propagate_error:
      owner_.fail(operation);
      break;
  }
}

std::size_t tcp_link::undelivered() const {
  int held_by_system = 0;
  if (::ioctl(socket_.fd(), SIOCOUTQ, &held_by_system) != 0)
    held_by_system = 0;
  return out().size() + static_cast<std::size_t>(held_by_system);
}

void tcp_link::resume_input() {
  paused_ = false;
  if (!input_ended_)
    watch_input(true);
}

/// Reads once, so that no connection keeps the others waiting.
void tcp_link::on_readable() {
  if (closed_)
    return;
  if (paused_ && !finishing_) {
    // Stay out of the loop only now: a client that awaits its reply never gets here.
    watch_input(false);
    return;
  }
  auto& buffer = *input_;
  const auto count = ::recv(socket_.fd(), buffer.data(), buffer.size(), 0);
  if (count > 0 && !finishing_)
    on_bytes({buffer.data(), static_cast<std::size_t>(count)});
  else if (count == 0)
    end_input();
  else if (count < 0 && errno != EAGAIN && errno != EINTR)
    fail(operation::read);
}

void tcp_link::hand_over(std::string_view bytes) {
  if (detached())
    return;  // Nobody wants them any more.
  msg().buf.assign(bytes.begin(), bytes.end());
  invoke_mailbox_element(&socket_.backend());
}

void tcp_link::end_input() {
  input_ended_ = true;
  watch_input(false);
  if (!finishing_)
    on_end_of_input();
  else if (!has_output())
    fail(operation::read);  // Both sides are done.
}

void tcp_link::announce_end_of_input() {
  if (detached())
    return;
  using message_type = caf::io::connection_passivated_msg;
  caf::mailbox_element_vals<message_type> ended{caf::strong_actor_ptr{}, caf::make_message_id(),
                                                caf::mailbox_element::forwarding_stack{},
                                                message_type{hdl()}};
  invoke_mailbox_element_impl(&socket_.backend(), ended);
}

void tcp_link::on_writable() {
  if (closed_)
    return;
  const auto before = out().size();
  if (write_some(write_bytes_max) == written::broken) {
    fail(operation::write);
    return;
  }
  if (!has_output())
    watch_output(false);
  if (const auto left = before - out().size(); left > 0 && !detached())
    data_transferred(&socket_.backend(), left, out().size());
  if (!closed_ && !has_output())
    on_drained();
  if (!closed_ && finishing_ && !has_output())
    end_output();
}

void tcp_link::fail(operation operation) {
  if (closed_)
    return;
  closed_ = true;
  outlive_this_round();
  on_closed(operation);
}

void tcp_link::on_closed(operation operation) {
  io_failure(&socket_.backend(), operation);
}

bool tcp_link::flush_some(std::size_t bytes_max) {
  if (closed_ || watching_output_ || !has_output())
    return false;
  // A failure is left to the loop, which reports it outside of the broker's handlers.
  const bool as_asked = write_some(bytes_max) == written::as_asked;
  if (!as_asked)
    watch_output(true);
  return as_asked && has_output();
}

/// Writes with one system call if a few pieces are all.
tcp_link::written tcp_link::write_some(std::size_t bytes_max) {
  while (bytes_max > 0 && has_output()) {
    std::array<iovec, pieces_per_write> pieces;
    const auto count = gather_output(pieces, bytes_max);
    if (count == 0)
      return written::broken;
    std::size_t due = 0;
    for (std::size_t i = 0; i < count; ++i)
      due += pieces[i].iov_len;
    const auto sent = send_pieces(socket_.fd(), pieces.data(), count);
    const int problem = sent < 0 ? errno : 0;
    const auto taken = static_cast<std::size_t>(std::max<ssize_t>(sent, 0));
    consume_output(taken);
    if (problem != 0)
      return problem == EAGAIN || problem == EINTR ? written::socket_full : written::broken;
    if (taken < due)
      return written::socket_full;
    bytes_max -= std::min(bytes_max, due);
  }
  return written::as_asked;
}

void tcp_link::finish() {
  if (closed_ || finishing_)
    return;
  finishing_ = true;
  if (!input_ended_)
    watch_input(true);  // To drop it.
  flush();
  if (!has_output())
    end_output();
}

void tcp_link::end_output() {
  if (add_last_words()) {
    flush();
    if (has_output())
      return;
  }
  ::shutdown(socket_.fd(), SHUT_WR);
  // If the peer's end came before, the next read meets it again: in the loop, outside of the
  // broker's handlers, where the link can end.
  input_ended_ = false;
  watch_input(true);
}

void tcp_link::close_now() {
  if (closed_)
    return;
  closed_ = true;
  if (finishing_)
    discard_input();
  outlive_this_round();
  if (detached())
    remove_from_loop();
  else
    detach(&socket_.backend(), false);
}

/// If unread input were left, the system would reset the connection instead of ending it, and drop
/// what the peer has not taken yet.
void tcp_link::discard_input() {
  constexpr int reads_max = 64;  // A client that floods may keep the reset.
  auto& buffer = *input_;
  for (int i = 0; i < reads_max; ++i)
    if (::recv(socket_.fd(), buffer.data(), buffer.size(), 0) <= 0)
      return;
}

void tcp_link::reset() {
  const linger drop_everything{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_.fd(), SOL_SOCKET, SO_LINGER, &drop_everything, sizeof drop_everything);
  close_now();
}

void tcp_link::remove_from_loop() {
  watch_input(false);
  watch_output(false);
}

void tcp_link::watch_input(bool enable) {
  if (watching_input_ == enable)
    return;
  watching_input_ = enable;
  if (enable)
    socket_.backend().add(operation::read, socket_.fd(), &socket_);
  else
    socket_.backend().del(operation::read, socket_.fd(), &socket_);
}

void tcp_link::watch_output(bool enable) {
  if (watching_output_ == enable)
    return;
  watching_output_ = enable;
  if (enable)
    socket_.backend().add(operation::write, socket_.fd(), &socket_);
  else
    socket_.backend().del(operation::write, socket_.fd(), &socket_);
}

/// The loop holds plain pointers to the socket until it has dealt with the events of this round.
void tcp_link::outlive_this_round() {
  socket_.backend().post([guard = caf::intrusive_ptr<tcp_link>{this}] {});
}

std::string tcp_link::addr() const {
  return peer_address_of(socket_.fd());
}

std::uint16_t tcp_link::port() const {
  const auto port = network::remote_port_of_fd(socket_.fd());
  return port ? *port : std::uint16_t{0};
}

}  // namespace confab
