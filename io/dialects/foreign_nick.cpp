#include "io/dialects/foreign_nick.hpp"

#include "io/dialects/irc/names.hpp"

namespace confab {

std::string foreign_nick_stem(std::string_view user, std::string_view dialect) {
  return irc::foreign_nick(irc::foreign_nick_base(user), dialect, 1);
}

}  // namespace confab
