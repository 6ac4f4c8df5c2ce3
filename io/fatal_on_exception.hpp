#pragma once

#include <exception>
#include <utility>

#include <caf/actor_config.hpp>
#include <caf/error.hpp>

namespace confab {

/// An actor that the server cannot do without. If its handler fails, for want of memory, the
/// process ends, since clients would wait for ever for what this actor does
/// (docs/decisions/0009-fail-whole.md).
template <class Actor>
class fatal_on_exception : public Actor {
 public:
  template <class... Ts>
  explicit fatal_on_exception(caf::actor_config& config, Ts&&... parts)
      : Actor(config, std::forward<Ts>(parts)...) {
    this->set_exception_handler([](std::exception_ptr&) -> caf::error { std::terminate(); });
  }
};

}  // namespace confab
