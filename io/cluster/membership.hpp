#pragma once

#include "actors/cluster/peer_interface.hpp"
#include "actors/cluster/wire_types.hpp"
#include "io/cluster/basp.hpp"
#include "io/cluster/cluster_peer.hpp"
#include "io/cluster/dial_plan.hpp"
#include "io/cluster/opening_socket.hpp"
#include "io/cluster/repeated_lines.hpp"
#include "io/net/layers/mutual_tls.hpp"
#include "io/net/resolve.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/atom.hpp>
#include <caf/error.hpp>
#include <caf/node_id.hpp>
#include <spdlog/fwd.h>

/// The actor that links the peers of this node to those of other nodes.
///
/// It dials the nodes whose names are greater than ours and lets those dial whose names are
/// smaller. A connection leads to the *door* of the node that was dialled. Whoever has dialled says
/// there who it is and hands over the handle of its peer; the answer is the handle of the peer that
/// is its counterpart, or a refusal. Handles of other actors never travel: CAF would not tell of
/// their loss.
///
/// Before that, the door is asked what its node is called: a wrong address is not called. And the
/// door refuses whoever goes by a name whose node it has a living link to, if that is another
/// process: two nodes have one name then, and the one that came first stays. A node that was
/// started again is let in when the loss of the old one has been noticed.
namespace confab {

/// What a host name stands for, or one line that says why nothing is known of it.
using host_addresses = std::variant<std::vector<socket_address>, std::string>;

/// An answer to an attempt to find a host.
struct host_found {
  dial_plan::attempt attempt;
  host_addresses addresses;
};

/// What became of an attempt to connect. Shared only to be carried by a message.
struct socket_opened {
  dial_plan::attempt attempt;
  std::shared_ptr<opening_socket::ending> ending;
};

using due_atom = caf::atom_constant<caf::atom("due")>;
using found_atom = caf::atom_constant<caf::atom("found")>;
using opened_atom = caf::atom_constant<caf::atom("opened")>;
using overdue_atom = caf::atom_constant<caf::atom("overdue")>;
using stranger_atom = caf::atom_constant<caf::atom("stranger")>;
using renew_atom = caf::atom_constant<caf::atom("renew")>;  // As in io/net/listener_layers.hpp.

/// Membership as it sees itself.
using membership_inside = membership_actor::extend<
    // Itself: a node is to be dialled.
    caf::reacts_to<due_atom>,
    // A lookup: what it found.
    caf::reacts_to<found_atom, host_found>,
    // A socket: a connection to a node is open, or was not to be had.
    caf::reacts_to<opened_atom, socket_opened>,
    // Itself: this attempt has had all the time to connect that there is.
    caf::reacts_to<overdue_atom, dial_plan::attempt>,
    // Whoever has read the files again: this is the context of connections to come. Due only if
    // there was one before.
    caf::reacts_to<renew_atom, mutual_tls_ptr>,
    // The doorman: somebody from this address was not let in, for this reason.
    caf::reacts_to<stranger_atom, std::string, std::string>,
    // The door: another node has called.
    caf::replies_to<door_atom, door_call>::with<door_answer>>;

/// How long each step to a link may take.
struct link_limits {
  std::chrono::milliseconds connecting{1500};  ///< Until the other side has said something,
  std::chrono::milliseconds greeting{1000};    ///< until CAF has a handle of its door,
  std::chrono::milliseconds calling{1500};     ///< until the door has answered.
};

struct membership_settings {
  std::string name;
  std::vector<cluster_peer> peers;
  mutual_tls_ptr context;  ///< Null: nothing is encrypted, and only this machine is dialled.
  std::uint64_t seed = 0;  ///< Of the spans between attempts.
  std::shared_ptr<spdlog::logger> log;
  std::uint32_t version = wire_version;
  link_limits limits = {};
};

/// What stands at the cluster port, in the thread of the network loop.
struct cluster_port {
  std::vector<int> listening;  ///< Sockets, which are owned from now on; all with the same port.
  std::uint16_t port = 0;
};

/// Starts the door of a node.
using door_spawner = named_door_actor (*)(caf::actor_system& system, membership_inside inside,
                                          const std::string& name);

class membership_state {
 public:
  membership_state(membership_inside::pointer self, membership_settings settings);

  /// Opens the door, which answers those who come by the port.
  void open(const named_door_actor& door, cluster_port port);

  void serve(const std::string& node, const peer_port& peer);
  void redial(const std::string& node);
  void note_ending(const std::string& node);
  void renew(const mutual_tls_ptr& context);
  void close();

  void dial_due();
  void connect(const host_found& found);
  void greet(const socket_opened& opened);
  void give_up(const dial_plan::attempt& attempt);
  void note_stranger(const std::string& address, const std::string& why);
  door_answer answer(const door_call& call);
  void note_down(const caf::down_msg& down);

 private:
  /// One other node.
  struct counterpart {
    cluster_peer where;
    peer_port local;                  ///< Null: nobody serves it yet.
    wire_actor remote;                ///< Null: there is no link.
    bool ends = false;                ///< It has said so, on this link.
    opening_socket::pointer opening;  ///< Null: none is.
    std::size_t next_address = 0;
  };

  void arm();
  void find_host(const dial_plan::attempt& attempt);
  void knock(const dial_plan::attempt& attempt, const caf::node_id& node,
             const caf::strong_actor_ptr& door, const std::set<std::string>& interface_of_door);
  void call(const dial_plan::attempt& attempt, const caf::node_id& node, const door_actor& door);
  void take_answer(const dial_plan::attempt& attempt, const caf::node_id& node,
                   const door_answer& answer);
  void fail(const dial_plan::attempt& attempt, const std::string& why);
  void fail(const dial_plan::attempt& attempt, const caf::node_id& node, const std::string& why);
  bool serves_others(const caf::node_id& node, const std::string& but) const;
  std::string refusal_of(const door_call& call) const;
  void link(counterpart& other, const wire_actor& remote);
  void lose(counterpart& other);
  void unlink(counterpart& other);
  membership_inside handle() const;
  void complain(const std::string& line);
  std::string words_for(const caf::error& failure) const;

  membership_inside::pointer self_;
  membership_settings settings_;
  basp basp_;
  dial_plan plan_;
  std::map<std::string, counterpart> others_;
  std::optional<dial_plan::time_point> armed_;  ///< When the next `due` comes.
  repeated_lines said_;
  named_door_actor door_;
  cluster_port port_;
};

/// The behavior of the door.
template <class Pointer>
named_door_actor::behavior_type door(Pointer self, membership_inside inside,
                                     const std::string& name) {
  return {[self, inside = std::move(inside)](door_atom, door_call& call) {
            return self->delegate(inside, door_atom::value, std::move(call));
          },
          [name](door_atom) { return name; }};
}

/// The behavior of membership. `Pointer` is the actor's own pointer type, with a `state` of type
/// `std::optional<membership_state>`.
template <class Pointer>
membership_inside::behavior_type link_keeper(Pointer self, membership_settings settings,
                                             cluster_port port, door_spawner spawn_door) {
  const auto name = settings.name;
  auto& state = self->state.emplace(self, std::move(settings));
  state.open(spawn_door(self->system(), caf::actor_cast<membership_inside>(self), name),
             std::move(port));
  self->set_down_handler([&state](const caf::down_msg& down) { state.note_down(down); });
  return {
      [&state](serve_atom, const std::string& node, const peer_port& peer) {
        state.serve(node, peer);
      },
      [&state](redial_atom, const std::string& node) { state.redial(node); },
      [&state](ending_atom, const std::string& node) { state.note_ending(node); },
      [&state](close_atom) { state.close(); },
      [&state](due_atom) { state.dial_due(); },
      [&state](found_atom, const host_found& found) { state.connect(found); },
      [&state](opened_atom, const socket_opened& opened) { state.greet(opened); },
      [&state](overdue_atom, const dial_plan::attempt& attempt) { state.give_up(attempt); },
      [&state](renew_atom, const mutual_tls_ptr& context) { state.renew(context); },
      [&state](stranger_atom, const std::string& address, const std::string& why) {
        state.note_stranger(address, why);
      },
      [&state](door_atom, const door_call& call) { return state.answer(call); },
  };
}

}  // namespace confab

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::dial_plan::attempt)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::host_found)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::mutual_tls_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::socket_opened)
