#include "actors/cluster/wire_types.hpp"

#include "actors/cluster/known_dialects.hpp"
#include "actors/cluster/wire_inspect.hpp"

#include <caf/all.hpp>

namespace confab {

// Only what is an element of a message: its parts are written by their own `inspect`.
void register_wire_types(caf::actor_system_config& config) {
  config.add_message_type<wire_message>("confab::wire_message");
  config.add_message_type<door_call>("confab::door_call");
  config.add_message_type<door_answer>("confab::door_answer");
}

std::string_view wire::lasting_dialect(caf::execution_unit* context, std::string_view name) {
  if (context == nullptr)
    return known_dialects::unknown;
  const auto* known = dynamic_cast<const known_dialects*>(&context->system().config());
  return known != nullptr ? known->lasting(name) : known_dialects::unknown;
}

}  // namespace confab
