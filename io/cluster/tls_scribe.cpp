#include "io/cluster/tls_scribe.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <caf/io/network/interfaces.hpp>
#include <caf/io/network/stream_impl.hpp>

namespace confab {

namespace network = caf::io::network;
using network::native_socket;
using network::rw_state;

namespace {

/// How CAF's streams read and write what is encrypted.
class tls_policy {
 public:
  explicit tls_policy(mutual_tls_session_ptr session) : session_(std::move(session)) {}

  rw_state read_some(std::size_t& count, native_socket, void* to, std::size_t room) {
    return state_of(session_->read(static_cast<char*>(to), room, count));
  }

  rw_state write_some(std::size_t& count, native_socket, const void* from, std::size_t size) {
    count = 0;
    if (size == 0)
      return rw_state::indeterminate;  // CAF has nothing to write: it will ask no more.
    return state_of(session_->write(static_cast<const char*>(from), size, count));
  }

  /// What is taken from the socket already will not wake the loop again.
  bool must_read_more(native_socket, std::size_t wanted) const {
    return session_->pending() >= wanted;
  }

  bool has_more() const { return session_->pending() > 0; }

 private:
  static rw_state state_of(tls_step outcome) {
    return outcome == tls_step::failed ? rw_state::failure : rw_state::success;
  }

  mutual_tls_session_ptr session_;
};

/// CAF's stream, which is asked here whether there is something to be read that the loop cannot
/// know of.
class tls_stream final : public network::stream {
 public:
  tls_stream(network::default_multiplexer& loop, native_socket fd, mutual_tls_session_ptr session)
      : stream(loop, fd), policy_(std::move(session)) {}

  void handle_event(network::operation operation) override {
    handle_event_impl(operation, policy_);
  }

  bool has_more() const { return policy_.has_more(); }

 private:
  tls_policy policy_;
};

/// As CAF's own scribe.
class tls_scribe final : public caf::io::scribe {
 public:
  tls_scribe(network::default_multiplexer& loop, native_socket fd, mutual_tls_session_ptr session)
      : scribe(network::conn_hdl_from_socket(fd)), stream_(loop, fd, std::move(session)) {}

  void configure_read(caf::io::receive_policy::config config) override {
    stream_.configure_read(config);
    if (!std::exchange(launched_, true))
      launch();
  }

  void ack_writes(bool enable) override { stream_.ack_writes(enable); }
  std::vector<char>& wr_buf() override { return stream_.wr_buf(); }
  std::vector<char>& rd_buf() override { return stream_.rd_buf(); }
  void flush() override { stream_.flush(this); }
  void add_to_loop() override { stream_.activate(this); }
  void remove_from_loop() override { stream_.passivate(); }

  void graceful_shutdown() override {
    stream_.graceful_shutdown();
    detach(&stream_.backend(), false);
  }

  std::string addr() const override {
    auto address = network::remote_addr_of_fd(stream_.fd());
    return address ? std::move(*address) : std::string{};
  }

  std::uint16_t port() const override {
    const auto port = network::remote_port_of_fd(stream_.fd());
    return port ? *port : std::uint16_t{0};
  }

 private:
  /// The first word of the other side came with the end of the handshake: it has left the socket.
  void launch() {
    stream_.start(this);
    stream_.backend().post([self = caf::intrusive_ptr<tls_scribe>{this}] {
      if (!self->detached() && self->stream_.has_more())
        self->stream_.handle_event(network::operation::read);
    });
  }

  tls_stream stream_;
  bool launched_ = false;
};

}  // namespace

caf::io::scribe_ptr make_cluster_scribe(network::default_multiplexer& loop, opened_socket opened) {
  const auto descriptor = opened.descriptor.release();
  if (!opened.session)
    return loop.new_scribe(descriptor);
  return caf::make_counted<tls_scribe>(loop, descriptor, std::move(opened.session));
}

}  // namespace confab
