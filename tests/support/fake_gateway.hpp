#pragma once

#include "actors/authenticator.hpp"
#include "actors/directory.hpp"
#include "actors/interfaces.hpp"
#include "actors/registry.hpp"
#include "actors/room.hpp"
#include "actors/session.hpp"
#include "tests/support/gateway_handlers.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
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

/// What was put on the wire of one connection, in order.
inline std::string heard_by(connection_key key, const std::vector<wire_entry>& log) {
  std::string result;
  for (const auto& each : log)
    if (each.to == key)
      result += each.what;
  return result;
}

/// How much a session may say at once.
inline constexpr batch_bytes batch_bytes_max = 1000;

/// Changes as IRC writes them, each with its sign and its parameter.
inline std::string describe(const std::vector<mode_change>& changes) {
  std::string result;
  for (const auto& each : changes) {
    result += each.add ? '+' : '-';
    result += each.letter + each.parameter;
  }
  return result;
}

/// Words for an event: "NAME:text" for a text, "+NAME" for joined, "-NAME" for left.
struct event_describer {
  const author& who;

  std::string operator()(const said& spoken) const { return who.name() + ":" + spoken.text; }
  std::string operator()(const joined&) const { return "+" + who.name(); }
  std::string operator()(const left&) const { return "-" + who.name(); }
  std::string operator()(const kicked& removal) const {
    return who.name() + " kicks " + removal.whom.name() + " " + removal.reason;
  }
  std::string operator()(const renamed& change) const {
    return change.before->nick + " is " + who.who->nick;
  }
  std::string operator()(const topic_set& change) const {
    return who.name() + " topic " + change.topic;
  }
  std::string operator()(const modes_set& change) const {
    return who.name() + " mode " + describe(change.changes);
  }
  std::string operator()(const invited& invitation) const {
    return who.name() + " invites " + invitation.nick;
  }
  std::string operator()(const away_set&) const { return who.name() + " away"; }
  std::string operator()(const real_name_set&) const { return who.name() + " real name"; }
  std::string operator()(const redacted&) const { return who.name() + " redacts"; }
  std::string operator()(const wall& spoken) const { return who.name() + " to all " + spoken.text; }
};

inline std::string describe(const event_batch& batch) {
  std::string result;
  for (const auto& happening : batch.events)
    result += std::visit(event_describer{batch.who}, happening) + ";";
  return result;
}

inline std::string refusal_word(refusal why) {
  switch (why) {
    case refusal::not_in_room:
      return "not_in_room";
    case refusal::no_such_room:
      return "no_such_room";
    case refusal::wrong_key:
      return "wrong_key";
    case refusal::invite_only:
      return "invite_only";
    case refusal::banned:
      return "banned";
    case refusal::room_full:
      return "room_full";
    case refusal::may_not_speak:
      return "may_not_speak";
    case refusal::not_room_operator:
      return "not_room_operator";
    case refusal::nick_in_use:
      return "nick_in_use";
    case refusal::no_such_nick:
      return "no_such_nick";
    case refusal::not_a_member:
      return "not_a_member";
    case refusal::is_a_member:
      return "is_a_member";
    default:
      return "refused";
  }
}

/// Words for an answer of a room: what was refused, who is in it, or the masks of a list.
struct answer_words {
  std::string operator()(const outcome& what) const {
    const auto* no = std::get_if<refused>(&what);
    return no == nullptr ? "done" : refusal_word(no->why) + " " + no->subject + " " + no->detail;
  }
  std::string operator()(const room_answer& what) const {
    auto result =
        what.room->name + (what.inside ? "" : " from outside") + " " + describe(what.room->modes);
    std::set<std::string> members;
    for (const auto& each : what.room->members)
      members.insert(std::string{" "} + (each.room_operator ? "@" : "") +
                     (each.has_voice ? "+" : "") + each.who->nick);
    for (const auto& each : members)
      result += each;
    return result + (what.room->topic.empty() ? "" : " topic " + what.room->topic);
  }
  std::string operator()(const list_answer& what) const {
    std::string result{what.letter};
    for (const auto& each : what.entries)
      result += " " + each.mask;
    return result;
  }
  std::string operator()(const invited_answer& what) const {
    return what.nick + " is invited to " + what.room;
  }
  template <class Other>
  std::string operator()(const Other&) const {
    return "answer";
  }
};

inline std::string describe(const answer& parts) {
  std::string result;
  for (const auto& each : parts)
    result += "(" + std::visit(answer_words{}, each) + ")";
  return result;
}

/// The sessions of the clients behind a gateway.
using gateway_sessions = std::vector<std::pair<connection_key, session_actor>>;

/// Carries a receipt out like the real gateway: writes down what its client is told, and lets the
/// client's session go on.
inline void apply_receipt(gateway_actor::pointer self, const gateway_sessions& sessions,
                          std::vector<wire_entry>& log, const receipt& reply) {
  if (const auto told = reply.bytes + (reply.answer ? describe(*reply.answer) : ""); !told.empty())
    log.push_back({reply.connection, told});
  if (reply.next != next_step::continue_requests)
    return;
  for (const auto& [key, session] : sessions)
    if (key == reply.connection)
      self->send(session, continue_atom::value, batch_bytes_max);
}

/// Writes down what these readers are told.
inline void write_down(std::vector<wire_entry>& log, const event_batch_ptr& batch,
                       const audience_ptr& readers) {
  if (batch && readers)
    for (const auto key : *readers)
      log.push_back({key, describe(*batch)});
}

/// Tells the gateway of the author, if it waits for that, that the readers have been told.
inline void report_queued(gateway_actor::pointer self, const audience_ptr& readers,
                          const receipt& reply) {
  if (reply.gateway)
    self->send(reply.gateway, queued_atom::value, reply.connection, readers ? readers->size() : 0);
}

/// A gateway that writes down what it is asked to do and carries out receipts like the real one.
inline gateway_actor::behavior_type fake_gateway(gateway_actor::pointer self,
                                                 const gateway_sessions* sessions, wire_log log) {
  gateway_handlers does;
  does.refuse = [=](connection_key key, refusal) { log->push_back({key, "refused"}); };
  does.credit = [=](std::size_t bytes) { log->push_back({0, "+" + std::to_string(bytes)}); };
  does.shed = [=](std::size_t bytes) { log->push_back({0, "-" + std::to_string(bytes)}); };
  does.reply = [=](const receipt& reply) { apply_receipt(self, *sessions, *log, reply); };
  does.publish = [=](const event_batch_ptr& batch, const audience_ptr& readers,
                     const receipt& reply, std::size_t) {
    write_down(*log, batch, readers);
    if (reply.gateway)
      apply_receipt(self, *sessions, *log, reply);
  };
  does.publish_for_another = [=](const event_batch_ptr& batch, const audience_ptr& readers,
                                 const receipt& reply) {
    write_down(*log, batch, readers);
    report_queued(self, readers, reply);
  };
  return gateway_with(std::move(does));
}

/// Actors on the scheduler instead of the network loop, where the test decides who is next.
inline room_actor spawn_scheduled_room(caf::actor_system& system, room_setup setup) {
  return system.spawn(room<room_actor::stateful_pointer<std::optional<room_state>>>,
                      std::move(setup));
}

/// Time stands still in most tests.
inline std::int64_t standing_time_ms() {
  return 1'700'000'000'000;
}

/// The registry and the directory, which know each other.
struct scheduled_names {
  registry_actor registry;
  directory_actor directory;
};

/// `more`: who keeps what happens, and which node it is.
inline scheduled_names spawn_scheduled_names(caf::actor_system& system, room_limits limits,
                                             registry_context more = {}) {
  scheduled_names result;
  more.spawn_room = &spawn_scheduled_room;
  more.limits = std::move(limits);
  if (more.now_ms == nullptr)
    more.now_ms = &standing_time_ms;
  result.registry = system.spawn(
      registry<registry_actor::stateful_pointer<std::optional<registry_state>>>, std::move(more));
  result.directory =
      system.spawn(directory<directory_actor::stateful_pointer<std::optional<directory_state>>>,
                   directory_limits{}, result.registry, &standing_time_ms);
  caf::anon_send(result.registry, arrive_atom::value, result.directory);
  return result;
}

inline void close_names(const scheduled_names& names) {
  caf::anon_send(names.registry, close_atom::value);
  caf::anon_send(names.directory, close_atom::value);
}

/// Knows one server operator: `root`, by the password `pw`.
inline authenticator_actor spawn_scheduled_authenticator(caf::actor_system& system) {
  return system.spawn(
      authenticator<authenticator_actor::stateful_pointer<std::optional<authenticator_state>>>,
      authenticator_settings{
          {{"root", "pw"}},
          [](const std::string& hash, const std::string& password) { return hash == password; }});
}

inline session_actor spawn_scheduled_session(caf::actor_system& system, session_start start) {
  return system.spawn(session<session_actor::stateful_pointer<std::optional<session_state>>>,
                      std::move(start));
}

}  // namespace confab::test
