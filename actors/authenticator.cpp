#include "actors/authenticator.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include <caf/all.hpp>

namespace confab {

authenticator_state::authenticator_state(self_pointer<authenticator_actor> self,
                                         authenticator_settings settings)
    : self_(self), settings_(std::move(settings)) {
  assert(settings_.verify != nullptr);
}

void authenticator_state::check(const session_actor& session, std::string name,
                                std::string password) {
  std::erase_if(waiting_,
                [](const question& each) { return !caf::actor_cast<session_actor>(each.session); });
  if (waiting_.size() == waiting_passwords_max)
    return self_->send(session, checked_atom::value, password_check::not_compared);
  waiting_.push_back({session.address(), std::move(name), std::move(password)});
  go_on();
}

void authenticator_state::compare_next() {
  ticking_ = false;
  if (waiting_.empty())
    return;
  const auto next = std::move(waiting_.front());
  waiting_.pop_front();
  if (const auto session = caf::actor_cast<session_actor>(next.session))
    self_->send(session, checked_atom::value,
                is_right(next.name, next.password) ? password_check::right : password_check::wrong);
  go_on();
}

/// By a message, so that those who ask meanwhile hear at once that too many wait.
void authenticator_state::go_on() {
  if (!waiting_.empty() && !std::exchange(ticking_, true))
    self_->send(handle_of<authenticator_actor>(self_), tick_atom::value);
}

bool authenticator_state::is_right(const std::string& name, const std::string& password) const {
  const auto& operators = settings_.operators;
  if (operators.empty())
    return false;  // There is no name that the time could tell.
  const auto found =
      std::find_if(operators.begin(), operators.end(),
                   [&name](const operator_account& each) { return each.name == name; });
  // A name that there is not costs as much time as one that there is: the first operator's hash
  // stands in for its own, and what comes out does not count.
  const bool known = found != operators.end();
  const auto& hash = known ? found->hash : operators.front().hash;
  const bool matches = settings_.verify(hash, password);
  return known && matches;
}

}  // namespace confab
