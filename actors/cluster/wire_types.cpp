#include "actors/cluster/wire_types.hpp"

#include "actors/cluster/known_dialects.hpp"
#include "actors/cluster/wire_codec.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <caf/all.hpp>
#include <caf/binary_deserializer.hpp>

namespace confab {

namespace {

caf::error senseless(const wire::failure& problem) {
  std::string words = problem.words;
  if (problem.where != nullptr)
    words = words + " in " + problem.where;
  return caf::make_error(caf::sec::invalid_argument, std::move(words));
}

/// The dialects of whose node this is; null: nobody's.
const known_dialects* dialects_of(caf::execution_unit* context) {
  return context != nullptr ? dynamic_cast<const known_dialects*>(&context->system().config())
                            : nullptr;
}

/// Whether there is a handle, then the handle: CAF writes none that is null.
caf::error save_handle(caf::serializer& to, wire_actor& x) {
  auto is_there = static_cast<bool>(x);
  if (auto failure = to(is_there))
    return failure;
  return is_there ? to(x) : caf::error{};
}

caf::error load_handle(caf::deserializer& from, wire_actor& x) {
  bool is_there = false;
  if (auto failure = from(is_there))
    return failure;
  x = wire_actor{};
  return is_there ? from(x) : caf::error{};
}

}  // namespace

// Only what is an element of a message: wire_codec knows its parts.
void register_wire_types(caf::actor_system_config& config) {
  config.add_message_type<wire_message>("confab::wire_message");
  config.add_message_type<door_call>("confab::door_call");
  config.add_message_type<door_answer>("confab::door_answer");
}

caf::error save(caf::serializer& to, wire_message& x) {
  std::vector<char> bytes;
  if (const auto problem = wire::write_message(x, bytes))
    return senseless(problem);
  return to.apply_raw(bytes.size(), bytes.data());
}

/// CAF reads messages of other nodes from memory, and nothing else does.
caf::error load(caf::deserializer& from, wire_message& x) {
  auto* source = dynamic_cast<caf::binary_deserializer*>(&from);
  if (source == nullptr)
    return caf::make_error(caf::sec::invalid_argument, "only bytes in memory can be read");
  const auto rest = source->remainder();
  std::size_t used = 0;
  const auto problem = wire::read_message({reinterpret_cast<const char*>(rest.data()), rest.size()},
                                          dialects_of(from.context()), x, used);
  if (problem)
    return senseless(problem);
  source->skip(used);
  return caf::none;
}

caf::error save(caf::serializer& to, door_call& x) {
  if (auto failure = to(x.node, x.version))
    return failure;
  return save_handle(to, x.peer);
}

caf::error load(caf::deserializer& from, door_call& x) {
  if (auto failure = from(x.node, x.version))
    return failure;
  return load_handle(from, x.peer);
}

caf::error save(caf::serializer& to, door_answer& x) {
  if (auto failure = to(x.refusal))
    return failure;
  return save_handle(to, x.peer);
}

caf::error load(caf::deserializer& from, door_answer& x) {
  if (auto failure = from(x.refusal))
    return failure;
  return load_handle(from, x.peer);
}

}  // namespace confab
