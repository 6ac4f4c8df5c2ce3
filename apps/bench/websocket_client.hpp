#pragma once

#include "io/net/layers/byte_layer.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace confab::bench {

/// How a protocol is spoken over WebSocket.
struct websocket_use {
  std::string_view path;
  std::string_view subprotocol;  ///< Empty: none is asked for.
  /// Each line is a text message of its own, without its end. Otherwise messages are binary and
  /// only pieces of a stream.
  bool has_line_messages = false;
};

/// WebSocket (RFC 6455) on the side of a client: asks for the upgrade when `take` is called with no
/// bytes, and masks what it sends. For load, not for browsers: the masks come from a small
/// generator that anybody could foresee.
class websocket_client final : public byte_layer {
 public:
  /// `host` is what the request names; connections with different `seed`s have other masks.
  websocket_client(const websocket_use& use, std::string host, std::uint32_t seed);

  /// A close of the server makes it `broken`: no run goes on without a connection.
  layer_state take(std::string_view bytes, layer_output& out) override;
  layer_state end_of_input(layer_output& out) override;
  bool passes_output() const override { return false; }

  /// What is behind the last `\n` is a line, too.
  void seal(std::string_view plain, std::string& down) override;
  void finish(std::string& down) override;
  std::string_view complaint() const override { return complaint_; }

 private:
  void ask(std::string& down);
  void take_head(std::string_view& bytes);
  void check_head();
  void take_frames(std::string_view bytes, layer_output& out);
  bool take_header(std::string_view& bytes);
  void on_header();
  void take_payload(std::string_view& bytes, layer_output& out);
  void on_frame_end(layer_output& out);
  void append_masked(unsigned opcode, std::string_view payload, std::string& down);
  std::uint32_t next_random();
  void break_up(std::string why);

  [[nodiscard]] std::size_t header_bytes_wanted() const;
  [[nodiscard]] bool is_control() const { return (header_[0] & 0x08U) != 0; }
  [[nodiscard]] bool is_last() const { return (header_[0] & 0x80U) != 0; }

  websocket_use use_;
  std::string host_;
  std::uint32_t random_;
  layer_state state_ = layer_state::opening;
  std::string key_;            ///< Of our request; empty until it is made.
  std::string head_;           ///< Of the response, as far as it has come.
  std::string control_;        ///< The payload of a control frame, as far as it has come.
  std::uint64_t missing_ = 0;  ///< Bytes of the frame's payload that have not come.
  std::array<std::uint8_t, 10> header_{};
  std::size_t header_size_ = 0;
  std::string complaint_;
};

}  // namespace confab::bench
