#pragma once

#include "actors/cluster/catching_up.hpp"
#include "actors/cluster/link_report.hpp"
#include "actors/cluster/observed_peer.hpp"
#include "actors/cluster/peer_interface.hpp"
#include "actors/cluster/peer_link.hpp"
#include "actors/cluster/stand_in.hpp"
#include "actors/cluster/wire_types.hpp"
#include "actors/interfaces.hpp"
#include "actors/room_setup.hpp"
#include "actors/self.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <caf/fwd.hpp>
#include <caf/typed_response_promise.hpp>

/// The actor that stands for another node of the cluster.
namespace confab {

/// Whoever is not welcome says hello again after this.
inline constexpr std::chrono::seconds hello_interval{1};

/// Of all that there is when a link is made or lost, so much is dealt with at once. Then it is the
/// turn of the clients of this node.
inline constexpr std::size_t tasks_at_once_max = 1024;
/// And so long is the pause until more is told.
inline constexpr std::chrono::milliseconds telling_pause{1};

/// Starts the actor of a stand-in. Decides where it runs.
using stand_in_spawner = stand_in_actor (*)(caf::actor_system& system, stand_in_setup setup);

/// What a peer is told when it starts.
struct peer_settings {
  gateway_id id = first_peer_gateway;  ///< Unique among the peers of this node.
  link_settings link;
  registry_actor registry;
  directory_actor directory;
  stand_in_spawner spawn_stand_in = nullptr;
  membership_actor membership = {};     ///< Dials anew when the link breaks; null: nobody does.
  archive_actor archive = {};           ///< Null: nothing is kept on this node.
  std::int64_t history_age_ms_max = 0;  ///< As in `history_retention`.
  wall_clock now_ms = nullptr;          ///< Needed if there is a limit of age.
  /// Told of what this or the other node has kept although it cannot be; may be empty.
  std::function<void(const refused_history& what, const std::string& other_node)> on_refused = {};
  /// Told why a link is given up although its connection may live; may be empty.
  std::function<void(const std::string& why, const std::string& other_node)> on_broken = {};
  std::size_t tasks_max = tasks_at_once_max;  ///< Tests have less.
};

/// Tells the other node what the clients of this one do, and has stand-ins do here what the clients
/// of the other one do.
///
/// When the link is made, each side first tells what there is: its clients, then each of its rooms.
/// What happens meanwhile to somebody, or in a room, that was not told yet is left out, since what
/// is told later has it. What the other side tells is done when all that has been told. A receipt
/// takes effect here when the other node has taken the news, or when the link is lost and the
/// members that were behind it have left all rooms.
///
/// A link may bring or take away any number of clients. However many there are, no handler does
/// more than `tasks_max` of anything: what is told goes on after a pause, what is heard, and who
/// has to leave, as soon as something before it was done.
class peer_state {
 public:
  peer_state(self_pointer<peer_actor> self, peer_settings settings);

  // Membership.
  void connect(wire_actor cable);
  void disconnect();

  /// The counterpart has sent something.
  void receive(wire_message message);

  /// Time has passed.
  void tick();

  // Rooms and the directory.

  /// Something that a client of this node has done, for the other node.
  void tell(const event_batch& batch, const audience& readers, const receipt& reply);

  /// A client of this node is new, or has changed without anybody being told.
  void tell_client(const node_client& client);

  // The answers to `sync`.
  void list_clients(std::vector<node_client> clients, sync_round round);
  void list_rooms(const std::vector<std::string>& rooms, sync_round round);
  void describe_room(const room_record& room, sync_round round);

  /// What a stand-in did has taken effect, after so many gateways will have queued it.
  void finish(const receipt& reply, std::size_t gateways);

  /// A gateway has queued what the stand-in with this ticket did.
  void note_queued(std::uint64_t ticket);

  /// A server operator ends the connection of the client that this stand-in stands for.
  void kill(connection_key stand_in, const std::string& words);

  /// A stand-in may have the nick that its client has on its own node.
  void offer_nick(connection_key stand_in);

  /// The archive has compared something.
  void take_comparison(comparison_result found);

  /// About how many events are missing here that the other node has, as far as is known.
  std::uint64_t events_missing() const { return catching_up_.events_missing(); }

  /// How many of them this node got from there since its start.
  std::uint64_t events_gained() const { return catching_up_.events_gained(); }

  /// Sends what waits.
  void flush();

  /// The link, as it is now.
  link_report report() const;

  /// Tells the other node that this one ends, as soon as all clients have gone. The promise is kept
  /// when the other node has taken that, and so all before it; or when there is no link.
  void say_farewell(caf::typed_response_promise<gateway_id> when_taken);

  /// The server ends.
  void end();

 private:
  /// How far the other node knows what there is here.
  enum class stage : std::uint8_t { knows_nothing, knows_clients, knows_rooms };

  /// A stand-in's task that is under way.
  struct ticket {
    std::uint64_t number = 0;   ///< Of the news; 0: of none on this link.
    bool departs = false;       ///< The last one of a client whose node was lost.
    stand_in_actor who;         ///< Null: nobody waits for the end of the task.
    bool passes_rooms = false;  ///< Each room on the way says so, too, with nothing to follow.
    bool has_effect = false;    ///< The last of them is done with it,
    std::size_t expected = 0;   ///< and so many gateways have to queue something;
    std::size_t queued = 0;     ///< so many have.
  };

  struct known_stand_in {
    stand_in_actor actor;
    connection_key key = 0;
  };

  /// News of the link that is up, whose tasks are under way.
  struct open_news {
    std::size_t tasks = 0;
  };

  void carry_out(link_steps steps);
  void carry_out(catch_up_steps steps);
  void begin_to_tell();
  void tell_more_clients();
  void change_untold(const event_batch& batch);
  void ask_directory();
  void tell_directory_of_link(bool linked);
  void be_in_step();
  bool tells_everything() const;
  bool has_caught_up() const;
  author the_other_node() const;
  void lose_all();
  void send_away();
  void confirm(std::uint64_t up_to);
  void say_farewell_if_due();
  void end_farewell();
  bool other_node_has_ended() const { return ended_with_ != 0 && taken_ + 1 >= ended_with_; }
  void answer(const receipt& reply);
  void schedule_flush();
  void add(cluster_news news, const receipt& reply);
  void tell_of_client(const event_batch& batch, const receipt& reply);
  void tell_privately(const event_batch& batch, const audience& readers, const receipt& reply);

  void take_in(std::uint64_t number, cluster_news news);
  void take_in_waiting();
  void perform(std::uint64_t number, client_came& what);
  void perform(std::uint64_t number, client_changed& what);
  void perform(std::uint64_t number, client_went& what);
  void perform(std::uint64_t number, room_news& what);
  void perform(std::uint64_t number, private_news& what);
  void perform(std::uint64_t number, kill_news& what);
  void perform(std::uint64_t number, room_record& what);
  void perform(std::uint64_t number, in_step& what);
  template <class What>
  void relay(std::uint64_t number, const client_id& whose, What&& what);
  void hand_over(std::uint64_t number, const known_stand_in& to, stand_in_task task);
  void end_if_done(std::uint64_t ticket_number);
  void close_news(std::uint64_t number);

  self_pointer<peer_actor> self_;
  peer_settings settings_;
  peer_link link_;
  catching_up catching_up_;
  wire_actor cable_;  ///< Null: there is no connection.

  // What is told.
  stage stage_ = stage::knows_nothing;
  sync_round round_ = 0;
  std::unordered_set<client_id> told_clients_;
  std::vector<node_client> clients_to_tell_;  ///< The next one last.
  std::set<std::string> rooms_to_tell_;
  std::deque<std::pair<std::uint64_t, receipt>> unconfirmed_;  ///< By number of the news.
  std::vector<receipt> held_;  ///< Until those who were behind the link have left.
  bool flush_scheduled_ = false;
  std::uint64_t farewell_ = 0;  ///< The number of our own; 0: none was said.
  caf::typed_response_promise<gateway_id> farewell_taken_;  ///< Pending: this node ends.
  link_watch watch_;

  // What is heard.
  std::map<client_id, known_stand_in> stand_ins_;  ///< By what the client is called on its node.
  std::unordered_map<connection_key, client_id> clients_;  ///< By the key of the stand-in.
  connection_key keys_ = 0;                                ///< Given so far.
  std::unordered_map<std::uint64_t, ticket> tickets_;
  std::uint64_t tickets_given_ = 0;
  std::size_t departures_ = 0;  ///< Stand-ins that are on their way out of a lost node,
  std::deque<std::map<client_id, known_stand_in>> leaving_;  ///< and those that have to go.
  std::deque<open_news> open_;                               ///< From the number `taken_` + 1 on.
  std::size_t open_tasks_ = 0;                               ///< Their sum.
  std::uint64_t taken_ = 0;
  std::uint64_t taken_told_ = 0;      ///< The other node knows of these.
  std::deque<cluster_news> waiting_;  ///< Come while others depart, or before this side tells.
  std::uint64_t received_ = 0;        ///< The number of the last one that was looked at;
  bool is_alone_ = false;             ///< nothing is done beside it.
  std::uint64_t in_step_with_ = 0;    ///< The number of `in_step`,
  std::uint64_t ended_with_ = 0;      ///< and of the farewell; 0: none has come.
};

/// The behavior of a peer. `Pointer` is the actor's own pointer type, with a `state` of type
/// `std::optional<peer_state>`.
template <class Pointer>
observed_peer::behavior_type peer(Pointer self, peer_settings settings) {
  const auto id = settings.id;
  auto& state = self->state.emplace(self, std::move(settings));
  self->delayed_send(self, hello_interval, tick_atom::value);
  return {
      // As a gateway.
      [](arrive_atom, connection_key, const std::string&) {},
      [](refuse_atom, connection_key, refusal) {},
      [](credit_atom, std::size_t) {},
      [](shed_atom, std::size_t) {},
      [](failed_atom, connection_key) {},
      [id](report_atom) {
        gateway_report report;
        report.id = id;
        return report;
      },
      [&state](login_atom, connection_key stand_in, const identity_ptr&) {
        state.offer_nick(stand_in);
      },
      [](reader_atom, connection_key, reader_class) {},
      [](limit_atom, connection_key, limit) {},
      [&state](offence_atom, connection_key stand_in, const std::string& words) {
        state.kill(stand_in, words);
      },
      [&state](reply_atom, const receipt& reply) { state.finish(reply, 0); },
      [&state](publish_atom, const event_batch_ptr&, const audience_ptr&, const receipt& reply,
               std::size_t gateways) { state.finish(reply, gateways); },
      [&state](publish_atom, const event_batch_ptr& batch, const audience_ptr& readers,
               const receipt& reply) { state.tell(*batch, *readers, reply); },
      [&state](queued_atom, connection_key ticket, std::size_t) { state.note_queued(ticket); },
      [](kept_atom, connection_key, bool) {},
      [self, &state](drain_atom) {
        auto result = self->template make_response_promise<gateway_id>();
        state.say_farewell(result);
        return result;
      },
      [self, &state](finish_atom) {
        state.end();
        self->quit();
      },
      [self, &state](tick_atom) {
        state.tick();
        self->delayed_send(self, hello_interval, tick_atom::value);
      },
      [&state](flush_atom) { state.flush(); },
      // As a peer.
      [&state](wire_atom, wire_message& message) { state.receive(std::move(message)); },
      [&state](linked_atom, wire_actor& cable) { state.connect(std::move(cable)); },
      [&state](lost_atom) { state.disconnect(); },
      [&state](sync_atom, std::vector<node_client>& clients, sync_round round) {
        state.list_clients(std::move(clients), round);
      },
      [&state](sync_atom, const std::vector<std::string>& rooms, sync_round round) {
        state.list_rooms(rooms, round);
      },
      [&state](sync_atom, const room_record_ptr& room, sync_round round) {
        state.describe_room(*room, round);
      },
      [&state](client_atom, const node_client& client) { state.tell_client(client); },
      [&state](link_atom) { return state.report(); },
      [&state](compare_atom, comparison_result& found) { state.take_comparison(std::move(found)); },
  };
}

}  // namespace confab
