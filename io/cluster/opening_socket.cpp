#include "io/cluster/opening_socket.hpp"

#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>

namespace confab {

namespace network = caf::io::network;
using network::operation;

namespace {

/// What was sent and is not acknowledged after so long ends a connection. Without it, one whose
/// other side has vanished keeps the network loop from ending.
constexpr int user_timeout_ms = 1000;

int error_of(int descriptor) {
  int error = 0;
  socklen_t size_bytes = sizeof error;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size_bytes) != 0)
    return errno;
  return error;
}

}  // namespace

void prepare_cluster_socket(int descriptor) {
  constexpr int yes = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &user_timeout_ms, sizeof user_timeout_ms);
}

opening_socket::opening_socket(network::default_multiplexer& loop, file_descriptor socket,
                               callback on_end)
    : event_handler(loop, socket.release()), on_end_(std::move(on_end)) {
  if (fd() >= 0)
    prepare_cluster_socket(fd());
}

opening_socket::pointer opening_socket::dial(network::default_multiplexer& loop,
                                             const socket_address& where, mutual_tls_ptr context,
                                             callback on_end) {
  file_descriptor socket{
      ::socket(where.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP)};
  int error = socket.valid() ? 0 : errno;
  if (error == 0 && ::connect(socket.get(), where.get(), where.size_bytes()) != 0)
    error = errno;
  auto result = caf::make_counted<opening_socket>(loop, std::move(socket), std::move(on_end));
  result->context_ = std::move(context);
  if (error == 0 || error == EINPROGRESS)
    result->await(operation::write);
  else
    result->end(error_text(error));
  return result;
}

opening_socket::pointer opening_socket::accept(network::default_multiplexer& loop,
                                               file_descriptor accepted, mutual_tls_ptr context,
                                               callback on_end) {
  auto result = caf::make_counted<opening_socket>(loop, std::move(accepted), std::move(on_end));
  result->dials_ = false;
  result->context_ = std::move(context);
  result->session_ = std::make_unique<mutual_tls_session>(result->context_, result->fd(),
                                                          mutual_tls_session::side::accepts);
  result->stage_ = stage::shaking_hands;
  result->await(operation::read);
  return result;
}

void opening_socket::handle_event(operation) {
  const pointer guard{this};  // What is called at the end may let go of this.
  step();
}

void opening_socket::step() {
  switch (stage_) {
    case stage::connecting:
      check_connected();
      break;
    case stage::shaking_hands:
      shake_hands();
      break;
    case stage::listening:
      listen();
      break;
    case stage::ended:
      break;
  }
}

void opening_socket::check_connected() {
  if (const int error = error_of(fd()); error != 0)
    return end(error_text(error));
  if (!context_) {
    stage_ = stage::listening;
    return await(operation::read);
  }
  session_ = std::make_unique<mutual_tls_session>(context_, fd(), mutual_tls_session::side::dials);
  stage_ = stage::shaking_hands;
  shake_hands();
}

void opening_socket::shake_hands() {
  const auto outcome = session_->shake_hands();
  if (outcome != tls_step::done)
    return await(outcome);
  if (!dials_)
    return end(opened_socket{});
  stage_ = stage::listening;
  listen();
}

/// What is heard stays to be read.
void opening_socket::listen() {
  if (session_) {
    const auto outcome = session_->listen();
    return outcome == tls_step::done ? end(opened_socket{}) : await(outcome);
  }
  char first = 0;
  const auto count = ::recv(fd(), &first, 1, MSG_PEEK);
  if (count > 0)
    end(opened_socket{});
  else if (count == 0)
    end("the other side has closed the connection at once");
  else if (errno != EAGAIN && errno != EINTR)
    end(error_text(errno));
}

void opening_socket::await(tls_step outcome) {
  if (outcome == tls_step::failed)
    end(session_->complaint());
  else
    await(outcome == tls_step::wants_write ? operation::write : operation::read);
}

void opening_socket::await(operation wanted) {
  const bool reads = wanted == operation::read;
  if (std::exchange(reads_, reads) != reads)
    reads ? backend().add(operation::read, fd(), this) : backend().del(operation::read, fd(), this);
  if (std::exchange(writes_, !reads) == reads)
    reads ? backend().del(operation::write, fd(), this)
          : backend().add(operation::write, fd(), this);
}

void opening_socket::leave_loop() {
  stage_ = stage::ended;
  if (std::exchange(reads_, false))
    backend().del(operation::read, fd(), this);
  if (std::exchange(writes_, false))
    backend().del(operation::write, fd(), this);
  // The loop holds plain pointers until the end of this round.
  backend().post([guard = pointer{this}] {});
}

/// The loop lets go of the descriptor at the end of this round, and only then may it be watched for
/// somebody else.
void opening_socket::end(ending result) {
  leave_loop();
  backend().post([self = pointer{this}, result = std::make_shared<ending>(std::move(result))] {
    if (!self->on_end_)
      return;
    if (auto* opened = std::get_if<opened_socket>(result.get())) {
      opened->descriptor = file_descriptor{std::exchange(self->fd_, -1)};
      opened->session = std::move(self->session_);
    }
    std::exchange(self->on_end_, nullptr)(std::move(*result));
  });
}

void opening_socket::abandon() {
  on_end_ = nullptr;
  if (stage_ != stage::ended)
    leave_loop();
}

}  // namespace confab
