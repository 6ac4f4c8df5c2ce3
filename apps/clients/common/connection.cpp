#include "apps/clients/common/connection.hpp"

#include "apps/clients/common/descriptor_io.hpp"
#include "apps/clients/common/report.hpp"
#include "io/net/resolve.hpp"

#include <cerrno>
#include <sys/socket.h>

namespace confab::client {
namespace {

constexpr std::size_t receive_bytes_max = 64 * 1024;

}  // namespace

void connection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto taken = send_some(bytes);
    bytes.remove_prefix(taken);
    if (taken == 0) {
      pollfd watched{socket_.get(), POLLOUT, 0};
      wait_for({&watched, 1});
    }
  }
}

std::size_t connection::send_some(std::string_view bytes) {
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
  ::shutdown(socket_.get(), SHUT_WR);  // that it fails, as after a reset, is told by receive()
}

std::string_view connection::receive() {
  buffer_.resize(receive_bytes_max);
  for (;;) {
    const ssize_t count = ::recv(socket_.get(), buffer_.data(), buffer_.size(), 0);
    if (count > 0)
      return std::string_view(buffer_).substr(0, static_cast<std::size_t>(count));
    if (count == 0)
      end(send_error_);
    else if (errno == EINTR)
      continue;
    else if (errno != EAGAIN)
      end(errno);
    else if (send_error_ != 0)
      end(send_error_);
    return {};
  }
}

void connection::end(int error_number) {
  ended_ = true;
  // A broken pipe only says that the server had closed before we wrote.
  ending_error_ = error_number == EPIPE ? 0 : error_number;
}

std::string connection::ending() const {
  return ending_error_ == 0 ? "the server closed the connection"
                            : "lost the connection to the server: " + error_text(ending_error_);
}

}  // namespace confab::client
