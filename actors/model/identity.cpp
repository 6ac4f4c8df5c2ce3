#include "actors/model/identity.hpp"

#include <utility>

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

author node_as_author(const std::string& node, std::string_view dialect, const client_id& from) {
  auto who = std::make_shared<identity>();
  who->name = who->nick = who->user = who->host = who->node = node;
  who->dialect = dialect;
  return {std::move(who), from};
}

}  // namespace confab
