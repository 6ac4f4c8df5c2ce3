#include "apps/server/cloak_key.hpp"

#include "apps/server/small_file.hpp"

#include <string_view>

namespace confab::server {

std::variant<cloak::key, std::string> read_cloak_key(const std::string& path) {
  const auto outcome = read_small_file(path, cloak_secret_bytes_max);
  if (const auto* problem = std::get_if<unreadable>(&outcome))
    return problem->why;
  std::string_view secret = std::get<std::string>(outcome);
  while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r'))
    secret.remove_suffix(1);
  if (secret.size() < cloak_secret_bytes_min)
    return path + ": is shorter than " + std::to_string(cloak_secret_bytes_min) +
           " bytes: 'openssl rand -hex 32' makes a good one";
  return cloak::key_of(secret);
}

}  // namespace confab::server
