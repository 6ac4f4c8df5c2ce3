#include "actors/model/identity.hpp"

namespace confab {

std::string hostmask(const identity& who) {
  std::string result;
  result.reserve(who.nick.size() + who.user.size() + who.host.size() + 2);
  result += who.nick;
  result += '!';
  result += who.user;
  result += '@';
  result += who.host;
  return result;
}

}  // namespace confab
