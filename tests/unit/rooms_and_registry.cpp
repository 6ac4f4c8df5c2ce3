// The registry and the rooms, one message at a time: the claims of docs/SYNCHRONIZATION.md.

#include "tests/support/catch.hpp"
#include "tests/support/deterministic_system.hpp"
#include "tests/support/fake_gateway.hpp"
#include "tests/support/interleavings.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

using namespace confab;
using namespace confab::test;

namespace {

constexpr room_limits roomy{.rooms_max = 100, .kept_vacant_max = 2};
constexpr std::size_t runs_max = 20'000;

/// What a fake session was told.
struct notes {
  std::map<connection_key, room_actor> rooms;
  std::vector<std::pair<connection_key, refusal>> refusals;
  room_page listed;
};

session_actor::behavior_type fake_session(session_actor::pointer self, connection_key key,
                                          std::shared_ptr<notes> told) {
  return {
      [](input_atom, const std::vector<char>&, batch_bytes) {},
      [](ended_atom) {},
      [self](gone_atom) { self->quit(); },
      [](continue_atom, batch_bytes) {},
      [=](joined_atom, const joined_room& to) { told->rooms[key] = to.room; },
      [=](refuse_atom, refusal why) { told->refusals.emplace_back(key, why); },
      [=](list_atom, const room_page& page) { told->listed = page; },
  };
}

/// A registry, two gateways and any number of sessions, which are known by their connection.
class world {
 public:
  explicit world(room_limits limits = roomy) {
    for (auto& gateway : gateways_)
      gateway = system().spawn(fake_gateway, &sessions_, log_);
    registry_ = spawn_scheduled_registry(system(), limits);
  }

  ~world() {
    told_->rooms.clear();
    for (const auto& [key, session] : sessions_)
      caf::anon_send_exit(session, caf::exit_reason::kill);
    sessions_.clear();
    for (const auto& gateway : gateways_)
      caf::anon_send_exit(gateway, caf::exit_reason::kill);
    caf::anon_send(registry_, close_atom::value);
    deterministic_.run();
  }

  caf::actor_system& system() { return deterministic_.system(); }
  void run() { deterministic_.run(); }
  void run(const deterministic_system::chooser& choose) { deterministic_.run(choose); }

  /// Connections from 100 on are behind the second gateway.
  void connect(connection_key key) {
    sessions_.emplace_back(key, system().spawn(fake_session, key, told_));
  }

  const session_actor& session(connection_key key) const {
    const auto found = std::find_if(sessions_.begin(), sessions_.end(),
                                    [key](const auto& each) { return each.first == key; });
    return found->second;
  }

  void join(connection_key key, const std::string& room, const std::string& from = "",
            bool listens = true, join_mode mode = join_mode::open_or_make) {
    caf::anon_send(registry_, join_atom::value,
                   join_request{room, mode, from,
                                entry{session(key), who(key), listens, true,
                                      reply(key, "[in " + room + "]")}});
  }

  void leave(connection_key key) {
    caf::anon_send(told_->rooms.at(key), leave_atom::value, session(key), reply(key, "[out]"));
  }

  void say(connection_key key, const std::string& text) {
    caf::anon_send(told_->rooms.at(key), say_atom::value,
                   std::make_shared<const event_batch>(event_batch{"", who(key), {said{text}}}),
                   reply(key, "[told]"));
  }

  void kill(connection_key key) { caf::anon_send_exit(session(key), caf::exit_reason::kill); }

  std::vector<std::string> rooms() { return page(std::string{}).names; }

  /// The rooms behind this one.
  room_page page(const std::string& behind) {
    caf::anon_send(registry_, list_atom::value, session(sessions_.front().first), behind);
    run();
    return told_->listed;
  }

  /// What was put on the wire of a connection, in order.
  std::string heard(connection_key key) const {
    std::string result;
    for (const auto& each : *log_)
      if (each.to == key)
        result += each.what;
    return result;
  }

  const std::vector<wire_entry>& wire() const { return *log_; }
  const notes& told() const { return *told_; }

 private:
  author who(connection_key key) const {
    return {"u" + std::to_string(key), "test", key < 100 ? 0U : 1U, key};
  }

  receipt reply(connection_key key, std::string bytes) const {
    return {gateways_[key < 100 ? 0 : 1], key, std::move(bytes), 0, next_step::nothing};
  }

  deterministic_system deterministic_;
  std::vector<std::pair<connection_key, session_actor>> sessions_;
  wire_log log_ = std::make_shared<std::vector<wire_entry>>();
  std::shared_ptr<notes> told_ = std::make_shared<notes>();
  gateway_actor gateways_[2];
  registry_actor registry_;
};

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t result = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++result;
  return result;
}

}  // namespace

TEST_CASE("a room is made by the first join and ends when its last member leaves") {
  world all;
  all.connect(1);
  CHECK(all.rooms().empty());
  all.join(1, "cafe");
  all.run();
  CHECK(all.rooms() == std::vector<std::string>{"cafe"});
  all.leave(1);
  all.run();
  CHECK(all.rooms().empty());
  CHECK(all.heard(1) == "+u1;[in cafe][out]");
}

TEST_CASE("a text reaches all members behind all gateways, and the reply comes after it") {
  world all;
  for (const connection_key key : {1U, 2U, 100U}) {
    all.connect(key);
    all.join(key, "cafe");
    all.run();
  }
  all.say(1, "hi");
  all.run();
  for (const connection_key key : {1U, 2U, 100U})
    CHECK(count(all.heard(key), "u1:hi;") == 1);
  CHECK(all.heard(1).find("u1:hi;") < all.heard(1).find("[told]"));
}

TEST_CASE("a member that only speaks is no audience") {
  world all;
  all.connect(1);
  all.connect(2);
  all.join(1, "cafe", "", false);
  all.join(2, "cafe");
  all.run();
  all.say(1, "hi");
  all.run();
  CHECK(all.heard(1) == "[in cafe][told]");
  CHECK(count(all.heard(2), "u1:hi;") == 1);
}

TEST_CASE("a session that dies leaves its room, and the others are told") {
  world all;
  all.connect(1);
  all.connect(2);
  all.join(1, "cafe");
  all.join(2, "cafe");
  all.run();
  all.kill(2);
  all.run();
  CHECK(count(all.heard(1), "-u2;") == 1);
  all.kill(1);
  all.run();
  all.connect(3);
  all.join(3, "other");
  all.run();
  CHECK(all.told().rooms.contains(3));
}

TEST_CASE("a failed join changes nothing") {
  world all;
  all.connect(1);
  all.join(1, "cafe");
  all.run();
  all.join(1, "nowhere", "cafe", true, join_mode::must_exist);
  all.join(1, "cafe", "cafe", true, join_mode::must_not_exist);
  all.run();
  CHECK(all.told().refusals == std::vector<std::pair<connection_key, refusal>>{
                                   {1, refusal::no_such_room}, {1, refusal::room_exists}});
  all.say(1, "still here");
  all.run();
  CHECK(all.heard(1) == "+u1;[in cafe]u1:still here;[told]");
  CHECK(all.rooms() == std::vector<std::string>{"cafe"});
}

TEST_CASE("a join beyond the limit of rooms is refused") {
  world all{room_limits{.rooms_max = 1, .kept_vacant_max = 0}};
  all.connect(1);
  all.connect(2);
  all.join(1, "a");
  all.run();
  all.join(2, "b");
  all.join(2, "a");
  all.run();
  CHECK(all.told().refusals ==
        std::vector<std::pair<connection_key, refusal>>{{2, refusal::too_many_rooms}});
  CHECK(all.heard(2) == "+u2;[in a]");
}

TEST_CASE(
    "a created room stays when it is empty, and beyond the limit the longest empty one ends") {
  world all;
  all.connect(1);
  std::string from;
  for (const std::string room : {"a", "b", "c", "d"}) {
    all.join(1, room, from, true, join_mode::must_not_exist);
    all.run();
    from = room;
  }
  CHECK(all.rooms() == std::vector<std::string>{"b", "c", "d"});
  all.join(1, "b", from, true, join_mode::must_exist);
  all.run();
  CHECK(all.rooms() == std::vector<std::string>{"b", "c", "d"});
  all.leave(1);
  all.run();
  CHECK(all.rooms() == std::vector<std::string>{"b", "d"});
}

TEST_CASE("in every interleaving a join on its way keeps an emptying room alive") {
  const auto runs = for_each_interleaving(
      [](const auto& choose) {
        world all;
        all.connect(1);
        all.connect(2);
        all.join(1, "cafe");
        all.run();
        all.leave(1);
        all.join(2, "cafe");
        all.run(choose);
        all.say(2, "anybody?");
        all.run();
        REQUIRE(count(all.heard(2), "u2:anybody?;") == 1);
        REQUIRE(all.rooms() == std::vector<std::string>{"cafe"});
        all.leave(2);
        all.run();
        REQUIRE(all.rooms().empty());
      },
      runs_max);
  CHECK(runs > 10);
}

TEST_CASE("in every interleaving a session that dies on the move leaves no room behind") {
  const auto runs = for_each_interleaving(
      [](const auto& choose) {
        world all;
        all.connect(9);  // Asks for the list.
        all.connect(1);
        all.join(1, "a");
        all.run();
        all.join(1, "b", "a");
        all.kill(1);
        all.run(choose);
        REQUIRE(all.rooms().empty());
      },
      runs_max);
  CHECK(runs > 10);
}

TEST_CASE("in every interleaving a text comes to those who joined before it and not to others") {
  const auto runs = for_each_interleaving(
      [](const auto& choose) {
        world all;
        for (const connection_key key : {1U, 2U, 3U})
          all.connect(key);
        all.join(1, "cafe");
        all.join(3, "cafe");
        all.run();
        all.join(2, "cafe");
        all.say(1, "x");
        all.leave(3);
        all.run(choose);
        REQUIRE(count(all.heard(1), "u1:x;") == 1);
        // A joiner gets it after its welcome or not at all, a leaver before its reply or not.
        const auto joiner = all.heard(2);
        if (count(joiner, "u1:x;") == 1)
          REQUIRE(joiner.find("[in cafe]") < joiner.find("u1:x;"));
        const auto leaver = all.heard(3);
        if (count(leaver, "u1:x;") == 1)
          REQUIRE(leaver.find("u1:x;") < leaver.find("[out]"));
        REQUIRE(count(joiner, "u1:x;") <= 1);
        REQUIRE(count(leaver, "u1:x;") <= 1);
      },
      runs_max);
  CHECK(runs > 10);
}

TEST_CASE("in every interleaving a member on the move hears each text of one room at most") {
  const auto runs = for_each_interleaving(
      [](const auto& choose) {
        world all;
        for (const connection_key key : {1U, 2U, 3U})
          all.connect(key);
        all.join(1, "a");
        all.join(2, "b");
        all.join(3, "a");
        all.run();
        all.join(3, "b", "a");
        all.say(1, "in a");
        all.say(2, "in b");
        all.run(choose);
        const auto mover = all.heard(3);
        const auto arrival = mover.find("[in b]");
        REQUIRE(arrival != std::string::npos);
        if (count(mover, "u1:in a;") == 1)
          REQUIRE(mover.find("u1:in a;") < arrival);
        if (count(mover, "u2:in b;") == 1)
          REQUIRE(mover.find("u2:in b;") > arrival);
      },
      runs_max);
  CHECK(runs > 10);
}
