#include "apps/bench/websocket_client.hpp"

#include "io/net/layers/http_words.hpp"
#include "io/net/layers/websocket_frames.hpp"
#include "io/net/layers/websocket_handshake.hpp"

#include <algorithm>
#include <utility>

namespace confab::bench {
namespace {

constexpr std::size_t head_bytes_max = 8192;
constexpr std::size_t control_bytes_max = 125;
constexpr std::string_view end_of_head = "\r\n\r\n";

constexpr unsigned code_of(websocket_opcode opcode) {
  return static_cast<unsigned>(opcode);
}

/// The value of a field in the head of a response; empty if there is none.
std::string_view field_of(std::string_view head, std::string_view name) {
  while (!head.empty()) {
    auto line = next_element(head, '\n');
    if (is_same_word(next_element(line, ':'), name))
      return trimmed(line.substr(0, line.find('\r')));
  }
  return {};
}

}  // namespace

websocket_client::websocket_client(const websocket_use& use, std::string host, std::uint32_t seed)
    : use_(use), host_(std::move(host)), random_(seed * 2 + 1) {}

layer_state websocket_client::take(std::string_view bytes, layer_output& out) {
  if (state_ == layer_state::opening && key_.empty())
    ask(out.down);
  if (state_ == layer_state::opening)
    take_head(bytes);
  if (state_ == layer_state::open)
    take_frames(bytes, out);
  return state_;
}

layer_state websocket_client::end_of_input(layer_output&) {
  break_up("the server ended the connection without closing the WebSocket");
  return state_;
}

void websocket_client::break_up(std::string why) {
  state_ = layer_state::broken;
  complaint_ = std::move(why);
}

// -- the handshake --------------------------------------------------------------

void websocket_client::ask(std::string& down) {
  // 16 bytes in base64, the last of them 0: 21 digits of any kind and an A.
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int i = 0; i < 21; ++i)
    key_ += digits[next_random() % digits.size()];
  key_ += "A==";
  down += "GET ";
  down += use_.path;
  down += " HTTP/1.1\r\nHost: " + host_ +
          "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
          "Sec-WebSocket-Key: " +
          key_ + "\r\n";
  if (!use_.subprotocol.empty()) {
    down += "Sec-WebSocket-Protocol: ";
    down += use_.subprotocol;
    down += "\r\n";
  }
  down += "\r\n";
}

void websocket_client::take_head(std::string_view& bytes) {
  const auto had = head_.size();
  head_ += bytes;
  const auto end = head_.find(end_of_head, had - std::min(had, end_of_head.size() - 1));
  if (end == std::string::npos) {
    if (head_.size() > head_bytes_max)
      break_up("the answer to the WebSocket's request has no end");
    return;
  }
  const auto head_bytes = end + end_of_head.size();
  bytes.remove_prefix(head_bytes - had);
  head_.resize(head_bytes);
  check_head();
  std::string{}.swap(head_);
}

void websocket_client::check_head() {
  const std::string_view head = head_;
  if (!head.starts_with("HTTP/1.1 101 "))
    break_up("no WebSocket at " + std::string{use_.path} + ": " +
             std::string{head.substr(0, head.find('\r'))});
  else if (field_of(head, "sec-websocket-accept") != accept_value(key_))
    break_up("the server agreed to another WebSocket than the one that was asked for");
  else if (field_of(head, "sec-websocket-protocol") != use_.subprotocol)
    break_up("the server does not speak " + std::string{use_.subprotocol});
  else
    state_ = layer_state::open;
}

// -- frames of the server -------------------------------------------------------

void websocket_client::take_frames(std::string_view bytes, layer_output& out) {
  while (state_ == layer_state::open && !bytes.empty()) {
    if (header_size_ < header_bytes_wanted() && !take_header(bytes))
      continue;
    take_payload(bytes, out);
    if (missing_ == 0)
      on_frame_end(out);
  }
}

std::size_t websocket_client::header_bytes_wanted() const {
  if (header_size_ < 2)
    return 2;
  const auto length = header_[1] & 0x7FU;
  return length == 126 ? 4 : length == 127 ? 10 : 2;
}

/// True when the header has been read to its end and is right.
bool websocket_client::take_header(std::string_view& bytes) {
  for (auto wanted = header_bytes_wanted(); header_size_ < wanted; wanted = header_bytes_wanted()) {
    if (bytes.empty())
      return false;
    header_[header_size_++] = static_cast<std::uint8_t>(bytes.front());
    bytes.remove_prefix(1);
  }
  on_header();
  return state_ == layer_state::open;
}

void websocket_client::on_header() {
  missing_ = header_[1] & 0x7FU;
  if (header_size_ > 2) {
    missing_ = 0;
    for (std::size_t index = 2; index < header_size_; ++index)
      missing_ = missing_ << 8U | header_[index];
  }
  if ((header_[1] & 0x80U) != 0)
    break_up("the server masks its frames");
  else if ((header_[0] & 0x70U) != 0)
    break_up("the server uses an extension of WebSocket that was not agreed");
  else if (is_control() && (!is_last() || missing_ > control_bytes_max))
    break_up("the server sent a control frame that is cut or too long");
}

/// What has come of a message goes up at once: whoever takes it waits for the end of its line.
void websocket_client::take_payload(std::string_view& bytes, layer_output& out) {
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(missing_, bytes.size()));
  (is_control() ? control_ : out.up) += bytes.substr(0, count);
  bytes.remove_prefix(count);
  missing_ -= count;
}

void websocket_client::on_frame_end(layer_output& out) {
  header_size_ = 0;
  if (!is_control()) {
    if (use_.has_line_messages && is_last())
      out.up += '\n';
    return;
  }
  const auto opcode = header_[0] & 0x0FU;
  const auto payload = std::exchange(control_, {});
  if (opcode == code_of(websocket_opcode::ping)) {
    append_masked(code_of(websocket_opcode::pong), payload, out.down);
  } else if (opcode == code_of(websocket_opcode::close)) {
    append_masked(opcode, payload, out.down);
    const auto code = payload.size() < 2
                          ? 0U
                          : static_cast<unsigned>(static_cast<std::uint8_t>(payload[0])) << 8U |
                                static_cast<std::uint8_t>(payload[1]);
    break_up("the server closed the WebSocket with code " + std::to_string(code));
  }
}

// -- frames of ours -------------------------------------------------------------

void websocket_client::seal(std::string_view plain, std::string& down) {
  if (!use_.has_line_messages) {
    append_masked(code_of(websocket_opcode::binary), plain, down);
    return;
  }
  while (!plain.empty()) {
    const auto end = plain.find('\n');
    auto line = plain.substr(0, end);
    plain.remove_prefix(end == std::string_view::npos ? plain.size() : end + 1);
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    append_masked(code_of(websocket_opcode::text), line, down);
  }
}

void websocket_client::finish(std::string& down) {
  if (state_ == layer_state::open)
    append_masked(code_of(websocket_opcode::close), {}, down);
}

void websocket_client::append_masked(unsigned opcode, std::string_view payload, std::string& down) {
  const auto append_number = [&down](std::uint64_t value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
      down += static_cast<char>(value >> static_cast<unsigned>(shift) & 0xFFU);
  };
  append_number(0x80U | opcode, 1);
  if (payload.size() < 126) {
    append_number(0x80U | payload.size(), 1);
  } else if (payload.size() < 65536) {
    append_number(0x80U | 126U, 1);
    append_number(payload.size(), 2);
  } else {
    append_number(0x80U | 127U, 1);
    append_number(payload.size(), 8);
  }
  const auto mask_at = down.size();
  append_number(next_random(), 4);
  const auto payload_at = down.size();
  down += payload;
  for (std::size_t index = 0; index < payload.size(); ++index) {
    auto& byte = down[payload_at + index];
    byte = static_cast<char>(byte ^ down[mask_at + index % 4]);
  }
}

/// Xorshift (Marsaglia): never 0 again, since it does not begin with 0.
std::uint32_t websocket_client::next_random() {
  random_ ^= random_ << 13U;
  random_ ^= random_ >> 17U;
  random_ ^= random_ << 5U;
  return random_;
}

}  // namespace confab::bench
