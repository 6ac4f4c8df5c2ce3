#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace confab::server {

/// What is wrong with a password that clients are to send in a line of IRC, in words that do not
/// tell the password; nothing if they can send it.
std::optional<std::string> password_problem(std::string_view password);

}  // namespace confab::server
