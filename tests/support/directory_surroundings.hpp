#pragma once

#include "actors/interfaces.hpp"
#include "tests/support/gateway_handlers.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <caf/all.hpp>

/// Stand-ins for all that a directory talks to.
namespace confab::test {

/// What everybody around a directory was told, in order.
struct directory_log {
  std::vector<std::pair<connection_key, std::string>> wire;
  std::map<connection_key, std::vector<std::string>> sessions;
  std::vector<stamp> stamps;
  std::optional<client_view> last_view;
  std::size_t awaited = 0;  ///< How many gateways the last receipt waits for.
};

using directory_log_ptr = std::shared_ptr<directory_log>;

inline std::string word_for(refusal why) {
  static const std::map<refusal, std::string> names{
      {refusal::nick_in_use, "nick_in_use"},
      {refusal::no_such_nick, "no_such_nick"},
      {refusal::was_no_such_nick, "was_no_such_nick"},
      {refusal::takes_no_messages, "takes_no_messages"},
      {refusal::not_server_operator, "not_server_operator"},
      {refusal::watch_list_full, "watch_list_full"},
  };
  return names.at(why);
}

/// A word for each kind of answer, and the nicks or rooms in it.
class answer_describer {
 public:
  explicit answer_describer(directory_log& log) : log_(log) {}

  std::string operator()(const outcome& part) const {
    const auto& problem = std::get<refused>(part);
    return word_for(problem.why) + " " + problem.subject + ";";
  }
  std::string operator()(const whois_answer& part) const {
    log_.last_view = part.client;
    auto result = "whois " + part.client.who->nick;
    for (const auto& room : part.client.rooms)
      result += " " + room;
    return result + ";";
  }
  std::string operator()(const whowas_answer& part) const {
    std::string result = "whowas";
    for (const auto& each : part.clients)
      result += " " + each.user;
    return result + ";";
  }
  std::string operator()(const who_answer& part) const {
    std::string result = "who";
    for (const auto& row : part.rows) {
      result += " " + row.part.who->nick;
      if (!row.room.empty())
        result += std::string{"("} + (row.part.room_operator ? "@" : "") + row.room + ")";
    }
    return result + (part.rows.empty() ? " ;" : ";");
  }
  std::string operator()(const census_answer& part) const {
    return "census " + std::to_string(part.counts.users) + " users " +
           std::to_string(part.counts.unregistered) + " unregistered " +
           std::to_string(part.counts.rooms) + " rooms;";
  }
  std::string operator()(const present_answer& part) const { return list("present", part.clients); }
  std::string operator()(const online_answer& part) const { return list("online", part.clients); }
  std::string operator()(const offline_answer& part) const { return list("offline", part.nicks); }
  std::string operator()(const watched_answer& part) const { return list("watched", part.nicks); }
  std::string operator()(const invitations_answer& part) const {
    return list("invited to", part.rooms);
  }
  std::string operator()(const away_answer& part) const {
    return "away " + part.who->nick + " " + part.who->away + ";";
  }
  template <class Other>
  std::string operator()(const Other&) const {
    return "?;";
  }

 private:
  static const std::string& name_of(const std::string& name) { return name; }
  static const std::string& name_of(const identity_ptr& who) { return who->nick; }

  template <class Names>
  static std::string list(std::string word, const Names& names) {
    for (const auto& each : names)
      word += " " + name_of(each);
    return word + (names.empty() ? " ;" : ";");
  }

  directory_log& log_;
};

inline std::string describe_events(const event_batch& batch) {
  std::string result = batch.to == audience_kind::watchers ? "watched: " : "";
  const auto& who = *batch.who.who;
  for (const auto& happening : batch.events)
    if (const auto* text = std::get_if<said>(&happening))
      result += who.nick + ">" + batch.to_nick + ": " + text->text + ";";
    else if (const auto* change = std::get_if<renamed>(&happening))
      result += change->before->nick + " is " + who.nick + ";";
    else if (const auto* words = std::get_if<wall>(&happening))
      result += who.nick + " to all: " + words->text + ";";
    else if (std::holds_alternative<away_set>(happening))
      result += who.nick + " away " + who.away + ";";
    else if (std::holds_alternative<real_name_set>(happening))
      result += who.nick + " is called " + who.real_name + ";";
    else
      result += "?;";
  return result;
}

/// Writes down what it is asked to put on the wire.
inline gateway_actor::behavior_type directory_gateway(gateway_actor::pointer,
                                                      directory_log_ptr log) {
  const auto apply = [=](const receipt& reply) {
    std::string what;
    if (reply.asked && reply.bytes.empty())
      what += "to " + reply.asked->nick + reply.asked->label + reply.asked->batch + ": ";
    if (reply.answer)
      for (const auto& part : *reply.answer)
        what += std::visit(answer_describer{*log}, part);
    if (what + reply.bytes != "")
      log->wire.emplace_back(reply.connection, what + reply.bytes);
  };
  const auto publish = [=](const event_batch_ptr& batch, const audience_ptr& readers) {
    if (!readers)
      return;
    log->stamps.push_back(batch->at);
    for (const auto key : *readers)
      log->wire.emplace_back(key, describe_events(*batch));
  };
  gateway_handlers does;
  does.reply = apply;
  does.publish = [=](const event_batch_ptr& batch, const audience_ptr& readers,
                     const receipt& reply, std::size_t elsewhere) {
    publish(batch, readers);
    if (!reply.gateway)
      return;
    log->awaited = elsewhere;
    apply(reply);
  };
  does.publish_for_another = [=](const event_batch_ptr& batch, const audience_ptr& readers,
                                 const receipt&) { publish(batch, readers); };
  return gateway_with(std::move(does));
}

/// Writes down what it is told.
inline session_actor::behavior_type directory_session(session_actor::pointer, connection_key key,
                                                      directory_log_ptr log) {
  const auto note = [=](std::string what) { log->sessions[key].push_back(std::move(what)); };
  return {
      [](input_atom, const std::vector<char>&, batch_bytes) {},
      [](ended_atom) {},
      [](gone_atom, const std::string&) {},
      [](continue_atom, batch_bytes) {},
      [=](named_atom, const identity_ptr& who, const census& counts) {
        note("named " + who->nick + ", " + std::to_string(counts.users) + " users");
      },
      [](joined_atom, const joined_room&) {},
      [](kicked_atom, const caf::actor_addr&) {},
      [=](refuse_atom, refusal why) { note("refused " + word_for(why)); },
      [](refuse_atom, refusal, const receipt&) {},
      [](list_atom, const room_page&) {},
      [](checked_atom, password_check) {},
      [=](killed_atom, const std::string& words) { note("killed " + words); },
      [=](rename_atom, const std::string& nick) { note("gives way as " + nick); },
  };
}

/// Writes down which invitations it should bring to a room.
inline registry_actor::behavior_type directory_registry(registry_actor::pointer self,
                                                        directory_log_ptr log) {
  return {
      [](arrive_atom, const directory_actor&) {},
      [](join_atom, const join_request&) {},
      [](list_atom, const session_actor&, const std::string&) {},
      [](say_atom, const session_actor&, const event_batch&, const receipt&) {},
      [=](request_atom, const room_request& wish) {
        log->wire.emplace_back(wish.who.from.connection,
                               "passed on: " + wish.invitee.who->nick + " at " +
                                   std::to_string(wish.invitee.from.connection) + " into " +
                                   wish.room + (wish.invitee_gateway ? ";" : "?"));
      },
      [](vacant_atom, const std::string&, caf::actor_id, std::size_t) {},
      [](summary_atom, caf::actor_id, const room_summary&) {},
      [](report_atom) { return registry_report{}; },
      [](list_atom, std::size_t) { return room_page{}; },
      [](sync_atom, const known_peer&, sync_round) {},
      [](merge_atom, const room_record_ptr&, const author&) {},
      [](redact_atom, const std::vector<removed_text>&) {},
      [self](close_atom) { self->quit(); },
  };
}

}  // namespace confab::test
