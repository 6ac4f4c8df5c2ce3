#pragma once

#include "actors/cluster/peer_interface.hpp"

#include <type_traits>

#include <caf/deserializer.hpp>
#include <caf/error.hpp>
#include <caf/fwd.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/serializer.hpp>

/// How CAF writes and reads the messages between nodes: as bytes that `wire_codec` makes. Actor
/// handles, which only CAF can write, are at the door alone.
namespace confab {

/// Tells CAF of every type that crosses between nodes. Due before the actor system is made; a type
/// that CAF does not know would arrive as an empty message.
void register_wire_types(caf::actor_system_config& config);

caf::error save(caf::serializer& to, wire_message& x);
caf::error load(caf::deserializer& from, wire_message& x);
caf::error save(caf::serializer& to, door_call& x);
caf::error load(caf::deserializer& from, door_call& x);
caf::error save(caf::serializer& to, door_answer& x);
caf::error load(caf::deserializer& from, door_answer& x);

namespace wire {

/// What neither saves nor loads, as CAF's words for its log, sees the name alone.
template <class Inspector, class T>
typename Inspector::result_type inspect_whole(Inspector& f, const char* name, T& x) {
  if constexpr (std::is_base_of_v<caf::serializer, Inspector>)
    return save(f, x);
  else if constexpr (std::is_base_of_v<caf::deserializer, Inspector>)
    return load(f, x);
  else
    return f(caf::meta::type_name(name));
}

}  // namespace wire

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, wire_message& x) {
  return wire::inspect_whole(f, "wire_message", x);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, door_call& x) {
  return wire::inspect_whole(f, "door_call", x);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, door_answer& x) {
  return wire::inspect_whole(f, "door_answer", x);
}

}  // namespace confab
