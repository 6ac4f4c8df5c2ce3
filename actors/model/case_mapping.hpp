#pragma once

#include <compare>
#include <string>
#include <string_view>

/// CASEMAPPING=ascii: two names are the same when they differ only in the case of A-Z. This holds
/// for nicks, channels, masks, accounts and commands; no other letter is folded.
namespace confab {

/// `byte` in lower case if it is one of A-Z.
constexpr char folded(char byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
}

/// `name` with A-Z in lower case: the key under which a name is found.
std::string folded(std::string_view name);

/// `word` with a-z in upper case, as commands are compared.
std::string upper_cased(std::string_view word);

/// Whether two names are the same.
bool same_name(std::string_view left, std::string_view right);

/// The order of two names, in which the same names are equivalent.
std::weak_ordering compare_names(std::string_view left, std::string_view right);

}  // namespace confab
