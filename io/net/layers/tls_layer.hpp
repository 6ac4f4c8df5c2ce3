#pragma once

#include "io/net/layers/byte_layer.hpp"
#include "io/net/layers/tls_context.hpp"
#include "io/net/layers/tls_failure.hpp"
#include "io/net/layers/tls_wire.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct ssl_session_st;
struct ssl_st;

namespace confab {

/// What a client needs to resume a session with the same server; null: nothing.
using tls_session = std::shared_ptr<ssl_session_st>;

/// TLS, on the side of the server or of the client. OpenSSL reads and writes the caller's buffers;
/// an idle connection holds no buffer at all.
///
/// * A close_notify of the peer is `input_ended`; what is sealed afterwards still reaches it.
/// * An end of input without one is `input_ended` too, and `was_cut_short`. It is common.
/// * An end of input within the handshake is `broken`, but `finished` if no byte has come: so do
///   those who only look whether the port is open.
class tls_layer final : public byte_layer {
 public:
  /// The side of a server.
  explicit tls_layer(tls_context_ptr context);

  /// The side of a client, which trusts only a certificate for `host`, a name or an address. Its
  /// handshake starts when `take` is called with no bytes.
  tls_layer(tls_context_ptr context, const std::string& host, const tls_session& resumed = {});

  ~tls_layer() override;
  tls_layer(const tls_layer&) = delete;
  tls_layer& operator=(const tls_layer&) = delete;

  layer_state take(std::string_view bytes, layer_output& out) override;
  layer_state end_of_input(layer_output& out) override;
  bool passes_output() const override { return false; }

  /// One call makes as few records as possible, one for each 16 KiB: what is flushed together
  /// should be sealed together.
  void seal(std::string_view plain, std::string& down) override;

  /// Says close_notify, once. The peer may still send.
  void finish(std::string& down) override;

  bool was_cut_short() const override { return was_cut_short_; }
  std::string_view complaint() const override { return complaint_; }

  /// Why the layer is `broken`, on the side of a client; `none` as long as it is not.
  tls_failure failure() const { return failure_; }

  /// The protocol that both sides agreed on (ALPN), or nothing. Once the layer is open.
  std::string_view protocol() const;

  /// The host that the client asked for (SNI), or nothing. Its own words: show them with care.
  std::string_view asked_host() const;

  /// "TLSv1.3", "TLSv1.2".
  std::string_view version() const;

  /// Whether this connection resumed an earlier session.
  bool is_resumed() const;

  /// For the next connection of a client, once a ticket has come: with the server's first words at
  /// the latest. Close with `finish` first, or the session is not good any more.
  tls_session session() const;

 private:
  static constexpr std::size_t start_bytes = 9;

  struct connection_free {
    void operator()(ssl_st* connection) const noexcept;
  };

  void check_start(std::string_view bytes);
  void read_all(std::string& up);
  void on_no_more(int outcome);
  void break_up(std::string why, tls_failure failure = tls_failure::other);

  tls_context_ptr context_;  ///< Outlives `connection_`, which uses it.
  tls_wire wire_;
  std::unique_ptr<ssl_st, connection_free> connection_;
  layer_state state_ = layer_state::opening;
  tls_failure failure_ = tls_failure::none;
  bool was_cut_short_ = false;
  std::uint8_t started_ = 0;  ///< So many of the peer's first bytes have come.
  std::array<char, start_bytes> start_{};
  std::uint32_t handshake_bytes_ = 0;
  std::string complaint_;
};

}  // namespace confab
