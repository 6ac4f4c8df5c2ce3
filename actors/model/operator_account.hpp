#pragma once

#include <string>

namespace confab {

/// A server operator, as the configuration has it.
struct operator_account {
  std::string name;
  std::string hash;  ///< Of the password.
  friend bool operator==(const operator_account&, const operator_account&) = default;
};

}  // namespace confab
