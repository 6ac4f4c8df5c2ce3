#pragma once

#include "actors/interfaces.hpp"
#include "actors/model/operator_account.hpp"
#include "actors/self.hpp"

#include <cstddef>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include <caf/actor_addr.hpp>

/// The actor that compares the passwords of server operators.
namespace confab {

/// What an authenticator is told when it starts.
struct authenticator_settings {
  std::vector<operator_account> operators;
  /// Whether the hash is that of the password. May take long. Never null. Passed in, so that the
  /// actors need no library for it.
  bool (*verify)(const std::string& hash, const std::string& password) = nullptr;
};

/// So many passwords may wait to be compared, so that an operator has to wait for no more than
/// these.
inline constexpr std::size_t waiting_passwords_max = 4;

/// Compares one password at a time, so it never needs the memory for two. Those that come meanwhile
/// wait, as far as there is room; those of sessions that have ended are not compared.
class authenticator_state {
 public:
  authenticator_state(self_pointer<authenticator_actor> self, authenticator_settings settings);

  /// Will tell the session whether the password is right; at once if too many others wait.
  void check(const session_actor& session, std::string name, std::string password);

  /// Compares the password that has waited for longest.
  void compare_next();

  /// Whether this is the password of the server operator of this name, to the letter.
  bool is_right(const std::string& name, const std::string& password) const;

 private:
  struct question {
    caf::actor_addr session;  ///< Keeps nobody alive: the session may end meanwhile.
    std::string name;
    std::string password;
  };

  void go_on();

  self_pointer<authenticator_actor> self_;
  authenticator_settings settings_;
  std::deque<question> waiting_;
  bool ticking_ = false;  ///< `compare_next` will be called.
};

/// The behavior of the authenticator. `Pointer` is the actor's own pointer type, with a `state` of
/// type `std::optional<authenticator_state>`. Since a comparison keeps its thread for so long, the
/// actor is to have one of its own.
template <class Pointer>
authenticator_actor::behavior_type authenticator(Pointer self, authenticator_settings settings) {
  auto& state = self->state.emplace(self, std::move(settings));
  return {
      [&state](check_atom, const session_actor& session, std::string& name, std::string& password) {
        state.check(session, std::move(name), std::move(password));
      },
      [&state](tick_atom) { state.compare_next(); },
      [self](close_atom) { self->quit(); },
  };
}

}  // namespace confab
