#pragma once

#include "actors/interfaces.hpp"
#include "actors/registry.hpp"
#include "actors/room.hpp"
#include "actors/session.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <caf/all.hpp>

/// Stand-ins for the actors around the one that a test looks at.
namespace confab::test {

/// One thing that a gateway was asked to put on the wire.
struct wire_entry {
  connection_key to;
  std::string what;
};

/// What all gateways of a test were asked to do, in order. Actors that run one at a time in the
/// thread of the test may share it.
using wire_log = std::shared_ptr<std::vector<wire_entry>>;

/// How much a session may say at once.
inline constexpr batch_bytes batch_bytes_max = 1000;

/// A text for each kind of event: the text itself, "+NAME" for joined, "-NAME" for left.
inline std::string describe(const event_batch& batch) {
  std::string result;
  for (const auto& happening : batch.events)
    if (const auto* spoken = std::get_if<said>(&happening))
      result += batch.who.name + ":" + spoken->text + ";";
    else
      result += (std::holds_alternative<joined>(happening) ? "+" : "-") + batch.who.name + ";";
  return result;
}

/// A gateway that writes down what it is asked to do and carries out receipts like the real one.
inline gateway_actor::behavior_type fake_gateway(
    gateway_actor::stateful_pointer<std::vector<std::pair<connection_key, session_actor>>> self,
    std::vector<std::pair<connection_key, session_actor>>* sessions, wire_log log) {
  const auto apply_receipt = [=](const receipt& reply) {
    if (!reply.bytes.empty())
      log->push_back({reply.connection, reply.bytes});
    if (reply.next != next_step::continue_requests)
      return;
    for (const auto& [key, session] : *sessions)
      if (key == reply.connection)
        self->send(session, continue_atom::value, batch_bytes_max);
  };
  const auto publish = [=](const event_batch& batch, const audience_ptr& readers) {
    if (readers)
      for (const auto key : *readers)
        log->push_back({key, describe(batch)});
  };
  return {
      [=](arrive_atom, connection_key, const std::string&) {},
      [=](refuse_atom, connection_key key, refusal) {
        log->push_back({key, "refused"});
      },
      [=](credit_atom, std::size_t bytes) {
        log->push_back({0, "+" + std::to_string(bytes)});
      },
      [=](shed_atom, std::size_t bytes) {
        log->push_back({0, "-" + std::to_string(bytes)});
      },
      [=](failed_atom, connection_key) {},
      [=](report_atom) { return gateway_report{}; },
      [=](login_atom, connection_key, const std::string&) {},
      [=](limit_atom, connection_key, limit) {},
      [=](offence_atom, connection_key, const std::string&) {},
      [=](reply_atom, const receipt& reply) { apply_receipt(reply); },
      [=](publish_atom, const event_batch_ptr& batch, const audience_ptr& readers,
          const receipt& reply, std::size_t) {
        publish(*batch, readers);
        if (reply.gateway)
          apply_receipt(reply);
      },
      [=](publish_atom, const event_batch_ptr& batch, const audience_ptr& readers,
          const receipt& reply) {
        publish(*batch, readers);
        if (reply.gateway)
          self->send(reply.gateway, queued_atom::value, reply.connection,
                     readers ? readers->size() : 0);
      },
      [=](queued_atom, connection_key, std::size_t) {},
      [=](drain_atom) { return gateway_id{0}; },
      [=](finish_atom) {},
      [=](tick_atom) {},
      [=](flush_atom) {},
  };
}

/// Actors on the scheduler instead of the network loop, where the test decides who is next.
inline room_actor spawn_scheduled_room(caf::actor_system& system, std::string name,
                                       registry_actor registry) {
  return system.spawn(room<room_actor::stateful_pointer<std::optional<room_state>>>,
                      std::move(name), std::move(registry));
}

inline registry_actor spawn_scheduled_registry(caf::actor_system& system, room_limits limits) {
  return system.spawn(registry<registry_actor::stateful_pointer<std::optional<registry_state>>>,
                      &spawn_scheduled_room, limits);
}

inline session_actor spawn_scheduled_session(caf::actor_system& system, session_context context) {
  return system.spawn(session<session_actor::stateful_pointer<std::optional<session_state>>>,
                      std::move(context));
}

}  // namespace confab::test
