#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Hashes of passwords: argon2id, made and compared by libsodium.
namespace confab {

/// What a comparison costs: so much memory is filled, so many times over. These are libsodium's
/// limits for interactive use; measured, a comparison takes 70 ms. docs/decisions/0022 says why.
inline constexpr std::size_t password_hash_memory_bytes = 64UL * 1024 * 1024;
inline constexpr unsigned long long password_hash_passes = 2;

/// A new hash of this password, printable ASCII without blanks, which holds all that it takes to
/// compare it. No two hashes are the same, even of one password. Takes as long as a comparison.
/// Throws `std::bad_alloc`.
std::string hash_password(std::string_view password);

/// Whether `hash` was made of this password. False, too, if it is no hash, or if there is no memory
/// to compare it.
bool verify_password(const std::string& hash, const std::string& password);

/// Whether this looks like a hash that `verify_password` can compare, and comparing it costs no
/// more memory, nor much more time, than comparing one of ours.
bool is_password_hash(std::string_view text);

}  // namespace confab
