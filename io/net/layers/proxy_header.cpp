#include "io/net/layers/proxy_header.hpp"

#include "io/net/layers/http_words.hpp"
#include "io/net/layers/ip_network.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace confab {

namespace {

constexpr std::string_view signature_1 = "PROXY ";
constexpr std::string_view signature_2{"\r\n\r\n\0\r\nQUIT\n", 12};
constexpr std::size_t fixed_bytes = 16;  // Signature, version and command, family, length.

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  return error == std::errc{} && stop == end;
}

/// The next word of a line in which exactly one blank stands between two.
std::string_view next_word(std::string_view& line) {
  const auto end = line.find(' ');
  const auto word = line.substr(0, end);
  line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  return word;
}

/// The source in "TCP4 192.0.2.7 198.51.100.1 56324 443", or nothing if it is not like that.
std::optional<ip_address> source_in(std::string_view line) {
  const auto family = next_word(line);
  const auto source_text = next_word(line);
  const auto source = ip_address::parse(source_text);
  const auto target_text = next_word(line);
  const auto target = ip_address::parse(target_text);
  const auto source_port = next_word(line);
  const bool is_ipv6 = family == "TCP6";
  const auto has_colon = [](std::string_view text) { return text.find(':') != text.npos; };
  if (!(is_ipv6 || family == "TCP4") || !source || !target || !is_port(source_port) ||
      !is_port(line) || has_colon(source_text) != is_ipv6 || has_colon(target_text) != is_ipv6)
    return std::nullopt;
  return source;
}

}  // namespace

layer_state proxy_header::take(std::string_view bytes, layer_output& out) {
  while (state_ == layer_state::opening && !bytes.empty()) {
    if (part_ == part::skipped) {
      const auto count = std::min(to_skip_, bytes.size());
      bytes.remove_prefix(count);
      to_skip_ -= count;
      if (to_skip_ == 0)
        done();
      continue;
    }
    held_[held_size_++] = bytes.front();
    bytes.remove_prefix(1);
    take_byte();
  }
  if (state_ == layer_state::open)
    out.up += bytes;
  return state_;
}

layer_state proxy_header::end_of_input(layer_output&) {
  if (state_ == layer_state::open)
    state_ = layer_state::input_ended;
  else if (state_ == layer_state::opening && held_size_ == 0)
    state_ = layer_state::finished;
  else if (state_ == layer_state::opening)
    refuse("the connection ended within the header of the PROXY protocol");
  return state_;
}

void proxy_header::take_byte() {
  switch (part_) {
    case part::signature:
      take_signature();
      return;
    case part::line:
      take_line();
      return;
    case part::fixed:
      if (held_size_ == fixed_bytes)
        take_fixed();
      return;
    case part::addresses:
      if (held_size_ == wanted_)
        take_addresses();
      return;
    case part::skipped:
      return;
  }
}

void proxy_header::take_signature() {
  if (held() == signature_1)
    part_ = part::line;
  else if (held() == signature_2)
    part_ = part::fixed;
  else if (!signature_1.starts_with(held()) && !signature_2.starts_with(held()))
    refuse("no header of the PROXY protocol, which this port demands");
}

void proxy_header::take_line() {
  if (!held().ends_with("\r\n")) {
    if (held_size_ == held_bytes_max)
      refuse("the header of the PROXY protocol is too long");
    return;
  }
  auto line = held();
  line.remove_prefix(signature_1.size());
  line.remove_suffix(2);
  if (line != "UNKNOWN" && !line.starts_with("UNKNOWN ")) {
    const auto source = source_in(line);
    if (!source) {
      refuse("the header of the PROXY protocol does not name two addresses and two ports");
      return;
    }
    address_ = source->text();
  }
  done();
}

void proxy_header::take_fixed() {
  const auto at = [&](std::size_t index) { return static_cast<std::uint8_t>(held_[index]); };
  const unsigned version = at(12) >> 4U;
  const unsigned command = at(12) & 0x0FU;
  const unsigned family = at(13) >> 4U;
  const std::size_t size = static_cast<std::size_t>(at(14)) << 8U | at(15);
  if (version != 2 || command > 1) {
    refuse("the header of the PROXY protocol has an unknown version or command");
    return;
  }
  const std::size_t address_bytes = family == 1 ? 4 : family == 2 ? 16 : 0;
  const std::size_t wanted = command == 0 || address_bytes == 0 ? 0 : 2 * address_bytes + 4;
  if (size < wanted) {
    refuse("the header of the PROXY protocol is too short for its addresses");
    return;
  }
  wanted_ = fixed_bytes + wanted;
  to_skip_ = size - wanted;
  part_ = wanted > 0 ? part::addresses : part::skipped;
  if (size == 0)
    done();
}

void proxy_header::take_addresses() {
  const std::size_t address_bytes = (wanted_ - fixed_bytes - 4) / 2;
  address_ = ip_address::from_bytes(held().substr(fixed_bytes, address_bytes)).text();
  part_ = part::skipped;
  if (to_skip_ == 0)
    done();
}

void proxy_header::refuse(std::string_view why) {
  state_ = layer_state::broken;
  complaint_ = why;
}

}  // namespace confab
