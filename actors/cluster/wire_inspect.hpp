#pragma once

#include "actors/cluster/wire.hpp"
#include "actors/cluster/wire_fields.hpp"

#include <string>

/// How all that crosses between nodes is written and read: one `inspect` for each type. What a type
/// has is written in the order of its declaration. docs/cluster.md says what has to be kept when
/// one of them changes.
namespace confab {

namespace wire {

template <>
struct last_value<text_kind> {
  static constexpr auto value = text_kind::tags_only;
};

template <>
struct last_value<enum client_changed::news> {
  static constexpr auto value = client_changed::news::real_name;
};

inline const char* problem_of(const author& x) {
  return x.who == nullptr ? "an author who is nobody" : nullptr;
}

}  // namespace wire

// -- the model ------------------------------------------------------------------------------------

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, client_id& x) {
  return wire::fields(f, "client_id", x.gateway, x.connection);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, identity& x) {
  std::string dialect{x.dialect};
  const auto intern = [&]() -> const char* {
    if constexpr (wire::is_loading<Inspector>)
      x.dialect = f.lasting_dialect(dialect);
    return nullptr;
  };
  return wire::checked_fields(f, "identity", intern, x.name, dialect, x.nick, x.user, x.host,
                              x.real_name, x.account, x.away, x.bot, x.invisible, x.hears_wallops,
                              x.server_operator, x.node);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, author& x) {
  return wire::fields(f, "author", x.who, x.from);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, stamp& x) {
  return wire::fields(f, "stamp", x.first_ms, x.last_ms, x.run, x.room, x.sequence);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, message_id& x) {
  return wire::fields(f, "message_id", x.run, x.room, x.sequence);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, mode_change& x) {
  return wire::fields(f, "mode_change", x.add, x.letter, x.parameter);
}

// -- what happens in rooms ------------------------------------------------------------------------

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, said& x) {
  return wire::fields(f, "said", wire::long_text{x.text}, x.kind, x.tags);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, joined& x) {
  return wire::fields(f, "joined", x.makes_operator, x.keeps_room, x.protects_topic);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, left& x) {
  return wire::fields(f, "left", x.quits, x.reason);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, kicked& x) {
  return wire::checked_fields(
      f, "kicked", [&x] { return wire::problem_of(x.whom); }, x.whom, x.reason);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, renamed& x) {
  const auto problem = [&x] { return x.before ? nullptr : "a new nick of nobody"; };
  return wire::checked_fields(f, "renamed", problem, x.before);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, topic_set& x) {
  return wire::fields(f, "topic_set", x.topic);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, modes_set& x) {
  return wire::fields(f, "modes_set", x.changes);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, invited& x) {
  return wire::fields(f, "invited", x.nick);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, away_set&) {
  return wire::fields(f, "away_set");
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, real_name_set&) {
  return wire::fields(f, "real_name_set");
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, wall& x) {
  return wire::fields(f, "wall", wire::long_text{x.text});
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, redacted& x) {
  return wire::fields(f, "redacted", x.which, x.reason);
}

// -- what nodes tell each other -------------------------------------------------------------------

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, client_came& x) {
  return wire::fields(f, "client_came", x.id, x.who, x.since_ms);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, client_changed& x) {
  return wire::fields(f, "client_changed", x.id, x.who, x.since_ms, x.told);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, client_went& x) {
  return wire::fields(f, "client_went", x.id, x.reason);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, room_news& x) {
  return wire::fields(f, "room_news", x.room, x.by, x.events, x.to_prefix, x.at);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, private_news& x) {
  return wire::fields(f, "private_news", x.by, x.to, x.events, x.to_nick, x.at);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, kill_news& x) {
  return wire::fields(f, "kill_news", x.whom, x.words);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, room_part_record& x) {
  return wire::fields(f, "room_part_record", x.who, x.room_operator, x.has_voice);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, mask_record& x) {
  return wire::fields(f, "mask_record", x.letter, x.mask, x.set_by, x.set_ms);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, room_record& x) {
  return wire::fields(f, "room_record", x.room, x.made_ms, x.members, x.modes, x.masks, x.topic,
                      x.topic_by, x.topic_ms, x.stays_when_vacant);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, in_step&) {
  return wire::fields(f, "in_step");
}

// -- messages between peers -----------------------------------------------------------------------

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, wire_hello& x) {
  return wire::fields(f, "wire_hello", x.node, x.version, x.mine);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, wire_welcome& x) {
  return wire::fields(f, "wire_welcome", x.node, x.version, x.mine, x.yours);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, wire_news& x) {
  return wire::fields(f, "wire_news", x.yours, x.first, x.news);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, wire_taken& x) {
  return wire::fields(f, "wire_taken", x.yours, x.up_to);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, digest_question& x) {
  return wire::fields(f, "digest_question", x.begin, x.end, x.each);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, event_range& x) {
  return wire::fields(f, "event_range", x.room, x.run, x.number, x.first, x.count, x.is_removed,
                      x.first_ms, x.last_ms);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, held_place& x) {
  return wire::fields(f, "held_place", x.room, x.time_ms);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, held_question& x) {
  return wire::fields(f, "held_question", x.slot, x.from);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, missing_question& x) {
  return wire::fields(f, "missing_question", x.ranges, x.skipped);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, history_digest& x) {
  return wire::fields(f, "history_digest", x.slot, x.events, x.digest);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, held_events& x) {
  return wire::fields(f, "held_events", x.ranges, x.next);
}

/// What cannot be is no error here: one such event would keep back all that come with it. See
/// `catching_up`.
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, kept_record& x) {
  return wire::fields(f, "kept_record", x.room, x.who, x.events, x.at);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, removed_text& x) {
  return wire::fields(f, "removed_text", x.room, x.which, x.time_ms);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, kept_part& x) {
  return wire::fields(f, "kept_part", x.events, x.removed, x.ranges_done, x.events_done);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, wire_question& x) {
  return wire::fields(f, "wire_question", x.yours, x.number, x.what);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, no_answer&) {
  return wire::fields(f, "no_answer");
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, wire_answer& x) {
  return wire::fields(f, "wire_answer", x.yours, x.number, x.what);
}

}  // namespace confab
