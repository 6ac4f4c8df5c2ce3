#pragma once

#include "actors/awaited_news.hpp"
#include "actors/event_clock.hpp"
#include "actors/interfaces.hpp"
#include "actors/latest_changes.hpp"
#include "actors/publishing.hpp"
#include "actors/recent_texts.hpp"
#include "actors/room_rules.hpp"
#include "actors/room_setup.hpp"
#include "actors/roster.hpp"
#include "actors/self.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <caf/actor_addr.hpp>
#include <caf/fwd.hpp>

/// The actor of one room.
namespace confab {

/// So long after a room was made, or what was set on two nodes was brought together, it tells the
/// other nodes once more what holds in it: by then, what crossed that on its way has come.
inline constexpr std::chrono::seconds settling_pause{2};
/// So often at most, until it has agreed with one of them or a link is made: nodes with different
/// limits for lists of masks never would.
inline constexpr int settlings_max = 5;

/// Who is in a room, what holds there, and how to reach everyone.
class room_state {
 public:
  room_state(self_pointer<room_actor> self, room_setup setup);

  /// Somebody wants to come in. A session that is a member already moves its membership to the new
  /// entry.
  void join(entry newcomer);

  /// Takes a member out and passes it on to a room that keeps a place for it.
  void move(entry traveller, const joined_room& to);

  /// Somebody whose place was kept has come.
  void enter(entry traveller);

  /// Takes a member out; `reply` takes effect whether it was one or not.
  void leave(const session_actor& session, std::string reason, receipt reply);

  /// Forgets a client that was put out. If it has come back meanwhile, it stays.
  void forget_put_out(const session_actor& session);

  /// Hands a batch to everyone, or refuses it.
  void say(const session_actor& session, event_batch& batch, receipt reply);

  /// Answers a question or changes the room.
  void request(room_request wish);

  /// Tells the members what concerns all rooms of one of them, and passes it on.
  void fan(fan_out news);

  /// What was said last, before the room was made. Those who came meanwhile may come in.
  void recall(const history_page& before);

  /// A text was taken back: the members are told of it by this batch, but for its author.
  void forget_text(const message_id& which, const event_batch_ptr& told);

  /// Tells a peer what the room looks like, and from now on what clients of this node do.
  void tell_all_to(const known_peer& peer, sync_round round);

  /// What holds in the room of this name on another node, if anybody is in this one.
  void bring_together(const room_record& there, const author& told_by);

  /// Tells all peers what holds here: see `schedule_settling`.
  void settle();

  /// A message that came by way of the registry was dealt with.
  void arrived();

  /// A client that was put out has failed before it knew. (For members that fail, the directory
  /// speaks.)
  void forget(const caf::actor_addr& session);

 private:
  /// Somebody who comes in when the news of members that were announced before have come.
  struct arrival {
    std::uint64_t news;  ///< The latest that it waits for.
    entry newcomer;
    bool place_is_kept;
  };

  /// What a change of a mode is about, as `latest_changes` has it, and when it was decided.
  struct decision {
    std::string about;
    std::int64_t ms;
    std::string value;
  };

  void let_in_or_hold(arrival who);
  void let_in(arrival who);
  void let_in_held();
  void admit(entry newcomer);
  void remove(caf::actor_id session, left happening, receipt reply);
  void put_out(member& whom);
  void tell_if_vacant();
  void forget_rules_if_deserted();

  std::optional<refusal> verdict_on(const author& who, member* speaker) const;

  void carry_out(const leave_room& wish, room_request& request);
  void carry_out(set_topic& wish, room_request& request);
  void carry_out(change_modes& wish, room_request& request);
  void carry_out(kick& wish, room_request& request);
  void carry_out(const invite& wish, room_request& request);
  void carry_out(const ask_room& wish, room_request& request);
  void carry_out(confab::recall& wish, room_request& request);
  void carry_out(redact& wish, room_request& request);
  bool is_inside(room_request& request, const member* who);
  bool may_rule(room_request& request, const member* who);
  bool is_made_here() const;
  bool is_of_this_node(const message_id& which) const;
  bool is_of_this_life(const message_id& which) const;
  void refuse(room_request& request, refusal why, std::string detail = {});
  void change_rule(mode_change& change, const room_request& request, std::vector<mode_change>& made,
                   answer& problems);
  void change_part(const mode_change& change, const room_request& request,
                   std::vector<mode_change>& made, answer& problems);

  room_record_ptr describe(bool with_members);
  bool differs_from(const room_record& there) const;
  void schedule_settling();
  void merge(const room_record& there, const author& told_by);
  std::int64_t age_of(const room_record& there) const;
  void merge_modes(const room_record& there, std::vector<mode_change>& made);
  void merge_masks(const room_record& there, std::vector<mode_change>& made);
  void merge_parts(const room_record& there, const author& told_by, std::vector<mode_change>& made);
  stamp next_stamp(std::size_t events, const stamp* from_elsewhere);
  std::int64_t time_of(const receipt& reply);
  decision decision_on(const mode_change& change, const receipt& reply);
  static bool is_overtaken_kick(const member& whom, const room_request& request);
  message_id id_of_join(const entry& newcomer);
  void announce_part(const member& newcomer);
  member* member_meant(const room_request& request, const std::string& nick);
  bool is_news_of_a_node(const event_batch& batch) const;
  event_batch batch_of(const author& who, event happening, const stamp* from_elsewhere = nullptr);
  publication publication_of(const author& who, receipt reply);
  void announce(const author& who, event happening, receipt reply);
  void announce(publication& news, const author& who, event happening,
                const stamp* from_elsewhere = nullptr);
  void tell_all(publication& news, const event_batch_ptr& batch, bool only_announcing);
  void keep(publication& news, const event_batch_ptr& batch);
  void tell_some(publication& news, const event_batch_ptr& batch, char prefix,
                 bool only_announcing);
  void tell_peers(publication& news, const event_batch_ptr& batch);
  void tell_peers_it_is_out(const author& whom, std::string why);
  void tell_untold(fan_out& news);
  void look_back_once();
  void tell_presence(const member& who, bool inside);
  room_view_ptr view();
  void note_change();

  self_pointer<room_actor> self_;
  room_setup setup_;
  std::shared_ptr<const std::string> name_;  ///< Shared with the sessions of the members.
  room_rules rules_;
  latest_changes changes_;
  event_clock clock_;
  roster roster_;
  awaited_news news_;
  recent_texts recent_;
  bool has_looked_back_ = false;  ///< Has asked for what was said before,
  bool recalling_ = false;        ///< and waits for it. Nobody comes in meanwhile.
  std::vector<message_id> forgotten_meanwhile_;
  std::vector<arrival> held_;  ///< Oldest first.
  /// Lives as long as an answer with it is on its way; reset when something has changed.
  std::weak_ptr<const room_view> view_;
  bool settling_ = false;  ///< `settle` is due,
  int settlings_ = 0;      ///< and was so often.
  std::int64_t begun_ms_;  ///< When the actor was.
  std::int64_t made_ms_;
  std::uint64_t life_begins_ = 0;  ///< The number of the first event since somebody found it empty.
  bool visited_ = false;           ///< Somebody has been in it since it was like a new one.
  std::size_t reserved_ = 0;       ///< Places for those who come from other rooms.
  std::size_t arrivals_ = 0;       ///< Messages by way of the registry that have arrived.
};

/// The behavior of a room. `Pointer` is the actor's own pointer type, with a `state` of type
/// `std::optional<room_state>`.
template <class Pointer>
room_actor::behavior_type room(Pointer self, room_setup setup) {
  auto& state = self->state.emplace(self, std::move(setup));
  // Only those that were put out are monitored. A session that ends in order has sent a `fan_out`
  // to its rooms, which may come later.
  self->set_down_handler([&state](const caf::down_msg& down) {
    if (down.reason)
      state.forget(down.source);
  });
  return {
      [&state](join_atom, entry& newcomer) { state.join(std::move(newcomer)); },
      [&state](move_atom, entry& traveller, const joined_room& to) {
        state.move(std::move(traveller), to);
      },
      [&state](enter_atom, entry& traveller) { state.enter(std::move(traveller)); },
      [&state](leave_atom, const session_actor& session, std::string& reason, receipt& reply) {
        state.leave(session, std::move(reason), std::move(reply));
      },
      [&state](kicked_atom, const session_actor& session) { state.forget_put_out(session); },
      [&state](say_atom, const session_actor& session, event_batch& batch, receipt& reply) {
        state.say(session, batch, std::move(reply));
      },
      [&state](request_atom, room_request& wish) { state.request(std::move(wish)); },
      [&state](fan_atom, fan_out& news) { state.fan(std::move(news)); },
      [&state](recent_atom, const history_page& before) { state.recall(before); },
      [&state](redact_atom, const message_id& which, const event_batch_ptr& told) {
        state.forget_text(which, told);
      },
      [&state](sync_atom, const known_peer& peer, sync_round round) {
        state.tell_all_to(peer, round);
      },
      [&state](merge_atom, const room_record_ptr& there, const author& told_by) {
        state.bring_together(*there, told_by);
      },
      [&state](settle_atom) { state.settle(); },
      [&state](arrive_atom) { state.arrived(); },
      [self](close_atom) { self->quit(); },
  };
}

}  // namespace confab
