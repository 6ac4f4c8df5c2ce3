#pragma once

#include "actors/model/events.hpp"
#include "actors/model/history.hpp"
#include "actors/model/reader_class.hpp"
#include "actors/model/standing.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

/// What a client can ask for.
namespace confab {

/// What a join requires of the room that it names.
enum class join_mode {
  open_or_make,    ///< Make the room if it does not exist.
  must_exist,      ///< Refuse with `no_such_room` otherwise.
  must_not_exist,  ///< Refuse with `room_exists` otherwise; the new room is kept when it is empty.
};

/// The client names itself. Valid once for each connection.
struct log_in {
  std::string user;  ///< Checked by the dialect for its alphabet; not empty.
  role wanted;
  std::string shown_user = {};  ///< The `u` of `n!u@h`; empty: as the dialect has it.
  std::string real_name = {};   ///< Empty: as the dialect has it.
  friend bool operator==(const log_in&, const log_in&) = default;
};

/// The client changes its nick. Refused if it is taken.
struct rename {
  std::string nick;
  friend bool operator==(const rename&, const rename&) = default;
};

/// The client enters a room. A refused join changes nothing.
struct join_room {
  std::string room;
  join_mode mode = join_mode::open_or_make;
  std::string key = {};
  bool stays_in_others = false;  ///< Otherwise it leaves the room that it is in.
  friend bool operator==(const join_room&, const join_room&) = default;
};

/// The client leaves a room.
struct leave_room {
  std::string room = {};  ///< Empty: the one that it entered last.
  std::string reason = {};
  friend bool operator==(const leave_room&, const leave_room&) = default;
};

/// The client says something to a room.
struct say {
  std::string text;
  std::string room = {};  ///< Empty: the one that it entered last.
  text_kind kind = text_kind::message;
  client_tags tags = nullptr;
  char to_prefix = 0;  ///< As in `event_batch`.
  friend bool operator==(const say&, const say&) = default;
};

/// The client says something to another one.
struct tell {
  std::string nick;
  std::string text;
  text_kind kind = text_kind::message;
  client_tags tags = nullptr;
  friend bool operator==(const tell&, const tell&) = default;
};

/// The client asks for the rooms of the server.
struct list_rooms {
  friend bool operator==(const list_rooms&, const list_rooms&) = default;
};

/// The client sets the topic of a room.
struct set_topic {
  std::string room;
  std::string topic;  ///< Empty: none any more.
  friend bool operator==(const set_topic&, const set_topic&) = default;
};

/// The client changes the rules of a room, or the parts that its members play.
struct change_modes {
  std::string room;
  std::vector<mode_change> changes;
  friend bool operator==(const change_modes&, const change_modes&) = default;
};

/// The client puts another one out of a room.
struct kick {
  std::string room;
  std::string nick;
  std::string reason;  ///< Empty: the nick of who does it.
  friend bool operator==(const kick&, const kick&) = default;
};

/// The client invites another one into a room.
struct invite {
  std::string nick;
  std::string room;
  friend bool operator==(const invite&, const invite&) = default;
};

/// What somebody wants to know of a room.
enum class room_question : std::uint8_t {
  names,  ///< Who is in it.
  who,    ///< The same, with all that there is to know.
  topic,
  modes,
  bans,     ///< The list +b,
  excepts,  ///< +e,
  invexes,  ///< and +I.
};

/// The client asks about a room.
struct ask_room {
  std::string room;
  room_question what = room_question::names;
  friend bool operator==(const ask_room&, const ask_room&) = default;
};

/// What somebody wants to know of the clients of the server.
enum class client_question : std::uint8_t {
  whois,
  whowas,
  ison,         ///< Which of these nicks are there.
  userhost,     ///< The same, with the user and host of each.
  who,          ///< Whoever matches a mask.
  census,       ///< How many there are.
  nodes,        ///< Which nodes are linked to this one.
  invitations,  ///< Which rooms the client itself was invited to.
};

/// The client asks about others.
struct ask_directory {
  client_question what = client_question::whois;
  std::vector<std::string> names = {};  ///< Nicks, or a mask.
  std::size_t count_max = 0;            ///< Of the answers; 0: no limit.
  friend bool operator==(const ask_directory&, const ask_directory&) = default;
};

/// The client wants to hear when nicks come and go.
struct watch {
  enum class action : std::uint8_t { add, remove, clear, list, status };
  action what = action::add;
  std::vector<std::string> nicks = {};
  friend bool operator==(const watch&, const watch&) = default;
};

/// The client is away, or back if there is no text.
struct set_away {
  std::string text;
  friend bool operator==(const set_away&, const set_away&) = default;
};

struct set_real_name {
  std::string real_name;
  friend bool operator==(const set_real_name&, const set_real_name&) = default;
};

/// The client changes what others see of it: the letters B, i, o and w of its identity.
struct set_user_modes {
  std::vector<mode_change> changes;
  friend bool operator==(const set_user_modes&, const set_user_modes&) = default;
};

/// The client gives the password of a server operator.
struct become_operator {
  std::string name;
  std::string password;
  friend bool operator==(const become_operator&, const become_operator&) = default;
};

/// The client, a server operator, ends the connection of another one.
struct kill {
  std::string nick;
  std::string reason;
  friend bool operator==(const kill&, const kill&) = default;
};

/// The client, a server operator, says something to all who listen to that.
struct say_to_all {
  std::string text;
  friend bool operator==(const say_to_all&, const say_to_all&) = default;
};

/// The client wants to read what was said in a room that it is in.
struct recall {
  std::string room;
  history_wish what;
  friend bool operator==(const recall&, const recall&) = default;
};

/// The client asks in which of its rooms something was said lately.
struct ask_targets {
  std::int64_t from_ms = 0;  ///< The two times themselves are left out.
  std::int64_t to_ms = 0;
  std::size_t count_max = 0;
  friend bool operator==(const ask_targets&, const ask_targets&) = default;
};

/// The client takes back a text.
struct redact {
  std::string room;
  message_id which;
  std::string reason;
  friend bool operator==(const redact&, const redact&) = default;
};

/// From now on the client reads another form of its protocol.
struct read_as {
  reader_class reader = 0;
  friend bool operator==(const read_as&, const read_as&) = default;
};

/// The dialect answers by itself: these bytes take their place among the replies.
struct respond {
  std::string bytes;
  friend bool operator==(const respond&, const respond&) = default;
};

/// The client is done: answer, then close.
struct quit {
  std::string reason = {};
  friend bool operator==(const quit&, const quit&) = default;
};

/// Input that is no valid command here and now. Nothing is carried out; the client is told why.
struct reject {
  std::string why;  ///< In the dialect's own words; `encode_reply` puts it on the wire.
  friend bool operator==(const reject&, const reject&) = default;
};

/// Input that this protocol answers by ending the connection.
struct hang_up {
  std::string why;         ///< For the log only.
  std::string bytes = {};  ///< The last thing that the client gets.
  friend bool operator==(const hang_up&, const hang_up&) = default;
};

/// One request of a client.
using command =
    std::variant<log_in, rename, join_room, leave_room, say, tell, list_rooms, set_topic,
                 change_modes, kick, invite, ask_room, ask_directory, watch, set_away,
                 set_real_name, set_user_modes, become_operator, kill, say_to_all, recall,
                 ask_targets, redact, read_as, respond, quit, reject, hang_up>;

}  // namespace confab
