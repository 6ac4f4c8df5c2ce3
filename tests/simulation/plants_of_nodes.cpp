// What goes wrong between nodes.

#include "tests/simulation/faulty_room.hpp"
#include "tests/simulation/plant_tables.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <caf/all.hpp>
#include <caf/io/all.hpp>

namespace confab::simulation {

namespace {

// -- what cables do to messages -----------------------------------------------

/// Calls `change` for each piece of news in the message.
template <class Change>
void for_each_news(wire_message& message, Change change) {
  if (auto* carried = std::get_if<wire_news>(&message.what))
    for (auto& each : carried->news)
      change(each);
}

/// What is left of it has its number, and does nothing.
void drop(room_news& news) {
  news.events.clear();
}

/// A receiver that takes whatever comes for its own, from whenever it is.
void check_no_epoch(cables& lines, std::size_t from, std::size_t to, wire_message& message) {
  if (auto* carried = std::get_if<wire_news>(&message.what)) {
    const auto epoch = lines.epoch_of(to, from);
    const auto next = lines.next_arrival(from, to, 0);
    if (carried->yours != epoch) {
      // Not who comes: the link would be made anew at once.
      std::erase_if(carried->news, [](const cluster_news& each) {
        return !std::holds_alternative<room_news>(each) &&
               !std::holds_alternative<client_went>(each);
      });
      carried->yours = epoch;
      carried->first = next;
    }
    if (carried->first == next)
      lines.next_arrival(from, to, carried->news.size());
  }
  if (auto* taken = std::get_if<wire_taken>(&message.what))
    taken->yours = lines.epoch_of(to, from);
}

/// A node that keeps its rules for itself.
void keep_rules_at_home(cables&, std::size_t, std::size_t, wire_message& message) {
  for_each_news(message, [](cluster_news& each) {
    if (auto* news = std::get_if<room_news>(&each))
      if (!news->events.empty() && std::holds_alternative<modes_set>(news->events.front()))
        drop(*news);
  });
}

/// A node that does not do what it is told by a node that has been lost before.
void be_deaf_after_loss(cables& lines, std::size_t from, std::size_t to, wire_message& message) {
  if (lines.beginnings(from, to) < 2)
    return;
  for_each_news(message, [](cluster_news& each) {
    if (auto* news = std::get_if<room_news>(&each))
      drop(*news);
  });
}

/// To each node its own claims are the older ones, so nobody gives way.
void claim_later(cables&, std::size_t, std::size_t, wire_message& message) {
  constexpr std::int64_t long_ms = 1'000'000'000;
  for_each_news(message, [](cluster_news& each) {
    if (auto* came = std::get_if<client_came>(&each))
      came->since_ms += long_ms;
    if (auto* changed = std::get_if<client_changed>(&each))
      changed->since_ms += long_ms;
  });
}

/// Now and then a text does not reach the other node.
void lose_texts(cables& lines, std::size_t, std::size_t, wire_message& message) {
  for_each_news(message, [&lines](cluster_news& each) {
    if (auto* news = std::get_if<room_news>(&each))
      if (!news->events.empty() && std::holds_alternative<said>(news->events.front()) &&
          lines.now_and_then(5))
        drop(*news);
  });
}

/// A node that compares its history with no other.
void compare_nothing(cables&, std::size_t, std::size_t, wire_message& message) {
  if (std::holds_alternative<wire_question>(message.what))
    message.what = wire_taken{};
}

/// A node that does not tell everything that it is asked for, and says that it did.
void leave_holes(cables&, std::size_t, std::size_t, wire_message& message) {
  if (auto* answer = std::get_if<wire_answer>(&message.what))
    if (auto* part = std::get_if<kept_part>(&answer->what))
      std::erase_if(part->events,
                    [](const kept_record& each) { return each.at.sequence % 3 == 0; });
}

/// A node that does not tell that texts were taken back.
void forget_take_backs(cables&, std::size_t, std::size_t, wire_message& message) {
  if (auto* answer = std::get_if<wire_answer>(&message.what))
    if (auto* part = std::get_if<kept_part>(&answer->what))
      part->removed.clear();
}

/// A node that asks again before it was answered.
void ask_without_waiting(cables& lines, std::size_t from, std::size_t to, wire_message& message) {
  const auto* question = std::get_if<wire_question>(&message.what);
  if (question == nullptr || !lines.now_and_then(2))
    return;
  auto again = *question;
  ++again.number;
  lines.take(from, to, {std::move(again)});
}

// -- stand-ins ----------------------------------------------------------------

/// A stand-in that does as others do, except where a bug changes it.
class faulty_stand_in {
 public:
  faulty_stand_in(self_pointer<stand_in_actor> self, const stand_in_setup& setup)
      : peer_(setup.peer), self_(self), state_(self, setup) {}
  virtual ~faulty_stand_in() = default;

  virtual void relay(stand_in_task task) { state_.relay(std::move(task)); }

  stand_in_state& state() { return state_; }

 protected:
  /// The peer hears that the task was done, and the task is done, or not, without its knowing.
  void report(stand_in_task& task) {
    receipt done;
    done.gateway = peer_;
    done.connection = std::exchange(task.ticket, 0);
    done.next = next_step::hang_up;
    self_->send(peer_, reply_atom::value, std::move(done));
  }

  static bool is_lost(const stand_in_task& task) {
    const auto* went = std::get_if<client_went>(&task.what);
    return went != nullptr && went->reason.ends_with(" is lost");
  }

  self_pointer<stand_in_actor> self() { return self_; }

 private:
  gateway_actor peer_;
  self_pointer<stand_in_actor> self_;
  stand_in_state state_;
};

/// Says that its client has left before anybody was told.
class late_leaver final : public faulty_stand_in {
  using faulty_stand_in::faulty_stand_in;
  void relay(stand_in_task task) override {
    if (is_lost(task))
      report(task);
    faulty_stand_in::relay(std::move(task));
  }
};

/// Stays in its rooms when its node is lost.
class ghost final : public faulty_stand_in {
  using faulty_stand_in::faulty_stand_in;
  void relay(stand_in_task task) override {
    if (is_lost(task))
      report(task);
    else
      faulty_stand_in::relay(std::move(task));
  }
};

/// Says that a text was told before it was.
class early_teller final : public faulty_stand_in {
  using faulty_stand_in::faulty_stand_in;
  void relay(stand_in_task task) override {
    if (const auto* news = std::get_if<room_news>(&task.what))
      if (!news->events.empty() && std::holds_alternative<said>(news->events.front()))
        report(task);
    faulty_stand_in::relay(std::move(task));
  }
};

template <class StandIn, class Pointer>
stand_in_actor::behavior_type behave_as(Pointer self, const stand_in_setup& setup) {
  self->state = std::make_shared<StandIn>(self, setup);
  faulty_stand_in& it = *self->state;
  auto& state = it.state();
  return {
      [](input_atom, const std::vector<char>&, batch_bytes) {},
      [](ended_atom) {},
      [](gone_atom, const std::string&) {},
      [&state](continue_atom, batch_bytes) { state.resume(); },
      [&state](named_atom, identity_ptr& who, const census&) { state.be_named(std::move(who)); },
      [&state](joined_atom, joined_room& to) { state.enter(std::move(to)); },
      [&state](kicked_atom, const caf::actor_addr& room) { state.be_kicked(room); },
      [&state](refuse_atom, refusal) { state.refuse(); },
      [&state](refuse_atom, refusal, receipt& unused) { state.refuse_texts(std::move(unused)); },
      [](list_atom, const room_page&) {},
      [](checked_atom, password_check) {},
      [&state](killed_atom, const std::string& words) { state.be_killed(words); },
      [&state](rename_atom, const std::string&) { state.ask_for_nick(); },
      [&it](relay_atom, stand_in_task& task) { it.relay(std::move(task)); },
  };
}

template <class StandIn>
stand_in_actor spawn_faulty_stand_in(caf::actor_system& system, stand_in_setup setup) {
  using pointer = stand_in_actor::stateful_broker_pointer<std::shared_ptr<faulty_stand_in>>;
  return system.middleman().spawn_broker(behave_as<StandIn, pointer>, std::move(setup));
}

template <class StandIn>
void have_stand_ins(server_parts& parts) {
  parts.cluster.spawn_stand_in = &spawn_faulty_stand_in<StandIn>;
}

// -- rooms and limits ---------------------------------------------------------

/// Tells other nodes what it was told by one of them, as if a client of its own had said it; now
/// and then, or it would never end.
class forwarding_room final : public faulty_room {
  using faulty_room::faulty_room;
  void join(entry member) override {
    if (!member.who.from.is_elsewhere())
      local_ = member.who;
    faulty_room::join(std::move(member));
  }
  void say(const session_actor& session, event_batch batch, receipt reply) override {
    const bool comes_from_elsewhere = reply.elsewhere != nullptr;
    auto copy = batch;
    faulty_room::say(session, std::move(batch), std::move(reply));
    if (!comes_from_elsewhere || !local_ || !now_and_then(3))
      return;
    copy.room = name();
    copy.who = *local_;
    const auto told = std::make_shared<const event_batch>(std::move(copy));
    for (const auto& peer : peers())
      self()->send(peer.actor, publish_atom::value, told, peer.itself, receipt{});
  }
  std::optional<author> local_;
};

/// Gives texts of other nodes numbers of its own.
class renumbering_room final : public faulty_room {
  using faulty_room::faulty_room;
  void say(const session_actor& session, event_batch batch, receipt reply) override {
    if (reply.elsewhere && !reply.elsewhere->empty()) {
      auto at = *reply.elsewhere;
      at.room += other_numbers;
      reply.elsewhere = std::make_shared<const stamp>(at);
    }
    faulty_room::say(session, std::move(batch), std::move(reply));
  }
  static constexpr std::uint64_t other_numbers = 1'000'000;
};

/// Forgets who was told in the rooms before that somebody quits.
class retelling_room final : public faulty_room {
  using faulty_room::faulty_room;
  void fan(fan_out news) override {
    if (news.leaves)
      news.told = {};
    faulty_room::fan(std::move(news));
  }
};

void end_abruptly(server_parts& parts) {
  parts.cluster.ends_abruptly = true;
}

/// Later than any run is.
void repeat_runs(server_parts& parts) {
  parts.cluster.run_after = 4'000'000'000'000;
}

void tell_all_at_once(server_parts& parts) {
  for (const auto& each : parts.cluster.storages)
    if (each)
      each->be_compared({.ranges_max = 1'000'000, .rows_max = 1'000'000});
}

/// Does what news of a kick ask for that come behind the return of whoever was put out, without
/// looking at which stay they mean. They do come so late here.
class unforgiving_room final : public faulty_room {
  using faulty_room::faulty_room;
  void request(room_request wish) override {
    if (wish.reply.elsewhere && wish.invitee.who && std::holds_alternative<kick>(wish.what)) {
      late_ = wish;
      by_ = wish.session.address();  // What it holds itself would stay in memory.
      late_->session = nullptr;
      late_->reply.gateway = nullptr;
      late_->stay.run = std::numeric_limits<std::uint64_t>::max();
    }
    faulty_room::request(std::move(wish));
  }
  void join(entry member) override {
    const auto who = member.who;
    faulty_room::join(std::move(member));
    const bool returns = late_ && who.from.is_elsewhere() &&
                         who.who->nick == late_->invitee.who->nick &&
                         who.who->node != late_->who.who->node;
    if (!returns)
      return;
    auto wish = *std::exchange(late_, std::nullopt);
    wish.session = caf::actor_cast<session_actor>(by_);
    if (wish.session)
      faulty_room::request(std::move(wish));
  }
  std::optional<room_request> late_;
  caf::actor_addr by_;
};

/// What was set in it on two nodes is never compared again.
class unsettled_room final : public faulty_room {
  using faulty_room::faulty_room;
  void settle() override {}
};

void allow_any_credit(server_parts& parts) {
  parts.cluster.credit_bytes = std::size_t{1} << 40;
}

constexpr std::array rows = {
    plant{.name = "no-epoch-check",
          .what_it_does = "what is left of an earlier link is taken for news of this one",
          .has_nodes = true,
          .tamper = &check_no_epoch},
    plant{.name = "rules-stay-home",
          .what_it_does = "other nodes are not told of modes and bans",
          .words = "HEALED",
          .has_nodes = true,
          .tamper = &keep_rules_at_home},
    plant{.name = "deaf-after-heal",
          .what_it_does = "what a node tells when it is back is not done",
          .words = "TEXTS: had not got",
          .has_nodes = true,
          .tamper = &be_deaf_after_loss},
    plant{.name = "nick-for-two-nodes",
          .what_it_does = "nobody gives way when two nodes gave a nick away",
          .words = "HEALED",
          .has_nodes = true,
          .tamper = &claim_later},
    plant{.name = "text-lost-between-nodes",
          .what_it_does = "one text in five does not reach the other node",
          .words = "TEXTS: had not got",
          .has_nodes = true,
          .tamper = &lose_texts},
    plant{.name = "receipts-before-left",
          .what_it_does = "a text is answered before those of a lost node have left",
          .misconfigure = &have_stand_ins<late_leaver>,
          .words = "OK: text",
          .has_nodes = true},
    plant{.name = "forgotten-ghost",
          .what_it_does = "clients of a lost node stay in their rooms",
          .misconfigure = &have_stand_ins<ghost>,
          .words = "HEALED",
          .has_nodes = true},
    plant{.name = "taken-before-queued",
          .what_it_does = "a node says that its readers have got what is on its way to them",
          .misconfigure = &have_stand_ins<early_teller>,
          .words = "TEXTS: had not got",
          .has_nodes = true},
    plant{.name = "remote-batches-forwarded",
          .what_it_does = "a node tells others what one of them has told it",
          .spawn_room = &spawn_faulty<forwarding_room>,
          .words = "TEXTS",
          .has_nodes = true},
    plant{.name = "late-kicks-hold",
          .what_it_does = "a kick holds for who has come back before its news came",
          .spawn_room = &spawn_faulty<unforgiving_room>,
          .words = "HEALED",
          .has_nodes = true},
    plant{.name = "rooms-never-settle",
          .what_it_does = "what was set in a room while two nodes made it is not compared again",
          .spawn_room = &spawn_faulty<unsettled_room>,
          .words = "HEALED",
          .has_nodes = true},
    plant{.name = "credit-unbounded",
          .what_it_does = "a node sends on to one that takes nothing",
          .misconfigure = &allow_any_credit,
          .words = "CREDIT",
          .has_nodes = true},
    plant{.name = "histories-not-compared",
          .what_it_does = "no node gets what it has missed",
          .words = "HISTORIES: node",
          .has_nodes = true,
          .tamper = &compare_nothing},
    plant{.name = "holes-in-histories",
          .what_it_does = "one event in three is left out of what a node has missed",
          .words = "HISTORIES: node",
          .has_nodes = true,
          .tamper = &leave_holes},
    plant{.name = "take-backs-forgotten",
          .what_it_does = "a text that was taken back stays in the histories of other nodes",
          .words = "HISTORIES: node",
          .has_nodes = true,
          .tamper = &forget_take_backs},
    plant{.name = "texts-renumbered",
          .what_it_does = "texts of other nodes have ids of their own",
          .spawn_room = &spawn_faulty<renumbering_room>,
          .words = " twice",
          .has_nodes = true},
    plant{.name = "asks-without-waiting",
          .what_it_does = "a node asks again what is missing before it was answered",
          .words = "PIECES: ",
          .has_nodes = true,
          .tamper = &ask_without_waiting},
    plant{.name = "missing-at-once",
          .what_it_does = "a node tells all that another one has missed at once",
          .misconfigure = &tell_all_at_once,
          .words = "events at once",
          .has_nodes = true},
    plant{.name = "quits-told-again",
          .what_it_does = "who shares two rooms is told twice that somebody quits",
          .spawn_room = &spawn_faulty<retelling_room>,
          .words = "cannot know what to do with",
          .has_nodes = true},
    plant{.name = "runs-repeated",
          .what_it_does = "a node that starts again gives the ids that it gave before",
          .misconfigure = &repeat_runs,
          .words = "HISTORIES: node",
          .has_nodes = true},
    plant{.name = "no-farewell",
          .what_it_does = "a node that is to end in order is gone at once",
          .misconfigure = &end_abruptly,
          .words = "FAREWELL: ",
          .has_nodes = true},
};

}  // namespace

std::span<const plant> plants_of_nodes() {
  return rows;
}

}  // namespace confab::simulation
