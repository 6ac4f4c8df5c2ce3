#include "apps/clients/common/tls_handshake.hpp"

#include "apps/clients/common/descriptor_io.hpp"
#include "apps/clients/common/record_bounds.hpp"
#include "apps/clients/common/tls_refusal.hpp"
#include "io/net/layers/tls_layer.hpp"
#include "io/net/resolve.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <utility>

namespace confab::client {
namespace {

using clock = std::chrono::steady_clock;

class handshake {
 public:
  handshake(int socket, const server_address& server, const tls_choice& tls,
            tls_context_ptr context, std::chrono::milliseconds longest)
      : socket_(socket),
        server_(server),
        tls_(tls),
        layer_(std::make_unique<tls_layer>(std::move(context), server.host)),
        longest_(longest),
        end_(clock::now() + longest) {}

  tls_opening run() {
    state_ = layer_->take({}, out_);
    while (send() && state_ == layer_state::opening && receive()) {
    }
    if (state_ == layer_state::broken)
      error_ = tls_refusal(*layer_, server_, tls_);
    if (!error_.empty())
      layer_.reset();
    return {std::move(layer_), std::move(error_)};
  }

 private:
  static constexpr auto* advice = "; is it an encrypted port?";

  // All that the layer has to say, be it the alert that ends it.
  bool send() {
    std::string_view unsent = out_.down;
    while (!unsent.empty()) {
      const ssize_t count = ::send(socket_, unsent.data(), unsent.size(), MSG_NOSIGNAL);
      if (count >= 0)
        unsent.remove_prefix(static_cast<std::size_t>(count));
      else if (!may_go_on(POLLOUT))
        return false;
    }
    out_.down.clear();
    return true;
  }

  bool receive() {
    std::array<char, 16 * 1024> buffer{};
    const auto wanted = std::min(buffer.size(), bounds_.missing());
    const ssize_t count = ::recv(socket_, buffer.data(), wanted, 0);
    if (count < 0)
      return may_go_on(POLLIN);
    const std::string_view bytes(buffer.data(), static_cast<std::size_t>(count));
    bounds_.take(bytes);
    if (!bytes.empty())
      state_ = layer_->take(bytes, out_);
    if (bytes.empty() || state_ == layer_state::input_ended)
      return fail(name_of(server_) + " closed the connection within the TLS handshake" + advice);
    return true;
  }

  // After a call that failed: whether it is worth another try, once there is something to do.
  bool may_go_on(short events) {
    if (errno != EAGAIN && errno != EINTR) {
      return fail("lost the connection to " + name_of(server_) +
                  " within the TLS handshake: " + error_text(errno) + advice);
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end_ - clock::now()).count();
    pollfd watched{socket_, events, 0};
    if (left > 0 && wait_for({&watched, 1}, static_cast<int>(left)) != 0)
      return true;
    return fail("the TLS handshake with " + name_of(server_) + " takes longer than " +
                std::to_string(longest_.count()) + " ms" + advice);
  }

  bool fail(std::string why) {
    error_ = std::move(why);
    return false;
  }

  int socket_;
  const server_address& server_;
  const tls_choice& tls_;
  std::unique_ptr<tls_layer> layer_;
  std::chrono::milliseconds longest_;
  clock::time_point end_;
  layer_state state_ = layer_state::opening;
  layer_output out_;
  record_bounds bounds_;
  std::string error_;
};

}  // namespace

tls_opening shake_hands(int socket, const server_address& server, const tls_choice& tls,
                        tls_context_ptr context, std::chrono::milliseconds longest) {
  return handshake(socket, server, tls, std::move(context), longest).run();
}

}  // namespace confab::client
