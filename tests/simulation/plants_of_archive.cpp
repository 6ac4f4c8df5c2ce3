// Servers that are wrong about what is kept, what was said before, and how it is answered.

#include "tests/simulation/dialect_wrapper.hpp"
#include "tests/simulation/faulty_room.hpp"
#include "tests/simulation/plant_tables.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>

namespace confab::simulation {

namespace {

/// What is done to a batch on its way to the archive.
struct archive_fault {
  std::size_t batches_per_fault = 2;  ///< Of so many batches,
  bool tells_at_once = false;         ///< one is said to be kept at once,
  std::size_t copies = 1;             ///< and handed on so often.
};

/// Stands before the real archive: has its own handlers of `keep` and `compare`, and hands all else
/// on.
template <class Keep, class Compare>
archive_actor::behavior_type before_archive(archive_actor::broker_pointer self, archive_actor real,
                                            Keep keep, Compare compare) {
  return {
      std::move(keep),
      [=](recall_atom, history_request& request) {
        self->send(real, recall_atom::value, std::move(request));
      },
      [=](redact_atom, redaction& request) {
        self->send(real, redact_atom::value, std::move(request));
      },
      std::move(compare),
      [](tick_atom) {},
      [](flush_atom) {},
      [](report_atom) { return archive_report{}; },
      [=](close_atom) {
        self->send(real, close_atom::value);
        self->quit();
      },
  };
}

template <class Fault>
archive_actor::behavior_type faulty_archive(archive_actor::broker_pointer self,
                                            archive_actor real) {
  const auto count = std::make_shared<std::size_t>(0);
  constexpr archive_fault fault = Fault::value;
  return before_archive(
      self, real,
      [=](keep_atom, event_batch_ptr& batch, const receipt& reply, std::size_t readers) {
        const bool is_due = ++*count % fault.batches_per_fault == 0;
        const bool tells = is_due && fault.tells_at_once;
        if (tells && reply.gateway)
          self->send(reply.gateway, kept_atom::value, reply.connection, true);
        const auto copies = is_due ? fault.copies : 1;
        for (std::size_t i = 0; i < copies; ++i)
          self->send(real, keep_atom::value, batch, i == 0 && !tells ? reply : receipt{}, readers);
      },
      [=](compare_atom, comparison& found) {
        self->send(real, compare_atom::value, std::move(found));
      });
}

template <class Fault>
archive_actor wrap(caf::actor_system& system, archive_actor real) {
  return system.middleman().spawn_broker(faulty_archive<Fault>, std::move(real));
}

struct ok_too_early {
  static constexpr archive_fault value{.tells_at_once = true};
};
struct kept_twice {
  static constexpr archive_fault value{.copies = 2};
};

/// What comes from the history of another node is told to whoever has spoken here last.
archive_actor::behavior_type late_teller(archive_actor::broker_pointer self, archive_actor real) {
  struct reader {
    gateway_actor gateway;
    connection_key connection = 0;
  };
  const auto last = std::make_shared<reader>();
  return before_archive(
      self, real,
      [=](keep_atom, event_batch_ptr& batch, receipt& reply, std::size_t readers) {
        if (reply.gateway && !batch->who.from.is_elsewhere())
          *last = {reply.gateway, batch->who.from.connection};
        self->send(real, keep_atom::value, std::move(batch), std::move(reply), readers);
      },
      [=](compare_atom, comparison& found) {
        if (const auto* missing = std::get_if<missing_events>(&found.what))
          for (const auto& batch : missing->events)
            if (last->gateway && std::holds_alternative<said>(batch->events.front()))
              self->send(last->gateway, publish_atom::value, batch,
                         audience_ptr{std::make_shared<const audience>(audience{last->connection})},
                         receipt{}, std::size_t{0});
        self->send(real, compare_atom::value, std::move(found));
      });
}

archive_actor wrap_late_teller(caf::actor_system& system, archive_actor real) {
  return system.middleman().spawn_broker(late_teller, std::move(real));
}

void hide_failures(server_parts& parts) {
  if (parts.storage)
    parts.storage->hide_failures();
}

void let_any_number_wait(server_parts& parts) {
  parts.gateways.unconfirmed_batches_max = 1000;
}

void replay_one_more(server_parts& parts) {
  ++parts.replay_texts;
}

/// Hands the last text to whoever comes in, who is told of it as of one said before.
class replay_twice final : public faulty_room {
  using faulty_room::faulty_room;
  void join(entry member) override {
    const auto late = late_for(member);
    faulty_room::join(std::move(member));
    hand_last(late);
  }
  void enter(entry member) override {
    const auto late = late_for(member);
    faulty_room::enter(std::move(member));
    hand_last(late);
  }
  void say(const session_actor& session, event_batch batch, receipt reply) override {
    last_ = std::make_shared<const event_batch>(batch);
    faulty_room::say(session, std::move(batch), std::move(reply));
  }

  struct newcomer {
    gateway_actor gateway;
    connection_key connection = 0;
  };

  static newcomer late_for(const entry& member) {
    if (!member.listens || member.leaves)
      return {};
    return {member.reply.gateway, member.who.from.connection};
  }

  void hand_last(const newcomer& whom) {
    if (last_ && whom.gateway)
      self()->send(whom.gateway, publish_atom::value, last_,
                   audience_ptr{std::make_shared<const audience>(audience{whom.connection})},
                   receipt{}, std::size_t{0});
  }

  event_batch_ptr last_;
};

/// Leaves the last text out of what was said before.
class forgetful_dialect final : public dialect_wrapper {
 public:
  using dialect_wrapper::dialect_wrapper;

  void encode_replay(const history_page& said_before, reader_class reader,
                     std::string& out) const override {
    auto shorter = said_before;
    if (shorter.size() > 1)
      shorter.pop_back();
    dialect_wrapper::encode_replay(shorter, reader, out);
  }
};

/// Gives no answer its label.
class unlabelled_dialect final : public dialect_wrapper {
 public:
  using dialect_wrapper::dialect_wrapper;

  void mark_answers(const asking&, std::string&) const override {}
};

template <class Dialect>
void wrap_dialects(server_parts& parts) {
  for (auto& each : parts.dialects)
    each = std::make_shared<Dialect>(std::move(each));
}

constexpr std::array rows = {
    plant{.name = "ok-too-early",
          .what_it_does = "one batch in two is said to be kept before it is",
          .words = "KEPT: ",
          .wrap_archive = &wrap<ok_too_early>},
    plant{.name = "ok-too-early-of-nodes",
          .what_it_does = "the same on several nodes",
          .words = "ACCEPTED: ",
          .wrap_archive = &wrap<ok_too_early>,
          .has_nodes = true},
    plant{.name = "late-texts-told",
          .what_it_does = "what comes from the history of another node is told to readers",
          .words = "LATE: ",
          .wrap_archive = &wrap_late_teller,
          .has_nodes = true},
    plant{.name = "lost-at-failure",
          .what_it_does = "what could not be kept is said to be kept",
          .misconfigure = &hide_failures,
          .words = "KEPT: "},
    plant{.name = "kept-twice",
          .what_it_does = "one batch in two is kept twice",
          .words = "KEPT: the storage holds",
          .wrap_archive = &wrap<kept_twice>},
    plant{.name = "unbounded-unconfirmed",
          .what_it_does = "an author is read however much of it waits for the archive",
          .misconfigure = &let_any_number_wait,
          .words = "UNCONFIRMED: at"},
    plant{.name = "replay-twice",
          .what_it_does = "the last text before a newcomer comes to it as one after it, too",
          .spawn_room = &spawn_faulty<replay_twice>,
          .words = "REPLAY: text"},
    plant{.name = "replay-gap",
          .what_it_does = "the last text before a newcomer is not told to it",
          .misconfigure = &wrap_dialects<forgetful_dialect>,
          .words = "is missing before"},
    plant{.name = "replay-too-many",
          .what_it_does = "a newcomer is told of one text too many",
          .misconfigure = &replay_one_more,
          .words = "REPLAY: was told of"},
    plant{.name = "lost-label",
          .what_it_does = "answers do not have the labels of their requests",
          .misconfigure = &wrap_dialects<unlabelled_dialect>,
          .words = "LABELS"},
};

}  // namespace

std::span<const plant> plants_of_archive() {
  return rows;
}

}  // namespace confab::simulation
