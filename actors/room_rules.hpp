#pragma once

#include "actors/model/answers.hpp"
#include "actors/model/commands.hpp"
#include "actors/model/identity.hpp"
#include "actors/model/mode_change.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Who may do what in a room. No actor, no clock.
namespace confab {

/// How much a room remembers.
struct room_rule_limits {
  std::size_t list_entries_max = 100;         ///< Of +b, +e and +I together.
  std::size_t pending_invitations_max = 100;  ///< Beyond it the oldest is forgotten.
};

/// The part that somebody plays in a room.
struct room_part {
  bool inside = false;
  bool room_operator = false;
  bool has_voice = false;
};

/// The topic, the modes, the lists and the invitations of one room. Letters are those of
/// CHANMODES=beI,k,l,Cimnst (docs/dialects/irc.md):
/// C no CTCP but ACTION, i who was invited only, m moderated, n no texts from outside, s secret, t
/// only operators set the topic, k key, l limit.
class room_rules {
 public:
  /// +n, and +t if only operators may set the topic.
  explicit room_rules(bool protects_topic, room_rule_limits limits = {});

  /// Forgets all that was set, as if the room were new. Nobody is in it.
  void reset();

  /// Whether somebody may come in, when so many are in or on the way; nothing: yes. A server
  /// operator and who was invited (+i, +l and +b do not hold for it, +k does) may as irc.md says.
  std::optional<refusal> may_enter(const author& who, std::string_view key,
                                   std::size_t members) const;

  /// Whether somebody may speak, whatever it says; nothing: yes.
  std::optional<refusal> may_speak(const author& who, const room_part& part) const;

  /// Whether somebody who may speak may say these words; nothing: yes. Compares no masks.
  std::optional<refusal> may_say(const author& who, std::string_view text) const;

  /// The version of the rules: changes whenever an answer of `may_speak` may have changed. The
  /// answer holds for a member until this or the member's part or identity changes. Lets the room
  /// remember what it was told, so that a text costs no comparison with masks.
  std::uint32_t version() const { return version_; }

  bool has(char letter) const;
  bool is_secret() const { return has('s'); }

  /// Makes one change that is no change of a member's part (not o, not v). True if anything is
  /// different now; then `change` is what members are told: a mask that is removed in the letters
  /// in which it was set, a limit without zeros in front, no key with `-k`. A list without a place:
  /// `list_full`. Parameters are checked by the dialect; what is no mode is no change.
  struct made {
    bool changed = false;
    std::optional<refusal> refused = std::nullopt;
  };
  made apply(mode_change& change, std::string_view set_by, std::int64_t now_ms);

  /// The modes that are set, as MODE tells them: letters in the order of CHANMODES, with key and
  /// limit.
  std::vector<mode_change> modes() const;

  /// The list of this letter, which is b, e or I.
  const std::vector<list_entry>& list(char letter) const;

  /// Sets the topic; an empty one takes it away, and that counts as set, too. False if it was the
  /// same: then who set it and when stay as they are.
  bool set_topic(std::string topic, std::string set_by, std::int64_t now_ms);
  const std::string& topic() const { return topic_; }
  const std::string& topic_by() const { return topic_by_; }
  std::int64_t topic_ms() const { return topic_ms_; }

  /// Lets somebody in once. Who is invited again has the newest invitation.
  void invite(const client_id& whom);
  bool is_invited(const client_id& whom) const;
  /// The invitation was used.
  void use_invitation(const client_id& whom);

 private:
  std::vector<list_entry>& list_of(char letter);
  std::size_t list_entries() const;  ///< Of all lists together.
  bool is_banned(const author& who) const;

  made add_to_list(const mode_change& change, std::string_view set_by, std::int64_t now_ms);
  bool remove_from_list(mode_change& change);
  bool apply_key(mode_change& change);
  bool apply_limit(mode_change& change);
  bool apply_flag(mode_change& change);

  bool protects_topic_;  ///< To begin with.
  room_rule_limits limits_;
  std::uint32_t version_ = 0;
  std::string flags_;  ///< Letters that are set, in order.
  std::string key_;
  std::size_t members_max_ = 0;                   ///< 0: no limit.
  std::array<std::vector<list_entry>, 3> lists_;  ///< b, e, I.
  std::string topic_;
  std::string topic_by_;
  std::int64_t topic_ms_ = 0;
  std::deque<client_id> invitations_;  ///< Oldest first.
};

}  // namespace confab
