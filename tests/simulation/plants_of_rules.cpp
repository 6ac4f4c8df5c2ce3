// Rooms that are wrong about what somebody may do there.

#include "tests/simulation/faulty_room.hpp"
#include "tests/simulation/plant_tables.hpp"

#include <array>
#include <memory>
#include <string_view>
#include <utility>

namespace confab::simulation {

namespace {

/// Lets everybody speak, whatever the rules are.
class deaf_to_rules final : public faulty_room {
  using faulty_room::faulty_room;
  void say(const session_actor& session, event_batch batch, receipt reply) override {
    auto powerful = std::make_shared<identity>(*batch.who.who);
    powerful->server_operator = true;
    batch.who.who = std::move(powerful);
    faulty_room::say(session, std::move(batch), std::move(reply));
  }
};

/// Lets those of another protocol come in and speak, whatever the rules are.
template <class Protocol>
class way_round final : public faulty_room {
  using faulty_room::faulty_room;
  void join(entry member) override {
    member.who = powerful(std::move(member.who));
    faulty_room::join(std::move(member));
  }
  void say(const session_actor& session, event_batch batch, receipt reply) override {
    batch.who = powerful(std::move(batch.who));
    faulty_room::say(session, std::move(batch), std::move(reply));
  }
  static author powerful(author who) {
    if (who.dialect() != Protocol::name)
      return who;
    auto changed = std::make_shared<identity>(*who.who);
    changed->server_operator = true;
    who.who = std::move(changed);
    return who;
  }
};

struct tagged_protocol {
  static constexpr std::string_view name = "tagged";
};
struct framed_protocol {
  static constexpr std::string_view name = "framed";
};
struct oneroom_protocol {
  static constexpr std::string_view name = "oneroom";
};

/// Does not deal with every request.
class lost_request final : public faulty_room {
  using faulty_room::faulty_room;
  void request(room_request wish) override {
    if (!now_and_then(5))
      faulty_room::request(std::move(wish));
  }
};

constexpr std::array rows = {
    plant{.name = "deaf-to-rules",
          .what_it_does = "everybody may speak, whatever the rules are",
          .spawn_room = &spawn_faulty<deaf_to_rules>,
          .words = "RULES: said"},
    plant{.name = "open-door-tagged",
          .what_it_does = "tagged clients come in whatever the rules are",
          .spawn_room = &spawn_faulty<way_round<tagged_protocol>>,
          .words = "RULES: came into"},
    plant{.name = "open-door-framed",
          .what_it_does = "framed clients come in whatever the rules are",
          .spawn_room = &spawn_faulty<way_round<framed_protocol>>,
          .words = "RULES: came into"},
    plant{.name = "open-door-oneroom",
          .what_it_does = "oneroom clients come in whatever the rules are",
          .spawn_room = &spawn_faulty<way_round<oneroom_protocol>>,
          .words = "RULES: came into"},
    plant{.name = "deaf-to-rules-tagged",
          .what_it_does = "tagged clients speak whatever the rules are",
          .spawn_room = &spawn_faulty<way_round<tagged_protocol>>,
          .words = "RULES: said"},
    plant{.name = "deaf-to-rules-framed",
          .what_it_does = "framed clients speak whatever the rules are",
          .spawn_room = &spawn_faulty<way_round<framed_protocol>>,
          .words = "RULES: said"},
    plant{.name = "deaf-to-rules-oneroom",
          .what_it_does = "oneroom clients speak whatever the rules are",
          .spawn_room = &spawn_faulty<way_round<oneroom_protocol>>,
          .words = "RULES: said"},
    plant{.name = "lost-request",
          .what_it_does = "one request in five has no answer",
          .spawn_room = &spawn_faulty<lost_request>,
          .words = "was not answered"},
};

}  // namespace

std::span<const plant> plants_of_rules() {
  return rows;
}

}  // namespace confab::simulation
