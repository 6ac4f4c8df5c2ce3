#pragma once

#include "actors/interfaces.hpp"
#include "actors/room.hpp"
#include "actors/room_setup.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <caf/all.hpp>
#include <caf/io/all.hpp>

/// What rooms with planted bugs are made of.
namespace confab::simulation {

/// A room that does as `room_state` does, except where a bug changes it.
class faulty_room {
 public:
  using self_type = self_pointer<room_actor>;

  faulty_room(self_type self, room_setup setup)
      : self_(self), name_(setup.name), peers_(setup.peers), room_(self, std::move(setup)) {}
  virtual ~faulty_room() = default;

  virtual void join(entry member) { room_.join(std::move(member)); }
  virtual void move(entry member, const joined_room& to) { room_.move(std::move(member), to); }
  virtual void enter(entry member) { room_.enter(std::move(member)); }
  virtual void leave(const session_actor& session, std::string reason, receipt reply) {
    room_.leave(session, std::move(reason), std::move(reply));
  }
  virtual void say(const session_actor& session, event_batch batch, receipt reply) {
    room_.say(session, batch, std::move(reply));
  }
  virtual void request(room_request wish) { room_.request(std::move(wish)); }
  virtual void fan(fan_out news) { room_.fan(std::move(news)); }
  void recall(const history_page& before) { room_.recall(before); }
  void forget_text(const message_id& which, const event_batch_ptr& told) {
    room_.forget_text(which, told);
  }
  void arrived() { room_.arrived(); }
  void bring_together(const room_record& there, const author& told_by) {
    room_.bring_together(there, told_by);
  }
  virtual void settle() { room_.settle(); }
  virtual void forget_put_out(const session_actor& session) { room_.forget_put_out(session); }
  virtual void forget(const caf::actor_addr& session) { room_.forget(session); }
  void tell_all_to(const known_peer& peer, sync_round round) {
    const auto is_it = [&](const known_peer& each) { return each.id == peer.id; };
    if (std::none_of(peers_.begin(), peers_.end(), is_it))
      peers_.push_back(peer);
    room_.tell_all_to(peer, round);
  }

 protected:
  /// True every so many times.
  bool now_and_then(std::size_t times) { return ++times_asked_ % times == 0; }

  void answer(receipt reply) {
    if (const auto gateway = reply.gateway)
      self_->send(gateway, reply_atom::value, std::move(reply));
  }

  static event_batch without_events(event_batch batch) {
    batch.events.clear();
    return batch;
  }

  room_state& room() { return room_; }
  self_type self() { return self_; }
  const std::string& name() const { return name_; }
  const std::vector<known_peer>& peers() const { return peers_; }

 private:
  self_type self_;
  std::string name_;
  std::vector<known_peer> peers_;  ///< Whom it tells what happens.
  room_state room_;
  std::size_t times_asked_ = 0;
};

/// The behavior of a faulty room.
template <class Room, class Pointer>
room_actor::behavior_type behave(Pointer self, room_setup setup) {
  self->state = std::make_shared<Room>(self, std::move(setup));
  faulty_room& room = *self->state;
  self->set_down_handler([&room](const caf::down_msg& down) {
    if (down.reason)
      room.forget(down.source);
  });
  return {
      [&room](join_atom, entry& member) { room.join(std::move(member)); },
      [&room](move_atom, entry& member, const joined_room& to) {
        room.move(std::move(member), to);
      },
      [&room](enter_atom, entry& member) { room.enter(std::move(member)); },
      [&room](leave_atom, const session_actor& session, std::string& reason, receipt& reply) {
        room.leave(session, std::move(reason), std::move(reply));
      },
      [&room](kicked_atom, const session_actor& session) { room.forget_put_out(session); },
      [&room](say_atom, const session_actor& session, event_batch& batch, receipt& reply) {
        room.say(session, std::move(batch), std::move(reply));
      },
      [&room](request_atom, room_request& wish) { room.request(std::move(wish)); },
      [&room](fan_atom, fan_out& news) { room.fan(std::move(news)); },
      [&room](recent_atom, const history_page& before) { room.recall(before); },
      [&room](redact_atom, const message_id& which, const event_batch_ptr& told) {
        room.forget_text(which, told);
      },
      [&room](sync_atom, const known_peer& peer, sync_round round) {
        room.tell_all_to(peer, round);
      },
      [&room](merge_atom, const room_record_ptr& there, const author& told_by) {
        room.bring_together(*there, told_by);
      },
      [&room](settle_atom) { room.settle(); },
      [&room](arrive_atom) { room.arrived(); },
      [self](close_atom) { self->quit(); },
  };
}

/// Starts a faulty room. A `room_spawner`.
template <class Room>
room_actor spawn_faulty(caf::actor_system& system, room_setup setup) {
  using pointer = room_actor::stateful_broker_pointer<std::shared_ptr<faulty_room>>;
  return system.middleman().spawn_broker(behave<Room, pointer>, std::move(setup));
}

}  // namespace confab::simulation
