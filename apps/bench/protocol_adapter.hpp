#pragma once

#include "apps/bench/websocket_client.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace confab::bench {

/// What a connection is for.
enum class client_role { receiver, sender };

/// Who a connection is. Both names are letters and digits only; an adapter adds what its protocol
/// asks for (IRC's `#`).
struct client_identity {
  client_role role = client_role::receiver;
  std::string user;
  std::string room;
};

/// What tells a sender that the server has taken its text, so that the next one may leave.
enum class answer_source {
  reply,           ///< the server's reply on the sender's own connection
  own_echo,        ///< the text itself, which the server sends to its author too
  first_receiver,  ///< the text's arrival at the first receiver of its room: no reply exists
};

/// What one chunk of input held. Reused from chunk to chunk, so that its memory is too.
struct parsed_input {
  std::vector<std::string_view> texts;  ///< texts delivered; they point into the chunk
  std::uint32_t answers = 0;            ///< replies to what the bench asked for
  std::string reply;                    ///< bytes that the server expects back (PING -> PONG)
  std::string error;                    ///< the first refusal, as the server worded it; else empty

  void clear();
  /// Keeps `message` when it is the first.
  void refuse(std::string_view message);
};

/// One chat or publish/subscribe protocol, as bytes: no socket, clock or state of a connection.
class protocol_adapter {
 public:
  protocol_adapter() = default;
  protocol_adapter(const protocol_adapter&) = delete;
  protocol_adapter& operator=(const protocol_adapter&) = delete;
  virtual ~protocol_adapter() = default;

  /// Where the answers to texts come from.
  [[nodiscard]] virtual answer_source answer() const { return answer_source::reply; }

  /// Whether the senders of a room get each other's texts too (not their own).
  [[nodiscard]] virtual bool reaches_other_senders() const { return false; }

  /// The largest text in bytes that one message carries whole.
  [[nodiscard]] virtual std::size_t text_bytes_max() const { return 65536; }

  /// How it is spoken over WebSocket; nothing: not at all.
  [[nodiscard]] virtual std::optional<websocket_use> websocket() const { return std::nullopt; }

  /// Whether a server with TLS says a line in the clear first (but not over WebSocket).
  [[nodiscard]] virtual bool greets_before_tls() const { return false; }

  /// How many rounds of request and reply bring a connection from `connect` to ready.
  [[nodiscard]] virtual std::size_t steps(client_role) const { return 1; }

  /// Appends the requests of step `step` (from 0) to `out`, and returns how many answers complete
  /// the step.
  virtual std::uint32_t open(const client_identity& who, std::size_t step,
                             std::string& out) const = 0;

  /// Appends the request that sends `text` to the sender's room.
  virtual void say(const client_identity& who, std::string_view text, std::string& out) const = 0;

  /// Adds what the complete messages in `bytes` say to `parsed` (which it does not clear), and
  /// returns how many bytes they took. The caller keeps the rest, and hands it in again with more.
  virtual std::size_t parse(std::string_view bytes, parsed_input& parsed) const = 0;
};

/// The adapter named `name` (tagged, oneroom, framed, redis, nats, irc or irc-tags); null for any
/// other.
std::unique_ptr<protocol_adapter> make_protocol(std::string_view name);

/// The names that make_protocol knows.
std::vector<std::string> protocol_names();

}  // namespace confab::bench
