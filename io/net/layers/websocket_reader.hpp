#pragma once

#include "io/net/layers/byte_layer.hpp"
#include "io/net/layers/utf8_checker.hpp"
#include "io/net/layers/websocket_frames.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace confab {

/// Reads WebSocket frames on the side of the server (RFC 6455, without extensions).
///
/// * Each message goes up as one line that ends in `\n`. One that holds a CR, LF or NUL is cut
///   there: a line cannot hold them, and what is behind the first would be a second command that
///   the sender of the message need not have written. Other servers do the same, and for whoever
///   ends its messages with CR LF nothing is lost.
/// * Text has to be UTF-8, binary messages may hold anything; a client may send both.
/// * Of several pings in one call the newest is answered (RFC 6455, 5.5.3).
/// * A violation is answered with a close and its code, at once.
/// * A close of the peer is only noted: the owner answers it when everything else has been said.
///
/// Holds a message only while it is incomplete, and no memory between messages.
class websocket_reader {
 public:
  /// A message of more than `message_bytes_max` bytes is a violation (1009), as soon as its length
  /// is announced.
  explicit websocket_reader(std::size_t message_bytes_max)
      : message_bytes_max_(message_bytes_max) {}

  /// Takes what came: `open`; `input_ended` when the peer has said close; `broken` at a violation.
  /// In both cases what follows is ignored.
  layer_state take(std::string_view bytes, layer_output& out);

  /// The code of the peer's close, 0 if it gave none. Once its input has ended.
  std::uint16_t peer_code() const { return peer_code_; }

  /// Which rule was broken, with its code. Empty unless `broken`.
  std::string_view complaint() const { return complaint_; }

  /// We have said close, which is the last word: nothing is answered any more.
  void stop_answering() { may_answer_ = false; }

 private:
  /// Where the answer to a ping stands in `down`, so that a newer one can take its place.
  static constexpr std::size_t no_pong = static_cast<std::size_t>(-1);

  std::size_t header_bytes_wanted() const;
  bool take_header(std::string_view& bytes, layer_output& out);
  bool check_start(layer_output& out);
  bool check_length(layer_output& out);
  void take_payload(std::string_view& bytes, layer_output& out);
  void take_data(std::string_view piece, layer_output& out);
  void take_control(std::string_view piece);
  void unmask(char* bytes, std::size_t count);
  void on_frame_end(layer_output& out);
  void on_message_end(std::string& message, std::size_t from, layer_output& out);
  void on_control_end(layer_output& out);
  void on_close(layer_output& out);
  void fail(close_code code, std::string_view why, layer_output& out);

  bool is_control() const { return (header_[0] & 0x08U) != 0; }
  bool is_last() const { return (header_[0] & 0x80U) != 0; }
  unsigned opcode() const { return header_[0] & 0x0FU; }
  std::string_view control_payload() const { return {control_.data(), control_size_}; }

  static constexpr std::size_t control_bytes_max = 125;

  std::size_t message_bytes_max_;
  std::uint64_t missing_ = 0;  ///< Bytes of the frame's payload that have not come.
  std::string message_;        ///< What has come of an incomplete message.
  std::size_t pong_at_ = no_pong;
  std::string_view complaint_;
  layer_state state_ = layer_state::open;
  std::uint16_t peer_code_ = 0;
  std::array<std::uint8_t, 14> header_{};
  std::uint8_t header_size_ = 0;
  std::uint8_t mask_at_ = 0;       ///< The next byte of the payload, modulo 4.
  std::uint8_t message_kind_ = 0;  ///< The opcode of the incomplete message; 0: there is none.
  std::uint8_t control_size_ = 0;
  bool may_answer_ = true;
  utf8_checker utf8_;
  std::array<char, control_bytes_max> control_{};
};

}  // namespace confab
