#pragma once

#include <caf/typed_actor.hpp>
#include <caf/typed_actor_pointer.hpp>

/// How the actors of this folder refer to themselves.
namespace confab {

namespace detail {

template <class Handle>
struct self_of;

template <class... Signatures>
struct self_of<caf::typed_actor<Signatures...>> {
  using type = caf::typed_actor_pointer<Signatures...>;
};

}  // namespace detail

/// A pointer to an actor that implements `Handle`, wherever it runs: on the scheduler's threads or
/// in the network loop. Where actors run is decided in one place, outside of this folder.
template <class Handle>
using self_pointer = typename detail::self_of<Handle>::type;

/// The handle of the actor that `self` points to.
template <class Handle>
Handle handle_of(const self_pointer<Handle>& self) {
  return caf::actor_cast<Handle>(self.get());
}

}  // namespace confab
