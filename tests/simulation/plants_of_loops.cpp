// What goes wrong only if the server has several loops.

#include "tests/simulation/faulty_room.hpp"
#include "tests/simulation/plant_tables.hpp"

#include <array>
#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>

namespace confab::simulation {

namespace {

/// Tells a session that it is a member only after its gateway has been told. In one loop that is
/// the same, since neither of them runs before both have their message.
class late_joined final : public faulty_room {
  using faulty_room::faulty_room;
  void join(entry member) override {
    if (!member.leaves && !member.wants_view) {
      auto early = std::move(member.reply);
      member.reply = {};
      member.reply.gateway = early.gateway;
      member.reply.connection = early.connection;
      member.reply.next = next_step::nothing;
      answer(std::move(early));
    }
    faulty_room::join(std::move(member));
  }
};

constexpr std::array rows = {
    plant{.name = "late-joined",
          .what_it_does = "a session may go on before it knows that it is a member",
          .spawn_room = &spawn_faulty<late_joined>,
          .has_loops = true},
};

}  // namespace

std::span<const plant> plants_of_loops() {
  return rows;
}

}  // namespace confab::simulation
