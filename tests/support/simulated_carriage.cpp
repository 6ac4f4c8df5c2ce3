#include "tests/support/simulated_carriage.hpp"

#include "io/net/layers/web_layer.hpp"
#include "io/net/layers/web_site.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <sys/uio.h>
#include <utility>

namespace confab::test {

namespace {

constexpr std::size_t record_head_bytes = 4;  ///< Size in two bytes, number, sum.
constexpr std::size_t record_bytes_max = 0xffff;
constexpr std::string_view greeting = "hello";

/// A fault happens so often.
constexpr std::size_t fault_interval = 7;

std::uint8_t sum_of(std::string_view bytes) {
  std::uint8_t sum = 0;
  for (const char each : bytes)
    sum = static_cast<std::uint8_t>(sum * 31U + static_cast<unsigned char>(each));
  return sum;
}

/// A record as both sides write it. Nobody can read it by mistake.
std::string make_record(std::uint8_t number, std::string_view plain) {
  std::string result{static_cast<char>(plain.size() >> 8U), static_cast<char>(plain.size()),
                     static_cast<char>(number), static_cast<char>(sum_of(plain))};
  for (const char each : plain)
    result += static_cast<char>(each ^ 0x5a);
  return result;
}

struct record {
  bool is_good = false;
  std::string plain;
};

/// Takes the next record off the front of `bytes`; nothing if it is not whole.
std::optional<record> take_record(std::string& bytes, std::uint8_t number) {
  if (bytes.size() < record_head_bytes)
    return std::nullopt;
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const std::size_t size = at(0) * 256U + at(1);
  if (bytes.size() < record_head_bytes + size)
    return std::nullopt;
  record result;
  result.plain = bytes.substr(record_head_bytes, size);
  for (auto& each : result.plain)
    each = static_cast<char>(each ^ 0x5a);
  result.is_good = at(2) == number && at(3) == sum_of(result.plain);
  bytes.erase(0, record_head_bytes + size);
  return result;
}

/// Stands in for TLS: a greeting, and records that hold what was flushed together.
class stand_in_layer final : public byte_layer {
 public:
  explicit stand_in_layer(bool loses_records) : loses_records_(loses_records) {}

  layer_state take(std::string_view bytes, layer_output& out) override {
    input_ += bytes;
    while (auto next = take_record(input_, taken_)) {
      ++taken_;
      if (!next->is_good)
        return state_ = layer_state::broken;
      if (state_ == layer_state::open)
        out.up += next->plain;
      else
        seal(greeting, out.down);
      state_ = layer_state::open;
    }
    return state_;
  }

  layer_state end_of_input(layer_output&) override { return state_ = layer_state::input_ended; }
  bool passes_output() const override { return false; }

  void seal(std::string_view plain, std::string& down) override {
    while (!plain.empty()) {
      const auto piece = plain.substr(0, record_bytes_max);
      plain.remove_prefix(piece.size());
      if (!loses_records_ || ++sealed_ % fault_interval != 0)
        down += make_record(given_++, piece);
    }
  }

  void finish(std::string&) override {}

 private:
  bool loses_records_;
  layer_state state_ = layer_state::opening;
  std::string input_;
  std::uint8_t taken_ = 0;
  std::uint8_t given_ = 0;
  std::size_t sealed_ = 0;
};

/// Drops a message now and then.
class forgetful_web_layer final : public byte_layer {
 public:
  explicit forgetful_web_layer(web_layer real) : real_(std::move(real)) {}

  layer_state take(std::string_view bytes, layer_output& out) override {
    layer_output made;
    const auto state = real_.take(bytes, made);
    out.down += made.down;
    std::string_view rest = made.up;
    while (!rest.empty()) {
      const auto end = std::min(rest.find('\n'), rest.size() - 1) + 1;
      if (++messages_ % fault_interval != 0)
        out.up += rest.substr(0, end);
      rest.remove_prefix(end);
    }
    return state;
  }

  layer_state end_of_input(layer_output& out) override { return real_.end_of_input(out); }
  output_form form() const override { return real_.form(); }
  void finish(std::string& down) override { real_.finish(down); }

 private:
  web_layer real_;
  std::size_t messages_ = 0;
};

web_site_ptr site() {
  return std::make_shared<const web_site>(web_files{}, web_rules{});
}

connection_layers layers_of(const carriage_plan& plan) {
  connection_layers result;
  if (plan.sealed)
    result.lower = std::make_unique<stand_in_layer>(plan.fault == carriage_fault::loses_records);
  if (plan.websocket && plan.fault == carriage_fault::loses_messages)
    result.upper = std::make_unique<forgetful_web_layer>(web_layer{site(), "simulated"});
  else if (plan.websocket)
    result.upper = std::make_unique<web_layer>(site(), "simulated");
  return result;
}

constexpr unsigned char opcode_continuation = 0;
constexpr unsigned char opcode_text = 1;
constexpr unsigned char opcode_binary = 2;  // What a client says need not be UTF-8.
constexpr unsigned char opcode_close = 8;
constexpr unsigned char opcode_ping = 9;
constexpr unsigned char opcode_pong = 10;
constexpr unsigned char last_fragment = 0x80;
constexpr unsigned char masked = 0x80;
constexpr std::string_view ping_words = "there?";

/// A frame as clients send it.
std::string make_frame(unsigned char first, std::string_view payload) {
  std::string result(1, static_cast<char>(first));
  if (payload.size() < 126) {
    result += static_cast<char>(masked | payload.size());
  } else {
    result += static_cast<char>(masked | 126U);
    result += static_cast<char>(payload.size() >> 8U);
    result += static_cast<char>(payload.size());
  }
  constexpr std::array<unsigned char, 4> mask{0x12, 0x34, 0x56, 0x78};
  for (const auto each : mask)
    result += static_cast<char>(each);
  for (std::size_t i = 0; i < payload.size(); ++i)
    result += static_cast<char>(static_cast<unsigned char>(payload[i]) ^ mask[i % mask.size()]);
  return result;
}

}  // namespace

simulated_carriage::simulated_carriage(const carriage_plan& plan, outbox& out,
                                       output_memory& memory)
    : plan_(plan), pipe_(layers_of(plan), out, memory, std::make_shared<layer_scratch>()) {
  greet();
}

/// By hand, without the network: what both sides say before anybody has connected.
void simulated_carriage::greet() {
  if (plan_.sealed)
    pipe_.take(make_record(records_++, greeting));
  if (plan_.websocket)
    pipe_.take(
        seal("GET /irc HTTP/1.1\r\nHost: simulated\r\nUpgrade: websocket\r\n"
             "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
  while (pipe_.has_output()) {
    std::array<iovec, 4> pieces;
    const auto count = pipe_.gather(pieces, record_bytes_max);
    std::size_t taken = 0;
    for (std::size_t i = 0; i < count; ++i) {
      decode({static_cast<const char*>(pieces[i].iov_base), pieces[i].iov_len});
      taken += pieces[i].iov_len;
    }
    pipe_.consume(taken);
  }
}

// -- what the peer says -------------------------------------------------------

std::string simulated_carriage::seal(std::string_view plain) {
  return plan_.sealed ? make_record(records_++, plain) : std::string{plain};
}

void simulated_carriage::encode(std::string_view plain, std::string& wire,
                                std::deque<piece>& pieces) {
  const auto add = [&](const std::string& bytes, std::size_t plain_bytes) {
    wire += bytes;
    pieces.push_back({bytes.size(), plain_bytes});
  };
  if (!plan_.websocket)
    return add(seal(plain), plain.size());
  std::string frames;
  for (auto rest = plain; !rest.empty();) {
    const auto line = rest.substr(0, std::min(rest.find('\n'), rest.size() - 1) + 1);
    rest.remove_prefix(line.size());
    add_frame(line, frames);
    if (!plan_.sealed)
      add(std::exchange(frames, {}), line.size());
  }
  if (plan_.sealed)
    add(seal(frames), plain.size());
}

/// A line, or a part of one.
void simulated_carriage::add_frame(std::string_view plain, std::string& frames) {
  constexpr std::size_t ping_interval = 5;
  const bool is_last = plain.ends_with('\n');
  if (is_last)
    plain.remove_suffix(1);
  if (is_last && plain.ends_with('\r'))
    plain.remove_suffix(1);
  if (++pieces_ % ping_interval == 0)
    frames += make_frame(last_fragment | opcode_ping, ping_words);
  const auto opcode = in_message_ ? opcode_continuation : opcode_binary;
  frames += make_frame(is_last ? last_fragment | opcode : opcode, plain);
  in_message_ = !is_last;
}

// -- what the peer reads ------------------------------------------------------

std::string simulated_carriage::decode(std::string_view wire) {
  return read(read_so_far_, wire, {});
}

std::string simulated_carriage::preview(std::string_view wire, std::string_view unsealed) const {
  auto copy = read_so_far_;
  return read(copy, wire, unsealed);
}

std::string simulated_carriage::read(reader& from, std::string_view wire,
                                     std::string_view unsealed) const {
  auto plain = plan_.sealed ? unseal(from, wire) : std::string{wire};
  plain += unsealed;
  if (!plan_.websocket)
    return plain;
  from.frames += plain;
  if (!from.has_upgraded) {
    const auto end = from.frames.find("\r\n\r\n");
    if (end == std::string::npos)
      return {};
    from.frames.erase(0, end + 4);
    from.has_upgraded = true;
  }
  return unframe(from);
}

std::string simulated_carriage::unseal(reader& from, std::string_view wire) const {
  from.sealed += wire;
  std::string result;
  while (const auto next = take_record(from.sealed, from.next_record)) {
    if (!next->is_good)
      result += "\r\n!a record is missing\r\n";
    else if (std::exchange(from.has_heard_hello, true))
      result += next->plain;
    ++from.next_record;
  }
  return result;
}

std::string simulated_carriage::unframe(reader& from) const {
  std::string result;
  std::string_view rest = from.frames;
  for (;;) {
    if (rest.size() < 2)
      break;
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
    const bool is_long = at(1) == 126;
    const std::size_t head = is_long ? 4 : 2;
    if (rest.size() < head)
      break;
    const std::size_t size = is_long ? at(2) * 256U + at(3) : at(1);
    if (rest.size() < head + size)
      break;
    const auto payload = rest.substr(head, size);
    if (at(0) == (last_fragment | opcode_text))
      result.append(payload).append("\r\n");
    else if (at(0) != (last_fragment | opcode_close) &&
             !(at(0) == (last_fragment | opcode_pong) && payload == ping_words))
      result += "!a frame breaks the rules\r\n";
    rest.remove_prefix(head + size);
  }
  from.frames = std::string{rest};
  return result;
}

}  // namespace confab::test
