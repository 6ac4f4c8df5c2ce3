#pragma once

#include "actors/model/history.hpp"
#include "actors/model/identity.hpp"
#include "actors/model/mode_change.hpp"
#include "actors/model/outcomes.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

/// What rooms and the directory answer. The gateway of who asked encodes it, so the answer has its
/// place between the events that came before and those that come after it. Times are in
/// milliseconds since 1970.
namespace confab {

/// Who is in a room, and the part that it plays there.
struct member_view {
  identity_ptr who;
  bool room_operator = false;
  bool has_voice = false;
};

/// A room as one of its members sees it. Never changed once it was sent.
struct room_view {
  std::string name;
  std::string topic;     ///< Empty: none.
  std::string topic_by;  ///< Who set it.
  std::int64_t topic_ms = 0;
  std::int64_t made_ms = 0;
  bool secret = false;
  std::vector<mode_change> modes;  ///< That are set, with the key and the limit; no lists.
  std::vector<member_view> members;
};

using room_view_ptr = std::shared_ptr<const room_view>;

/// The answer to a join, and to questions about a room but for its lists.
struct room_answer {
  room_view_ptr room;
  bool inside = false;  ///< Who asked is a member, or a server operator.
};

/// An entry of one of a room's lists.
struct list_entry {
  std::string mask;
  std::string set_by;
  std::int64_t set_ms = 0;
};

/// One of a room's lists.
struct list_answer {
  std::string room;
  char letter = 'b';  ///< b, e or I.
  std::vector<list_entry> entries;
};

/// What there is to know of a client.
struct client_view {
  identity_ptr who;
  std::int64_t login_ms = 0;
  std::int64_t active_ms = 0;      ///< When it last did something that others saw, nearly.
  std::vector<std::string> rooms;  ///< That who asks may see, with the client's prefixes in front.
};

struct whois_answer {
  client_view client;
};

/// Who had a nick, newest first.
struct whowas_answer {
  std::vector<identity> clients;
};

/// Which of the nicks that were asked about are there, in the order of the question.
struct present_answer {
  std::vector<identity_ptr> clients;
};

/// Whoever matches a mask.
struct who_answer {
  struct row {
    identity_ptr who;
    std::string room;       ///< One that it shares with who asked; empty: none.
    member_view part = {};  ///< The part that it plays there.
  };
  std::vector<row> rows;
};

struct census_answer {
  census counts;
};

/// The nodes that are linked to this one.
struct nodes_answer {
  std::vector<std::string> names;
};

/// The rooms that the client was invited to.
struct invitations_answer {
  std::vector<std::string> rooms;
};

/// Somebody was invited.
struct invited_answer {
  std::string nick;
  std::string room;
};

/// Nicks that the client watches: who has come, or is there.
struct online_answer {
  std::vector<identity_ptr> clients;
};

/// Nicks that the client watches: who has gone, or is not there.
struct offline_answer {
  std::vector<std::string> nicks;
};

/// All nicks that the client watches.
struct watched_answer {
  std::vector<std::string> nicks;
};

/// Who was told something is away.
struct away_answer {
  identity_ptr who;
};

/// Part of what was kept of a room.
struct history_answer {
  std::string room;
  history_page page;
};

/// Rooms in which something was said, the one with the earliest last text first.
struct targets_answer {
  std::vector<history_target> targets;
};

/// What the client did itself, as the members of the room hear of it.
struct deed_answer {
  std::shared_ptr<const event_batch> told;
};

/// One thing to tell.
using answer_part =
    std::variant<outcome, room_answer, list_answer, whois_answer, whowas_answer, present_answer,
                 who_answer, census_answer, nodes_answer, invitations_answer, invited_answer,
                 online_answer, offline_answer, watched_answer, away_answer, history_answer,
                 targets_answer, deed_answer>;

/// All that there is to tell, in order.
using answer = std::vector<answer_part>;
using answer_ptr = std::shared_ptr<const answer>;

/// An answer of one part.
template <class Part>
answer_ptr answer_of(Part part) {
  auto result = std::make_shared<answer>();
  result->emplace_back(std::move(part));
  return result;
}

/// The answer to a request that was not carried out.
inline answer_ptr refusal_of(refusal why, std::string subject, std::string detail = {}) {
  return answer_of(outcome{refused{why, std::move(subject), std::move(detail)}});
}

}  // namespace confab
