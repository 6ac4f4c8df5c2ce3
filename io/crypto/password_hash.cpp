#include "io/crypto/password_hash.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <new>
#include <optional>
#include <sodium.h>
#include <system_error>

namespace confab {
namespace {

/// A hash that somebody else made may take so many passes.
constexpr std::uint32_t foreign_passes_max = 8;

constexpr std::string_view hash_prefix = "$argon2id$v=19$m=";

static_assert(password_hash_memory_bytes == crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE);
static_assert(password_hash_passes == crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE);

/// Lets libsodium choose the fastest code for this processor. It may be called often, by any
/// thread.
void prepare_library() {
  if (::sodium_init() < 0)
    throw std::bad_alloc{};
}

/// Takes a number from the front of `text`.
std::optional<std::uint32_t> take_number(std::string_view& text) {
  std::uint32_t result = 0;
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), result);
  if (error != std::errc{})
    return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(stopped - text.data()));
  return result;
}

/// Whether the parameters of a hash, `$argon2id$v=19$m=KIBIBYTES,t=PASSES,...`, keep the limits.
bool is_affordable(std::string_view text) {
  constexpr std::string_view passes_prefix = ",t=";
  if (!text.starts_with(hash_prefix))
    return false;
  text.remove_prefix(hash_prefix.size());
  const auto memory_kib = take_number(text);
  if (!memory_kib || !text.starts_with(passes_prefix))
    return false;
  text.remove_prefix(passes_prefix.size());
  const auto passes = take_number(text);
  return passes && *memory_kib <= password_hash_memory_bytes / 1024 &&
         *passes <= foreign_passes_max;
}

}  // namespace

std::string hash_password(std::string_view password) {
  prepare_library();
  std::array<char, crypto_pwhash_argon2id_STRBYTES> hash{};
  if (::crypto_pwhash_argon2id_str(hash.data(), password.data(), password.size(),
                                   password_hash_passes, password_hash_memory_bytes) != 0)
    throw std::bad_alloc{};  // There is no other reason.
  return hash.data();
}

bool verify_password(const std::string& hash, const std::string& password) {
  prepare_library();
  return is_password_hash(hash) &&
         ::crypto_pwhash_argon2id_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

bool is_password_hash(std::string_view text) {
  if (!is_affordable(text) || text.find('\0') != std::string_view::npos)
    return false;
  const std::string whole{text};
  // Negative if it cannot be read; otherwise it tells whether its parameters are these.
  return ::crypto_pwhash_argon2id_str_needs_rehash(whole.c_str(), password_hash_passes,
                                                   password_hash_memory_bytes) >= 0;
}

}  // namespace confab
