#include "tests/simulation/plants.hpp"

#include "actors/room.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>

namespace confab::simulation {

namespace {

/// A room that does as `room_state` does, except where a bug changes it.
class faulty_room {
 public:
  using self_type = self_pointer<room_actor>;

  faulty_room(self_type self, std::string room_name, registry_actor registry)
      : self_(self), room_(self, std::move(room_name), std::move(registry)) {}
  virtual ~faulty_room() = default;

  virtual void join(entry member) { room_.join(std::move(member)); }
  virtual void move(entry member, const joined_room& to) { room_.move(std::move(member), to); }
  virtual void leave(const session_actor& session, receipt reply) {
    room_.leave(session, std::move(reply));
  }
  virtual void say(const event_batch_ptr& batch, receipt reply) {
    room_.say(batch, std::move(reply));
  }
  virtual void forget(const caf::actor_addr& session) { room_.forget(session); }

 protected:
  /// True every so many times.
  bool now_and_then(std::size_t times) { return ++times_asked_ % times == 0; }

  void answer(receipt reply) {
    if (const auto gateway = reply.gateway)
      self_->send(gateway, reply_atom::value, std::move(reply));
  }

  static event_batch_ptr without_events(const event_batch& batch) {
    return std::make_shared<const event_batch>(event_batch{batch.room, batch.who, {}});
  }

  room_state& room() { return room_; }

 private:
  self_type self_;
  room_state room_;
  std::size_t times_asked_ = 0;
};

class reply_too_many final : public faulty_room {
  using faulty_room::faulty_room;
  void say(const event_batch_ptr& batch, receipt reply) override {
    auto again = reply;
    again.next = next_step::nothing;
    room().say(batch, std::move(reply));
    if (now_and_then(5))
      answer(std::move(again));
  }
};

class lost_text_on_join final : public faulty_room {
  using faulty_room::faulty_room;
  void join(entry member) override {
    just_joined_ = true;
    faulty_room::join(std::move(member));
  }
  void say(const event_batch_ptr& batch, receipt reply) override {
    const bool lost = std::exchange(just_joined_, false);
    room().say(lost ? without_events(*batch) : batch, std::move(reply));
  }
  void leave(const session_actor& session, receipt reply) override {
    just_joined_ = false;
    faulty_room::leave(session, std::move(reply));
  }
  bool just_joined_ = false;
};

/// Takes out the wrong member beside the right one.
class forgotten_member final : public faulty_room {
  using faulty_room::faulty_room;
  void join(entry member) override {
    latest_ = member.session.address();
    faulty_room::join(std::move(member));
  }
  void leave(const session_actor& session, receipt reply) override {
    const bool other = latest_ && latest_ != session.address();
    faulty_room::leave(session, std::move(reply));
    if (other && now_and_then(2))
      room().forget(latest_);
  }
  caf::actor_addr latest_;
};

/// Keeps a member that has left: its room never ends, and its connection may hear more.
class left_behind final : public faulty_room {
  using faulty_room::faulty_room;
  void leave(const session_actor& session, receipt reply) override {
    if (now_and_then(4))
      answer(std::move(reply));
    else
      faulty_room::leave(session, std::move(reply));
  }
  void forget(const caf::actor_addr&) override {}
};

class text_twice final : public faulty_room {
  using faulty_room::faulty_room;
  void say(const event_batch_ptr& batch, receipt reply) override {
    room().say(batch, std::move(reply));
    if (now_and_then(7))
      room().say(batch, receipt{});
  }
};

/// Answers before everybody has the text.
class early_reply final : public faulty_room {
  using faulty_room::faulty_room;
  void say(const event_batch_ptr& batch, receipt reply) override {
    if (now_and_then(5)) {
      answer(std::move(reply));
      reply = {};
    }
    room().say(batch, std::move(reply));
  }
};

/// Answers a text and hands it out when the next thing happens.
class late_text final : public faulty_room {
  using faulty_room::faulty_room;
  void say(const event_batch_ptr& batch, receipt reply) override {
    const auto held = std::exchange(held_, nullptr);
    if (!held && now_and_then(3)) {
      held_ = batch;
      room().say(without_events(*batch), std::move(reply));
      return;
    }
    room().say(batch, std::move(reply));
    if (held)
      room().say(held, receipt{});
  }
  event_batch_ptr held_;
};

/// Hands a text out as somebody else's.
class wrong_author final : public faulty_room {
  using faulty_room::faulty_room;
  void say(const event_batch_ptr& batch, receipt reply) override {
    auto changed = std::make_shared<event_batch>(*batch);
    if (now_and_then(5) && !previous_.empty())
      changed->who.name = previous_;
    previous_ = batch->who.name;
    room().say(std::move(changed), std::move(reply));
  }
  std::string previous_;
};

class lost_reply final : public faulty_room {
  using faulty_room::faulty_room;
  void leave(const session_actor& session, receipt reply) override {
    if (now_and_then(5))
      reply.bytes.clear();
    room().leave(session, std::move(reply));
  }
};

/// Keeps the receipt of a text back until others have said a lot.
class held_receipt final : public faulty_room {
  using faulty_room::faulty_room;
  void say(const event_batch_ptr& batch, receipt reply) override {
    if (!held_.gateway && now_and_then(4)) {
      held_ = std::move(reply);
      said_since_ = 0;
      reply = {};
    } else if (++said_since_ == 60) {
      answer(std::exchange(held_, receipt{}));
    }
    room().say(batch, std::move(reply));
  }
  receipt held_;
  std::size_t said_since_ = 0;
};

void give_out_four_times_the_memory(server_parts& parts) {
  parts.all.backlog_bytes_max *= 4;
}

void cut_no_batch(server_parts& parts) {
  parts.gateways.work_bytes_per_batch = std::size_t{1} << 30;
}

void serve_rooms_whole(server_parts& parts) {
  parts.gateways.flush.large_readers_per_round_min = 1000;
  parts.gateways.flush.large_readers_per_round_max = 1000;
}

void treat_small_rooms_as_large(server_parts& parts) {
  parts.gateways.flush.small_audience_max = 0;
}

void serve_one_reader_a_round(server_parts& parts) {
  parts.gateways.flush.large_readers_per_round_min = 1;
  parts.gateways.flush.large_readers_per_round_max = 1;
}

void hold_no_author_back(server_parts& parts) {
  parts.gateways.flush.handover_work_bytes_max = std::uint64_t{1} << 40;
}

template <class Room, class Pointer>
room_actor::behavior_type behave(Pointer self, std::string room_name, registry_actor registry) {
  self->state = std::make_shared<Room>(self, std::move(room_name), std::move(registry));
  faulty_room& room = *self->state;
  self->set_down_handler([&room](const caf::down_msg& down) { room.forget(down.source); });
  return {
      [&room](join_atom, entry& member) { room.join(std::move(member)); },
      [&room](move_atom, entry& member, const joined_room& to) {
        room.move(std::move(member), to);
      },
      [&room](leave_atom, const session_actor& session, receipt& reply) {
        room.leave(session, std::move(reply));
      },
      [&room](say_atom, const event_batch_ptr& batch, receipt& reply) {
        room.say(batch, std::move(reply));
      },
      [self](close_atom) { self->quit(); },
  };
}

template <class Room>
room_actor spawn(caf::actor_system& system, std::string room_name, registry_actor registry) {
  using pointer = room_actor::stateful_broker_pointer<std::shared_ptr<faulty_room>>;
  return system.middleman().spawn_broker(behave<Room, pointer>, std::move(room_name),
                                         std::move(registry));
}

constexpr std::array rows = {
    plant{"reply-too-many", "one text in five is answered twice", &spawn<reply_too_many>},
    plant{"lost-text-on-join", "a text right after a join gets lost", &spawn<lost_text_on_join>},
    plant{"forgotten-member", "who leaves takes another member along", &spawn<forgotten_member>},
    plant{"left-behind", "one leave in four is answered and not done", &spawn<left_behind>},
    plant{"text-twice", "one text in seven is handed out twice", &spawn<text_twice>},
    plant{"early-reply", "one text in five is answered first", &spawn<early_reply>},
    plant{"late-text", "one text in three is overtaken by the next", &spawn<late_text>},
    plant{"wrong-author", "one text in five is another member's", &spawn<wrong_author>},
    plant{"lost-reply", "one leave in five is not answered", &spawn<lost_reply>},
    plant{"generous-quota", "memory is given out four times", nullptr,
          &give_out_four_times_the_memory, "MEMORY"},
    plant{"uncut-batches", "all that comes at once is one batch", nullptr, &cut_no_batch, "WORK"},
    plant{"whole-room", "a round serves all of a large room", nullptr, &serve_rooms_whole, "WORK"},
    plant{"small-last", "small rooms wait like large ones", nullptr, &treat_small_rooms_as_large,
          "SERVICE"},
    plant{"slow-rounds", "a round serves one reader of large rooms", nullptr,
          &serve_one_reader_a_round, "SERVICE"},
    plant{"held-receipt", "an author is not read until others have said a lot",
          &spawn<held_receipt>, nullptr, "SERVICE"},
    plant{"unheld-authors", "authors are read though their texts were not handed over", nullptr,
          &hold_no_author_back, "AUTHOR"},
};

}  // namespace

std::span<const plant> all_plants() {
  return rows;
}

const plant* find_plant(std::string_view name) {
  const auto* const found =
      std::find_if(rows.begin(), rows.end(), [name](const plant& row) { return row.name == name; });
  return found != rows.end() ? found : nullptr;
}

}  // namespace confab::simulation
