#include "io/crypto/cloak.hpp"

#include <cassert>
#include <new>
#include <sodium.h>

namespace confab {
namespace {

/// 48 bits: that any two of 100,000 networks share a host by chance has the odds of 1 to 56,000.
constexpr std::size_t shown_bytes = 6;

}  // namespace

static_assert(cloak::key_bytes == crypto_generichash_KEYBYTES);

cloak::key cloak::key_of(std::string_view secret) {
  key result{};
  [[maybe_unused]] const int failed = ::crypto_generichash(
      result.data(), result.size(), reinterpret_cast<const unsigned char*>(secret.data()),
      secret.size(), nullptr, 0);
  assert(failed == 0);  // It fails on wrong sizes only.
  return result;
}

cloak::cloak() {
  if (::sodium_init() < 0)
    throw std::bad_alloc{};
  ::randombytes_buf(secret_.data(), secret_.size());
}

std::string cloak::host_for(std::string_view network) const {
  std::array<unsigned char, crypto_generichash_BYTES_MIN> hash{};
  [[maybe_unused]] const int failed = ::crypto_generichash(
      hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(network.data()),
      network.size(), secret_.data(), secret_.size());
  assert(failed == 0);  // It fails on wrong sizes only.
  std::array<char, 2 * shown_bytes + 1> digits{};
  ::sodium_bin2hex(digits.data(), digits.size(), hash.data(), shown_bytes);
  return std::string{digits.data()} + ".ip";
}

}  // namespace confab
