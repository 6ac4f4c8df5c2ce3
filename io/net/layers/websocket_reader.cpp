#include "io/net/layers/websocket_reader.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace confab {

namespace {

constexpr std::size_t mask_bytes = 4;

bool is_known_opcode(unsigned opcode) {
  return opcode <= 2 || (opcode >= 8 && opcode <= 10);
}

// RFC 6455, 7.4, and what IANA has added since (1012 to 1014).
bool may_be_sent(unsigned code) {
  if (code >= 3000)
    return code <= 4999;
  return code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
}

}  // namespace

layer_state websocket_reader::take(std::string_view bytes, layer_output& out) {
  pong_at_ = no_pong;
  while (state_ == layer_state::open && !bytes.empty()) {
    if (header_size_ < header_bytes_wanted() && !take_header(bytes, out))
      continue;
    take_payload(bytes, out);
    if (state_ == layer_state::open && missing_ == 0)
      on_frame_end(out);
  }
  return state_;
}

std::size_t websocket_reader::header_bytes_wanted() const {
  if (header_size_ < 2)
    return 2;
  const auto length = header_[1] & 0x7FU;
  return 2 + mask_bytes + (length == 126 ? 2U : length == 127 ? 8U : 0U);
}

/// True when the header has been read to its end.
bool websocket_reader::take_header(std::string_view& bytes, layer_output& out) {
  for (auto wanted = header_bytes_wanted(); header_size_ < wanted; wanted = header_bytes_wanted()) {
    if (bytes.empty())
      return false;
    const auto count = std::min(wanted - header_size_, bytes.size());
    std::copy_n(bytes.begin(), count, header_.begin() + header_size_);
    header_size_ = static_cast<std::uint8_t>(header_size_ + count);
    bytes.remove_prefix(count);
    if (header_size_ == 2 && !check_start(out))
      return false;
  }
  return check_length(out);
}

bool websocket_reader::check_start(layer_output& out) {
  const auto length = header_[1] & 0x7FU;
  if ((header_[0] & 0x70U) != 0)
    fail(close_code::protocol_error, "1002: a frame uses an extension, and none was agreed", out);
  else if (!is_known_opcode(opcode()))
    fail(close_code::protocol_error, "1002: a frame has an unknown opcode", out);
  else if ((header_[1] & 0x80U) == 0)
    fail(close_code::protocol_error, "1002: a frame is not masked", out);
  else if (is_control() && (!is_last() || length > control_bytes_max))
    fail(close_code::protocol_error, "1002: a control frame is cut or too long", out);
  else if (!is_control() && (opcode() == 0) != (message_kind_ != 0))
    fail(close_code::protocol_error, "1002: fragments of messages are out of order", out);
  return state_ == layer_state::open;
}

bool websocket_reader::check_length(layer_output& out) {
  const std::size_t more = header_size_ - 2U - mask_bytes;
  missing_ = more == 0 ? header_[1] & 0x7FU : 0;
  for (std::size_t index = 0; index < more; ++index)
    missing_ = missing_ << 8U | header_[2 + index];
  mask_at_ = 0;
  control_size_ = 0;
  const bool is_minimal = more == 0 || (more == 2 ? missing_ >= 126 : missing_ >= 65536);
  if (!is_minimal || missing_ >> 63U != 0) {
    fail(close_code::protocol_error, "1002: a frame's length is not in its shortest form", out);
  } else if (!is_control()) {
    if (missing_ > message_bytes_max_ - message_.size())
      fail(close_code::message_too_big, "1009: a message is too long", out);
    if (opcode() != 0)
      message_kind_ = static_cast<std::uint8_t>(opcode());
  }
  return state_ == layer_state::open;
}

void websocket_reader::take_payload(std::string_view& bytes, layer_output& out) {
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(missing_, bytes.size()));
  const auto piece = bytes.substr(0, count);
  bytes.remove_prefix(count);
  missing_ -= count;
  if (is_control())
    take_control(piece);
  else
    take_data(piece, out);
}

void websocket_reader::take_control(std::string_view piece) {
  auto* const to = control_.data() + control_size_;
  std::copy(piece.begin(), piece.end(), to);
  control_size_ = static_cast<std::uint8_t>(control_size_ + piece.size());
  unmask(to, piece.size());
}

/// A message that comes whole goes straight up; the pieces of any other wait.
void websocket_reader::take_data(std::string_view piece, layer_output& out) {
  const bool is_whole = opcode() != 0 && is_last() && missing_ == 0 && message_.empty();
  auto& message = is_whole ? out.up : message_;
  const auto from = message.size();
  message += piece;
  unmask(message.data() + from, piece.size());
  constexpr auto text = static_cast<unsigned>(websocket_opcode::text);
  const auto added = std::string_view{message}.substr(from);
  const bool ends = is_last() && missing_ == 0;
  if (message_kind_ == text && !(utf8_.take(added) && (!ends || utf8_.is_whole()))) {
    message.resize(from);
    fail(close_code::invalid_payload, "1007: a text is not UTF-8", out);
    return;
  }
  if (ends)
    on_message_end(message, is_whole ? from : 0, out);
}

void websocket_reader::on_message_end(std::string& message, std::size_t from, layer_output& out) {
  // Three searches by memchr cost a fifth of one for any of three bytes.
  const auto end =
      std::min({message.find('\r', from), message.find('\n', from), message.find('\0', from)});
  if (end != std::string::npos)
    message.resize(end);
  if (&message != &out.up)
    out.up += message;
  out.up += '\n';
  std::string{}.swap(message_);
  message_kind_ = 0;
  utf8_ = {};
}

// Eight bytes at a time: most of a text's way through this layer is spent here.
void websocket_reader::unmask(char* bytes, std::size_t count) {
  std::array<std::uint8_t, 8> key{};
  for (std::size_t index = 0; index < key.size(); ++index)
    key[index] = header_[header_size_ - mask_bytes + (index + mask_at_) % mask_bytes];
  std::uint64_t key_word = 0;
  std::memcpy(&key_word, key.data(), sizeof key_word);
  std::size_t at = 0;
  for (; at + sizeof key_word <= count; at += sizeof key_word) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes + at, sizeof word);
    word ^= key_word;
    std::memcpy(bytes + at, &word, sizeof word);
  }
  for (; at < count; ++at)
    bytes[at] = static_cast<char>(static_cast<std::uint8_t>(bytes[at]) ^ key[at % key.size()]);
  mask_at_ = static_cast<std::uint8_t>((mask_at_ + count) % mask_bytes);
}

void websocket_reader::on_frame_end(layer_output& out) {
  if (is_control())
    on_control_end(out);
  header_size_ = 0;
}

void websocket_reader::on_control_end(layer_output& out) {
  switch (static_cast<websocket_opcode>(opcode())) {
    case websocket_opcode::close:
      on_close(out);
      return;
    case websocket_opcode::ping:
      if (!may_answer_)
        return;
      if (pong_at_ != no_pong)
        out.down.resize(pong_at_);
      pong_at_ = out.down.size();
      append_frame(websocket_opcode::pong, control_payload(), out.down);
      return;
    default:
      return;  // A pong that nobody asked for is allowed.
  }
}

void websocket_reader::on_close(layer_output& out) {
  const auto payload = control_payload();
  if (payload.size() == 1) {
    fail(close_code::protocol_error, "1002: a close has half a code", out);
    return;
  }
  if (!payload.empty()) {
    const auto code = static_cast<unsigned>(static_cast<std::uint8_t>(payload[0])) << 8U |
                      static_cast<std::uint8_t>(payload[1]);
    utf8_checker reason;
    if (!may_be_sent(code)) {
      fail(close_code::protocol_error, "1002: a close has a code that may not be sent", out);
      return;
    }
    if (!reason.take(payload.substr(2)) || !reason.is_whole()) {
      fail(close_code::invalid_payload, "1007: the reason of a close is not UTF-8", out);
      return;
    }
    peer_code_ = static_cast<std::uint16_t>(code);
  }
  state_ = layer_state::input_ended;
  std::string{}.swap(message_);
}

void websocket_reader::fail(close_code code, std::string_view why, layer_output& out) {
  if (may_answer_)
    append_close(static_cast<std::uint16_t>(code), out.down);
  state_ = layer_state::broken;
  complaint_ = why;
  std::string{}.swap(message_);
}

}  // namespace confab
