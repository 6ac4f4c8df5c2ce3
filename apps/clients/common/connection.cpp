#include "apps/clients/common/connection.hpp"

#include "apps/clients/common/descriptor_io.hpp"
#include "apps/clients/common/report.hpp"
#include "io/net/resolve.hpp"

#include <cerrno>
#include <sys/socket.h>

namespace confab::client {
namespace {

constexpr std::size_t receive_bytes_max = 64 * 1024;

// What is handed to the layer at once, so that no more than this waits in it: a record of TLS.
constexpr std::size_t sealed_bytes_max = 16 * 1024;

}  // namespace

connection::~connection() {
  if (layer_ && !sending_finished_)
    finish_sending();
}

void connection::send(std::string_view bytes) {
  while (!bytes.empty() || has_unsent()) {
    const auto taken = send_some(bytes);
    bytes.remove_prefix(taken);
    if (taken == 0 && (!bytes.empty() || has_unsent())) {
      pollfd watched{socket_.get(), POLLOUT, 0};
      wait_for({&watched, 1});
    }
  }
}

std::size_t connection::send_some(std::string_view bytes) {
  if (!layer_)
    return write_some(bytes);
  flush();
  if (has_unsent() || bytes.empty())
    return 0;
  const auto part = bytes.substr(0, sealed_bytes_max);
  layer_->seal(part, unsent_);
  flush();
  return part.size();
}

void connection::flush() {
  while (has_unsent()) {
    const auto taken = write_some(unsent_);
    if (taken == 0)
      return;
    unsent_.erase(0, taken);
    if (sending_finished_ && !has_unsent())
      shut_down();
  }
}

void connection::shut_down() {
  ::shutdown(socket_.get(), SHUT_WR);  // that it fails, as after a reset, is told by receive()
}

std::size_t connection::write_some(std::string_view bytes) {
  while (send_error_ == 0) {
    const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0)
      return static_cast<std::size_t>(count);
    if (errno == EAGAIN)
      return 0;
    if (errno != EINTR)
      send_error_ = errno;
  }
  return bytes.size();
}

void connection::finish_sending() {
  sending_finished_ = true;
  if (layer_)
    layer_->finish(unsent_);
  if (has_unsent())
    flush();
  else
    shut_down();
}

std::string_view connection::receive() {
  buffer_.resize(receive_bytes_max);
  for (;;) {
    const ssize_t count = ::recv(socket_.get(), buffer_.data(), buffer_.size(), 0);
    if (count > 0)
      return lift(std::string_view(buffer_).substr(0, static_cast<std::size_t>(count)));
    if (count == 0)
      on_end_of_stream();
    else if (errno == EINTR)
      continue;
    else if (errno != EAGAIN)
      end(errno);
    else if (send_error_ != 0)
      end(send_error_);
    return {};
  }
}

// What the layer makes of bytes that have arrived. It may have something to say itself.
std::string_view connection::lift(std::string_view bytes) {
  if (!layer_)
    return bytes;
  lifted_.up.clear();
  const auto state = layer_->take(bytes, lifted_);
  unsent_ += std::exchange(lifted_.down, {});
  flush();
  if (state != layer_state::open) {
    complaint_ = layer_->complaint();
    end(send_error_);
  }
  return lifted_.up;
}

void connection::on_end_of_stream() {
  if (layer_) {
    layer_->end_of_input(lifted_);
    if (layer_->was_cut_short())  // somebody else may have ended it, before all was said
      complaint_ = "it ended without the farewell of TLS";
  }
  end(send_error_);
}

void connection::end(int error_number) {
  ended_ = true;
  // A broken pipe only says that the server had closed before we wrote.
  ending_error_ = error_number == EPIPE ? 0 : error_number;
}

std::string connection::ending() const {
  if (ending_error_ == 0 && complaint_.empty())
    return "the server closed the connection";
  return "lost the connection to the server: " +
         (ending_error_ != 0 ? error_text(ending_error_) : complaint_);
}

}  // namespace confab::client
