#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace confab {

/// Stands for the addresses of clients, which nobody is shown: with one key, the same network has
/// the same host, and without the key nobody can find the network of a host.
class cloak {
 public:
  static constexpr std::size_t key_bytes = 32;
  using key = std::array<unsigned char, key_bytes>;

  /// The key that a secret of any length stands for: the same on every machine.
  static key key_of(std::string_view secret);

  /// With a new random key.
  cloak();

  explicit cloak(const key& secret) : secret_(secret) {}

  /// What clients see of whoever comes from this network: 12 lower-case hexadecimal digits and
  /// `.ip`.
  std::string host_for(std::string_view network) const;

 private:
  key secret_{};
};

}  // namespace confab
