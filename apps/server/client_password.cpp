#include "apps/server/client_password.hpp"

#include "io/text/ascii.hpp"
#include "io/text/utf8.hpp"

#include <algorithm>
#include <cstddef>

namespace confab::server {

namespace {

/// Fits behind `OPER name :` in a line of 512 bytes, even if the name is long.
constexpr std::size_t password_bytes_max = 400;

}  // namespace

std::optional<std::string> password_problem(std::string_view password) {
  if (password.empty())
    return "the password is empty";
  if (password.size() > password_bytes_max)
    return "the password is longer than " + std::to_string(password_bytes_max) + " bytes";
  if (std::any_of(password.begin(), password.end(), is_ascii_control) || !is_valid_utf8(password))
    return "the password holds what no client can send: controls, or what is not UTF-8";
  return std::nullopt;
}

}  // namespace confab::server
