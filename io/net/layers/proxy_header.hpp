#pragma once

#include "io/net/layers/byte_layer.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace confab {

/// The PROXY protocol, version 1 and 2: a proxy in front of us says whose connection it forwards,
/// before anything else. A header is demanded: where one is only looked for, every client may say
/// that it is somebody else. Without one the connection is broken.
///
/// What is behind the header goes up as it is. `client_address` is the address of its source, or
/// nothing if the proxy speaks for itself (LOCAL, UNKNOWN, a local socket). TLVs are skipped, not
/// held.
class proxy_header final : public byte_layer {
 public:
  layer_state take(std::string_view bytes, layer_output& out) override;
  layer_state end_of_input(layer_output& out) override;
  void finish(std::string&) override {}
  std::optional<std::string> client_address() const override { return address_; }
  std::string_view complaint() const override { return complaint_; }

 private:
  enum class part { signature, line, fixed, addresses, skipped };

  static constexpr std::size_t held_bytes_max = 107;  ///< The longest header of version 1.

  void take_byte();
  void take_signature();
  void take_line();
  void take_fixed();
  void take_addresses();
  void done() { state_ = layer_state::open; }
  void refuse(std::string_view why);
  std::string_view held() const { return {held_.data(), held_size_}; }

  layer_state state_ = layer_state::opening;
  part part_ = part::signature;
  std::array<char, held_bytes_max> held_{};
  std::size_t held_size_ = 0;
  std::size_t wanted_ = 0;   ///< So many bytes have to be held to go on, in version 2.
  std::size_t to_skip_ = 0;  ///< So many bytes follow the addresses.
  std::optional<std::string> address_;
  std::string_view complaint_;
};

}  // namespace confab
