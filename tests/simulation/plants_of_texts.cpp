// Rooms that are wrong about texts and what is answered to them.

#include "tests/simulation/faulty_room.hpp"
#include "tests/simulation/plant_tables.hpp"

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace confab::simulation {

namespace {

class reply_too_many final : public faulty_room {
  using faulty_room::faulty_room;
  void say(const session_actor& session, event_batch batch, receipt reply) override {
    auto again = reply;
    again.next = next_step::nothing;
    room().say(session, batch, std::move(reply));
    if (now_and_then(5))
      answer(std::move(again));
  }
};

class text_twice final : public faulty_room {
  using faulty_room::faulty_room;
  void say(const session_actor& session, event_batch batch, receipt reply) override {
    faulty_room::say(session, batch, std::move(reply));
    if (now_and_then(7))
      faulty_room::say(session, std::move(batch), receipt{});
  }
};

/// Answers before everybody has the text.
class early_reply final : public faulty_room {
  using faulty_room::faulty_room;
  void say(const session_actor& session, event_batch batch, receipt reply) override {
    if (now_and_then(5)) {
      answer(std::move(reply));
      reply = {};
    }
    faulty_room::say(session, std::move(batch), std::move(reply));
  }
};

/// Answers a text and hands it out when the next thing happens.
class late_text final : public faulty_room {
  using faulty_room::faulty_room;
  void say(const session_actor& session, event_batch batch, receipt reply) override {
    const auto held = std::exchange(held_, std::nullopt);
    if (!held && now_and_then(3)) {
      held_ = {session, batch};
      faulty_room::say(session, without_events(std::move(batch)), std::move(reply));
      return;
    }
    faulty_room::say(session, std::move(batch), std::move(reply));
    if (held)
      faulty_room::say(held->first, held->second, receipt{});
  }
  std::optional<std::pair<session_actor, event_batch>> held_;
};

/// Hands a text out as somebody else's.
class wrong_author final : public faulty_room {
  using faulty_room::faulty_room;
  void say(const session_actor& session, event_batch batch, receipt reply) override {
    auto changed = std::make_shared<identity>(*batch.who.who);
    if (now_and_then(5) && !previous_.empty())
      changed->name = previous_;
    previous_ = batch.who.name();
    batch.who.who = std::move(changed);
    faulty_room::say(session, std::move(batch), std::move(reply));
  }
  std::string previous_;
};

/// Hands a text out as if its author were none of the readers.
class unasked_echo final : public faulty_room {
  using faulty_room::faulty_room;
  void say(const session_actor& session, event_batch batch, receipt reply) override {
    if (now_and_then(3))
      batch.who.from.connection = {};
    faulty_room::say(session, std::move(batch), std::move(reply));
  }
};

/// Texts come from whoever somebody was when it came in.
class old_name final : public faulty_room {
  using faulty_room::faulty_room;
  void join(entry member) override {
    known_[member.session.id()] = member.who.who;
    faulty_room::join(std::move(member));
  }
  void say(const session_actor& session, event_batch batch, receipt reply) override {
    if (const auto found = known_.find(session.id()); found != known_.end())
      batch.who.who = found->second;
    faulty_room::say(session, std::move(batch), std::move(reply));
  }
  std::map<caf::actor_id, identity_ptr> known_;
};

/// Keeps the receipt of a text back until others have said a lot.
class held_receipt final : public faulty_room {
  using faulty_room::faulty_room;
  void say(const session_actor& session, event_batch batch, receipt reply) override {
    if (!held_.gateway && now_and_then(4)) {
      held_ = std::move(reply);
      said_since_ = 0;
      reply = {};
    } else if (++said_since_ == 60) {
      answer(std::exchange(held_, receipt{}));
    }
    faulty_room::say(session, std::move(batch), std::move(reply));
  }
  receipt held_;
  std::size_t said_since_ = 0;
};

constexpr std::array rows = {
    plant{.name = "unasked-echo",
          .what_it_does = "one text in three comes back to an author that did not ask for it",
          .spawn_room = &spawn_faulty<unasked_echo>,
          .words = "(irc) at"},
    plant{"reply-too-many", "one text in five is answered twice", &spawn_faulty<reply_too_many>},
    plant{"text-twice", "one text in seven is handed out twice", &spawn_faulty<text_twice>},
    plant{"early-reply", "one text in five is answered first", &spawn_faulty<early_reply>},
    plant{"late-text", "one text in three is overtaken by the next", &spawn_faulty<late_text>},
    plant{"wrong-author", "one text in five is another member's", &spawn_faulty<wrong_author>},
    plant{.name = "old-name",
          .what_it_does = "texts come from the nick that somebody came in with",
          .spawn_room = &spawn_faulty<old_name>,
          .words = "came as from"},
    plant{"held-receipt", "an author is not read until others have said a lot",
          &spawn_faulty<held_receipt>, nullptr, "SERVICE"},
};

}  // namespace

std::span<const plant> plants_of_texts() {
  return rows;
}

}  // namespace confab::simulation
