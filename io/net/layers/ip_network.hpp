#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Addresses of hosts as values, and sets of them.
namespace confab {

/// An IPv4 or IPv6 address. `::ffff:192.0.2.7`, an IPv4 address as IPv6 sockets show it, is the
/// IPv4 address.
class ip_address {
 public:
  /// Nothing unless `text` is a numeric address.
  static std::optional<ip_address> parse(std::string_view text);

  /// Of 4 or 16 bytes in the order of the network.
  static ip_address from_bytes(std::string_view bytes);

  /// In the usual form: "192.0.2.7", "2001:db8::7".
  std::string text() const;

  bool is_ipv4() const { return is_ipv4_; }
  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }

  friend bool operator==(const ip_address&, const ip_address&) = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};  ///< Of IPv4: the first four.
  bool is_ipv4_ = false;
};

/// Addresses that begin with the same bits.
class ip_network {
 public:
  /// "10.0.0.0/8", "fd00::/8", or one address. Nothing if `text` is neither. Bits behind the prefix
  /// do not count.
  static std::optional<ip_network> parse(std::string_view text);

  bool contains(const ip_address& address) const;

  friend bool operator==(const ip_network&, const ip_network&) = default;

 private:
  ip_address base_;
  unsigned prefix_bits_ = 0;
};

/// Whether one of `networks` contains the address that `text` is. False if it is none.
bool contain(const std::vector<ip_network>& networks, std::string_view text);

}  // namespace confab
