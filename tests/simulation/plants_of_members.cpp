// Rooms that are wrong about who is in them, and who is told of it.

#include "tests/simulation/faulty_room.hpp"
#include "tests/simulation/plant_tables.hpp"

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>

namespace confab::simulation {

namespace {

class lost_text_on_join final : public faulty_room {
  using faulty_room::faulty_room;
  void join(entry member) override {
    just_joined_ = true;
    faulty_room::join(std::move(member));
  }
  void say(const session_actor& session, event_batch batch, receipt reply) override {
    const bool lost = std::exchange(just_joined_, false);
    faulty_room::say(session, lost ? without_events(std::move(batch)) : std::move(batch),
                     std::move(reply));
  }
  void leave(const session_actor& session, std::string reason, receipt reply) override {
    just_joined_ = false;
    faulty_room::leave(session, std::move(reason), std::move(reply));
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
  void leave(const session_actor& session, std::string reason, receipt reply) override {
    const bool other = latest_ && latest_ != session.address();
    faulty_room::leave(session, std::move(reason), std::move(reply));
    if (other && now_and_then(2))
      room().forget(latest_);
  }
  caf::actor_addr latest_;
};

/// Keeps a member that has left: its room never ends, and its connection may hear more.
class left_behind final : public faulty_room {
  using faulty_room::faulty_room;
  void leave(const session_actor& session, std::string reason, receipt reply) override {
    if (now_and_then(4))
      answer(std::move(reply));
    else
      faulty_room::leave(session, std::move(reason), std::move(reply));
  }
  void forget(const caf::actor_addr&) override {}
};

class lost_reply final : public faulty_room {
  using faulty_room::faulty_room;
  void leave(const session_actor& session, std::string reason, receipt reply) override {
    if (now_and_then(5))
      reply.bytes.clear();
    room().leave(session, std::move(reason), std::move(reply));
  }
};

/// Takes somebody out of the old room before the new one has said whether it may come.
class early_move final : public faulty_room {
  using faulty_room::faulty_room;
  void join(entry member) override {
    if (member.leaves && member.leaves.id() != self()->ctrl()->id())
      self()->send(member.leaves, leave_atom::value, member.session, std::string{}, receipt{});
    faulty_room::join(std::move(member));
  }
};

/// Forgets who was told in the rooms before.
class told_again final : public faulty_room {
  using faulty_room::faulty_room;
  void fan(fan_out news) override {
    news.told = {};
    faulty_room::fan(std::move(news));
  }
};

/// Tells nobody, now and then, that somebody has another nick or leaves the server.
class untold final : public faulty_room {
  using faulty_room::faulty_room;
  void fan(fan_out news) override {
    if (now_and_then(3))
      news.happening.reset();
    faulty_room::fan(std::move(news));
  }
};

/// Hands its texts to some who are members no more.
class haunted_room : public faulty_room {
 protected:
  using faulty_room::faulty_room;

  void join(entry member) override {
    known_[member.session.id()] = {member.reply.gateway, member.who};
    ghosts_.erase(member.session.id());
    faulty_room::join(std::move(member));
  }

  void say(const session_actor& session, event_batch batch, receipt reply) override {
    const auto copy = std::make_shared<const event_batch>(batch);
    faulty_room::say(session, std::move(batch), std::move(reply));
    for (const auto& [id, ghost] : ghosts_)
      self()->send(
          ghost.gateway, publish_atom::value, copy,
          audience_ptr{std::make_shared<const audience>(audience{ghost.who.from.connection})},
          receipt{}, std::size_t{0});
  }

  struct reader {
    gateway_actor gateway;
    author who;
  };

  std::map<caf::actor_id, reader> known_;
  std::map<caf::actor_id, reader> ghosts_;
};

class hears_after_part final : public haunted_room {
  using haunted_room::haunted_room;
  void leave(const session_actor& session, std::string reason, receipt reply) override {
    if (const auto found = known_.find(session.id()); found != known_.end() && now_and_then(2))
      ghosts_.insert(*found);
    haunted_room::leave(session, std::move(reason), std::move(reply));
  }
};

class hears_after_kick final : public haunted_room {
  using haunted_room::haunted_room;
  void request(room_request wish) override {
    if (const auto* wanted = std::get_if<kick>(&wish.what))
      for (const auto& [id, each] : known_)
        if (each.who.who->nick == wanted->nick)
          put_out_.insert({id, each});
    haunted_room::request(std::move(wish));
  }
  void forget_put_out(const session_actor& session) override {
    if (const auto found = put_out_.find(session.id()); found != put_out_.end())
      ghosts_.insert(*found);
    haunted_room::forget_put_out(session);
  }
  std::map<caf::actor_id, reader> put_out_;
};

constexpr std::array rows = {
    plant{"lost-text-on-join", "a text right after a join gets lost",
          &spawn_faulty<lost_text_on_join>},
    plant{"forgotten-member", "who leaves takes another member along",
          &spawn_faulty<forgotten_member>},
    plant{"left-behind", "one leave in four is answered and not done", &spawn_faulty<left_behind>},
    plant{"lost-reply", "one leave in five is not answered", &spawn_faulty<lost_reply>},
    plant{.name = "early-move",
          .what_it_does = "who may not come in is out of its old room",
          .spawn_room = &spawn_faulty<early_move>,
          .words = "not in a room"},
    plant{.name = "told-again",
          .what_it_does = "who shares two rooms is told twice",
          .spawn_room = &spawn_faulty<told_again>,
          .words = "cannot know what to do with"},
    plant{.name = "untold",
          .what_it_does = "one change of nick in three is told nobody",
          .spawn_room = &spawn_faulty<untold>,
          .words = "FAREWELLS: was told 0 times"},
    plant{.name = "stale-roster",
          .what_it_does = "one change of nick in three is told nobody",
          .spawn_room = &spawn_faulty<untold>,
          .words = "ROSTERS"},
    plant{.name = "hears-after-part",
          .what_it_does = "one of two who leave still hears the room",
          .spawn_room = &spawn_faulty<hears_after_part>,
          .words = "(irc) at"},
    plant{.name = "hears-after-kick",
          .what_it_does = "who was put out still hears the room",
          .spawn_room = &spawn_faulty<hears_after_kick>,
          .words = "of room ruled came to a reader outside of its room"},
};

}  // namespace

std::span<const plant> plants_of_members() {
  return rows;
}

}  // namespace confab::simulation
