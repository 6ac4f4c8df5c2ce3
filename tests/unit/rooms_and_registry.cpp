// The registry and the rooms, one message at a time: the claims of docs/SYNCHRONIZATION.md.

#include "tests/support/authors.hpp"
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

const room_limits roomy{.rooms_max = 100, .kept_vacant_max = 2};
constexpr std::size_t runs_max = 20'000;

using key_refusals = std::vector<std::pair<connection_key, refusal>>;

/// What a fake session was told.
struct notes {
  std::map<connection_key, room_actor> rooms;
  key_refusals refusals;
  key_refusals refused_texts;
  std::vector<connection_key> kicked;
  room_page listed;
};

session_actor::behavior_type fake_session(session_actor::pointer self, connection_key key,
                                          std::shared_ptr<notes> told) {
  return {
      [](input_atom, const std::vector<char>&, batch_bytes) {},
      [](ended_atom) {},
      [self](gone_atom, const std::string&) { self->quit(); },
      [](continue_atom, batch_bytes) {},
      [](named_atom, const identity_ptr&, const census&) {},
      [=](joined_atom, const joined_room& to) { told->rooms[key] = to.room; },
      [=](kicked_atom, const caf::actor_addr&) { told->kicked.push_back(key); },
      [=](refuse_atom, refusal why) { told->refusals.emplace_back(key, why); },
      [=](refuse_atom, refusal why, const receipt&) { told->refused_texts.emplace_back(key, why); },
      [=](list_atom, const room_page& page) { told->listed = page; },
      [](checked_atom, password_check) {},
      [](killed_atom, const std::string&) {},
      [](rename_atom, const std::string&) {},
  };
}

/// A registry, two gateways and any number of sessions, which are known by their connection.
class world {
 public:
  explicit world(const room_limits& limits = roomy) {
    for (auto& gateway : gateways_)
      gateway = system().spawn(fake_gateway, &sessions_, log_);
    names_ = spawn_scheduled_names(system(), limits);
  }

  ~world() {
    told_->rooms.clear();
    for (const auto& [key, session] : sessions_)
      caf::anon_send_exit(session, caf::exit_reason::kill);
    sessions_.clear();
    for (const auto& gateway : gateways_)
      caf::anon_send_exit(gateway, caf::exit_reason::kill);
    close_names(names_);
    deterministic_.run();
  }

  caf::actor_system& system() { return deterministic_.system(); }
  void run() { deterministic_.run(); }
  void run(const deterministic_system::chooser& choose) { deterministic_.run(choose); }

  /// A client that the directory knows. Connections from 100 on are behind the second gateway.
  void connect(connection_key key) {
    sessions_.emplace_back(key, system().spawn(fake_session, key, told_));
    caf::anon_send(names_.directory, claim_atom::value,
                   nick_claim{session(key), gateways_[key < 100 ? 0 : 1], who(key)});
    run();
  }

  const session_actor& session(connection_key key) const {
    const auto found = std::find_if(sessions_.begin(), sessions_.end(),
                                    [key](const auto& each) { return each.first == key; });
    return found->second;
  }

  void join(connection_key key, const std::string& room, const std::string& from = "",
            bool listens = true, join_mode mode = join_mode::open_or_make) {
    auto wish = wish_to_join(key, room);
    wish.mode = mode;
    wish.from = from;
    wish.member.listens = listens;
    send(std::move(wish));
  }

  /// A wish that a test may change before it sends it.
  join_request wish_to_join(connection_key key, const std::string& room) {
    join_request result;
    result.room = room;
    result.mode = join_mode::open_or_make;
    result.member.session = session(key);
    result.member.who = who(key);
    result.member.listens = true;
    result.member.announces_members = true;
    result.member.reply = reply(key, "[in " + room + "]");
    return result;
  }

  void join_with_key(connection_key key, const std::string& room, const std::string& word) {
    auto wish = wish_to_join(key, room);
    wish.member.key = word;
    send(std::move(wish));
  }

  /// The case of A-Z does not matter to this client.
  void join_folded(connection_key key, const std::string& room) {
    auto wish = wish_to_join(key, room);
    wish.folds_name = true;
    send(std::move(wish));
  }

  void send(join_request wish) {
    caf::anon_send(names_.registry, join_atom::value, std::move(wish));
  }

  /// The client is in the room, and nobody has heard anything.
  void enter(connection_key key, const std::string& room) {
    connect(key);
    join(key, room);
    run();
    log_->clear();
  }

  void leave(connection_key key) {
    caf::anon_send(told_->rooms.at(key), leave_atom::value, session(key), std::string{},
                   reply(key, "[out]"));
  }

  void say(connection_key key, const std::string& text) {
    caf::anon_send(told_->rooms.at(key), say_atom::value, session(key),
                   event_batch{"", who(key), {said{text}}}, reply(key, "[told]"));
  }

  void send_from_outside(connection_key key, const std::string& room, const std::string& text) {
    caf::anon_send(names_.registry, say_atom::value, session(key),
                   event_batch{room, who(key), {said{text}}}, reply(key, "[told]"));
  }

  void say_from_outside(connection_key key, const std::string& room, const std::string& text) {
    send_from_outside(key, room, text);
    run();
  }

  /// The same, by a client whose protocol has words for answers.
  void ask_from_outside(connection_key key, const std::string& room, const std::string& text) {
    auto told = reply(key, "[told]");
    told.asked = std::make_shared<const asking>();
    caf::anon_send(names_.registry, say_atom::value, session(key),
                   event_batch{room, who(key), {said{text}}}, std::move(told));
    run();
  }

  /// What the client is told when it wants this of the room that it is in.
  std::string want(connection_key key, room_wish what) {
    return answer_to(key, told_->rooms.at(key), request(key, {}, std::move(what)));
  }

  /// The same of a room that it is not in.
  std::string want_from_outside(connection_key key, const std::string& room, room_wish what) {
    return answer_to(key, names_.registry, request(key, room, std::move(what)));
  }

  std::string change_modes(connection_key key, std::vector<mode_change> changes) {
    return want(key, confab::change_modes{{}, std::move(changes)});
  }

  void send_modes(connection_key key, std::vector<mode_change> changes) {
    caf::anon_send(told_->rooms.at(key), request_atom::value,
                   request(key, {}, confab::change_modes{{}, std::move(changes)}));
  }

  std::string kick(connection_key key, connection_key whom) {
    return want(key, confab::kick{{}, who(whom).name(), "because"});
  }

  void send_kick(connection_key key, connection_key whom) {
    caf::anon_send(told_->rooms.at(key), request_atom::value,
                   request(key, {}, confab::kick{{}, who(whom).name(), "because"}));
  }

  void forget_wire() { log_->clear(); }

  std::string invite(connection_key key, connection_key whom) {
    auto wish = request(key, {}, confab::invite{who(whom).name(), {}});
    wish.invitee = who(whom);
    wish.invitee_gateway = gateways_[whom < 100 ? 0 : 1];
    return answer_to(key, told_->rooms.at(key), std::move(wish));
  }

  /// The session fails, and its gateway says so.
  void kill(connection_key key) {
    caf::anon_send_exit(session(key), caf::exit_reason::kill);
    caf::anon_send(names_.directory, gone_atom::value, who(key).from);
  }

  std::vector<std::string> rooms() {
    std::vector<std::string> result;
    for (const auto& room : page(std::string{}).rooms)
      result.push_back(room.name);
    return result;
  }

  /// The rooms behind this one.
  room_page page(const std::string& behind) {
    caf::anon_send(names_.registry, list_atom::value, session(sessions_.front().first), behind);
    run();
    return told_->listed;
  }

  /// What was put on the wire of a connection, in order.
  std::string heard(connection_key key) const { return heard_by(key, *log_); }

  const std::vector<wire_entry>& wire() const { return *log_; }
  const notes& told() const { return *told_; }

 private:
  author who(connection_key key) const {
    return make_author("u" + std::to_string(key), "test", key < 100 ? 0U : 1U, key);
  }

  receipt reply(connection_key key, std::string bytes) const {
    return {gateways_[key < 100 ? 0 : 1], key, std::move(bytes), 0, next_step::nothing, {}, {}};
  }

  room_request request(connection_key key, const std::string& room, room_wish what) {
    room_request result;
    result.session = session(key);
    result.who = who(key);
    result.room = room;
    result.what = std::move(what);
    result.reply = reply(key, {});
    return result;
  }

  template <class Actor>
  std::string answer_to(connection_key key, const Actor& whom, room_request what) {
    const auto before = heard(key).size();
    caf::anon_send(whom, request_atom::value, std::move(what));
    run();
    return heard(key).substr(before);
  }

  deterministic_system deterministic_;
  std::vector<std::pair<connection_key, session_actor>> sessions_;
  wire_log log_ = std::make_shared<std::vector<wire_entry>>();
  std::shared_ptr<notes> told_ = std::make_shared<notes>();
  gateway_actor gateways_[2];
  scheduled_names names_;
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
  CHECK(all.heard(1) == "+u1;[in cafe]-u1;[out]");  // A gateway may leave out what is its own.
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

TEST_CASE("a created room that was left is like a new one, whatever was set there before") {
  world all;
  all.connect(1);
  all.join(1, "cafe", "", true, join_mode::must_not_exist);
  all.run();
  all.change_modes(1, {{true, 'i', {}}, {true, 'k', "sesame"}, {true, 'l', "1"}, {true, 'm', {}}});
  all.change_modes(1, {{true, 's', {}}, {true, 'b', "*!*@*"}, {true, 'I', "x!*@*"}});
  all.want(1, set_topic{{}, "mine"});
  all.enter(2, "other");
  all.invite(1, 2);
  all.leave(1);
  all.run();
  const auto seen = all.page({}).rooms.front();
  CHECK(seen.name == "cafe");
  CHECK(seen.topic.empty());
  CHECK_FALSE(seen.secret);
  all.join(2, "cafe");
  all.run();
  CHECK(all.want(2, ask_room{}) == "(cafe +n @u2)");
  CHECK(all.want(2, ask_room{{}, room_question::bans}) == "(b)");
  CHECK(all.want(2, ask_room{{}, room_question::invexes}) == "(I)");
  all.say(2, "heard");
  all.run();
  CHECK(count(all.heard(2), "u2:heard;") == 1);
}

TEST_CASE("a created room whose last member puts itself out forgets its rules, too") {
  world all;
  all.connect(1);
  all.join(1, "cafe", "", true, join_mode::must_not_exist);
  all.run();
  all.change_modes(1, {{true, 'i', {}}});
  all.kick(1, 1);
  all.connect(2);
  all.join(2, "cafe");
  all.run();
  CHECK(all.want(2, ask_room{}) == "(cafe +n @u2)");
}

TEST_CASE("in every interleaving who comes as the last one leaves is refused or finds a new room") {
  const auto runs = for_each_interleaving(
      [](const auto& choose) {
        world all;
        all.connect(1);
        all.join(1, "cafe", "", true, join_mode::must_not_exist);
        all.run();
        all.change_modes(1, {{true, 'k', "sesame"}});
        all.enter(2, "other");
        all.leave(1);
        all.join(2, "cafe", "other");
        all.run(choose);
        if (all.told().refusals.empty())
          REQUIRE(all.want(2, ask_room{}) == "(cafe +n @u2)");
        else
          REQUIRE(all.told().refusals == key_refusals{{2, refusal::wrong_key}});
        all.connect(3);
        all.join(3, "cafe");
        all.run();
        REQUIRE(count(all.heard(3), "[in cafe]") == 1);
      },
      runs_max);
  CHECK(runs > 10);
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

TEST_CASE("a room with a key lets in only who knows it") {
  world all;
  all.enter(1, "cafe");
  CHECK(all.change_modes(1, {{true, 'k', "sesame"}}) == "u1 mode +ksesame;");
  all.connect(2);
  all.join(2, "cafe");
  all.join_with_key(2, "cafe", "parsley");
  all.run();
  CHECK(all.told().refusals == key_refusals{{2, refusal::wrong_key}, {2, refusal::wrong_key}});
  CHECK(all.heard(2).empty());
  all.join_with_key(2, "cafe", "sesame");
  all.run();
  CHECK(all.heard(2) == "+u2;[in cafe]");
}

TEST_CASE("a room that is by invitation only lets an invited client in once") {
  world all;
  all.enter(1, "cafe");
  all.change_modes(1, {{true, 'i', {}}});
  all.connect(2);
  all.join(2, "cafe");
  all.run();
  CHECK(all.told().refusals == key_refusals{{2, refusal::invite_only}});
  CHECK(all.invite(1, 2) == "u1 invites u2;(u2 is invited to cafe)");
  CHECK(all.heard(2) == "u1 invites u2;");
  all.join(2, "cafe");
  all.run();
  CHECK(all.heard(2) == "u1 invites u2;+u2;[in cafe]");
  all.leave(2);
  all.join(2, "cafe");
  all.run();
  CHECK(all.told().refusals == key_refusals{{2, refusal::invite_only}, {2, refusal::invite_only}});
}

TEST_CASE("a ban keeps out whom its mask matches, but for exceptions") {
  world all;
  all.enter(1, "cafe");
  all.change_modes(1, {{true, 'b', "u*!*@*"}, {true, 'e', "u3!*@*"}});
  all.connect(2);
  all.connect(3);
  all.join(2, "cafe");
  all.join(3, "cafe");
  all.run();
  CHECK(all.told().refusals == key_refusals{{2, refusal::banned}});
  CHECK(all.heard(3) == "+u3;[in cafe]");
  CHECK(all.want(1, ask_room{{}, room_question::bans}) == "(b u*!*@*)");
  CHECK(all.want(1, ask_room{{}, room_question::excepts}) == "(e u3!*@*)");
}

TEST_CASE(
    "in every interleaving a room has no more members than its limit, whoever is on the way") {
  const auto runs = for_each_interleaving(
      [](const auto& choose) {
        world all;
        all.enter(1, "cafe");
        all.change_modes(1, {{true, 'l', "2"}});
        all.enter(2, "a");
        all.enter(3, "b");
        all.join(2, "cafe", "a");
        all.join(3, "cafe", "b");
        all.run(choose);
        REQUIRE(all.told().refusals.size() == 1);
        REQUIRE(all.told().refusals[0].second == refusal::room_full);
        const auto out = all.told().refusals[0].first;
        all.say(out, "still where I was");
        all.run();
        REQUIRE(count(all.heard(out), ":still where I was;") == 1);
        REQUIRE(count(all.heard(1), ":still where I was;") == 0);
      },
      runs_max);
  CHECK(runs > 10);
}

TEST_CASE(
    "in every interleaving a ban against a move lets the member in or leaves it where it was") {
  const auto runs = for_each_interleaving(
      [](const auto& choose) {
        world all;
        all.enter(1, "cafe");
        all.enter(2, "old");
        all.enter(3, "old");
        all.join(2, "cafe", "old");
        all.send_modes(1, {{true, 'b', "u2!*@*"}});
        all.run(choose);
        const bool refused = !all.told().refusals.empty();
        REQUIRE(count(all.heard(3), "-u2;") == (refused ? 0 : 1));
        REQUIRE(count(all.heard(1), "+u2;") == (refused ? 0 : 1));
        all.say(3, "old");
        all.say(1, "new");
        all.run();
        REQUIRE(count(all.heard(2), "u3:old;") == (refused ? 1 : 0));
        REQUIRE(count(all.heard(2), "u1:new;") == (refused ? 0 : 1));
      },
      runs_max);
  CHECK(runs > 10);
}

TEST_CASE("a client that another room does not let in stays in its old room, which never lost it") {
  world all;
  all.enter(1, "cafe");
  all.enter(2, "old");
  all.enter(3, "old");
  for (const auto& gate : {mode_change{true, 'k', "sesame"}, mode_change{true, 'i', {}},
                           mode_change{true, 'l', "1"}, mode_change{true, 'b', "*!*@*"}}) {
    all.change_modes(1, {gate});
    all.join(2, "cafe", "old");
    all.run();
    all.change_modes(1, {{false, gate.letter, gate.parameter}});
  }
  CHECK(all.told().refusals.size() == 4);
  all.say(2, "still here");
  all.run();
  CHECK(all.heard(3) == "u2:still here;");
  CHECK(count(all.heard(1), "u2") == 0);
}

TEST_CASE("in a moderated room only operators and those with voice speak, and a ban takes voices") {
  world all;
  all.enter(1, "cafe");
  all.enter(2, "cafe");
  all.change_modes(1, {{true, 'm', {}}});
  all.say(2, "1");
  all.run();
  CHECK(all.told().refused_texts == key_refusals{{2, refusal::may_not_speak}});
  CHECK(all.change_modes(1, {{true, 'v', "u2"}}) == "u1 mode +vu2;");
  all.say(2, "2");
  all.say(1, "3");
  all.run();
  CHECK(count(all.heard(1), "u2:1;") == 0);
  CHECK(count(all.heard(1), "u2:2;") == 1);
  CHECK(count(all.heard(2), "u1:3;") == 1);
  all.change_modes(1, {{false, 'm', {}}, {false, 'v', "u2"}, {true, 'b', "u2!*@*"}});
  all.say(2, "4");
  all.run();
  CHECK(count(all.heard(1), "u2:4;") == 0);
  CHECK(all.told().refused_texts.size() == 2);
}

TEST_CASE("a ban bites at the next text, also where the room looks into texts") {
  world all;
  all.enter(1, "cafe");
  all.enter(2, "cafe");
  all.change_modes(1, {{true, 'C', {}}});
  all.say(2, "1");
  all.run();
  all.change_modes(1, {{true, 'b', "u2!*@*"}});
  all.say(2, "2");
  all.run();
  all.change_modes(1, {{true, 'v', "u2"}});
  all.say(2, "3");
  all.say(2, "\x01PING\x01");
  all.run();
  all.change_modes(1, {{false, 'C', {}}});
  all.say(2, "\x01PING\x01");
  all.run();
  CHECK(all.told().refused_texts ==
        key_refusals{{2, refusal::may_not_speak}, {2, refusal::may_not_speak}});
  for (const std::string heard : {"u2:1;", "u2:3;", "u2:\x01PING\x01;"})
    CHECK(count(all.heard(1), heard) == 1);
  CHECK(count(all.heard(1), "u2:2;") == 0);
}

TEST_CASE("a kicked client hears of it and no more, and the room lives until its session leaves") {
  world all;
  all.enter(1, "cafe");
  all.enter(2, "cafe");
  CHECK(all.kick(1, 2) == "u1 kicks u2 because;");
  CHECK(all.told().kicked == std::vector<connection_key>{2});
  all.say(1, "without u2");
  all.say(2, "from outside");
  all.run();
  CHECK(all.heard(2) == "u1 kicks u2 because;");
  CHECK(all.told().refused_texts == key_refusals{{2, refusal::not_in_room}});
  CHECK(all.want(1, ask_room{}) == "(cafe +n @u1)");
  all.leave(1);
  all.run();
  CHECK(all.rooms() == std::vector<std::string>{"cafe"});
  all.leave(2);
  all.run();
  CHECK(all.heard(2) == "u1 kicks u2 because;[out]");
  CHECK(all.rooms().empty());
}

TEST_CASE("in every interleaving who is kicked while it leaves is told once that it is out") {
  const auto runs = for_each_interleaving(
      [](const auto& choose) {
        world all;
        all.enter(1, "cafe");
        all.enter(2, "cafe");
        all.enter(3, "cafe");
        all.forget_wire();
        all.send_kick(1, 2);
        all.leave(2);
        all.run(choose);
        const auto heard = all.heard(3);
        REQUIRE(count(heard, "u1 kicks u2") + count(heard, "-u2;") == 1);
        REQUIRE(count(all.heard(2), "[out]") == 1);
      },
      runs_max);
  CHECK(runs > 1);
}

TEST_CASE("an invitation is told to the invited, behind any gateway, and to operators") {
  world all;
  all.enter(1, "cafe");
  all.enter(2, "cafe");
  all.connect(100);
  CHECK(all.invite(2, 100) == "u2 invites u100;(u100 is invited to cafe)");
  CHECK(all.heard(1) == "u2 invites u100;");
  CHECK(all.heard(100) == "u2 invites u100;");
  CHECK(all.invite(1, 2) == "(is_a_member  u2)");
  all.change_modes(1, {{true, 'i', {}}});
  all.forget_wire();
  CHECK(all.invite(2, 100) == "(not_room_operator  )");
}

TEST_CASE("whoever comes into an empty room is its operator, nobody is in the lobby") {
  world all{room_limits{.rooms_max = 100, .kept_vacant_max = 2, .lobby = "lobby"}};
  all.enter(1, "cafe");
  all.enter(2, "cafe");
  all.enter(3, "lobby");
  CHECK(all.want(2, ask_room{}) == "(cafe +n @u1 u2)");
  CHECK(all.want(3, ask_room{}) == "(lobby +n u3)");
  CHECK(all.change_modes(2, {{true, 'm', {}}}) == "(not_room_operator  )");
  CHECK(all.kick(2, 1) == "(not_room_operator  )");
  CHECK(all.change_modes(1, {{true, 'o', "u2"}, {true, 'o', "u9"}}) ==
        "u1 mode +ou2;(not_a_member  u9)");
  CHECK(all.change_modes(2, {{false, 'o', "u1"}}) == "u2 mode -ou1;");
  CHECK(all.change_modes(1, {{true, 'm', {}}}) == "(not_room_operator  )");
  CHECK(all.want(1, set_topic{{}, "tea"}) == "u1 topic tea;");
  CHECK(all.want(1, set_topic{{}, "tea"}).empty());
}

TEST_CASE("a secret room says so in the list, and answers outsiders as little as it can") {
  world all;
  all.enter(1, "cafe");
  all.enter(2, "other");
  CHECK_FALSE(all.page({}).rooms.front().secret);
  all.change_modes(1, {{true, 's', {}}, {true, 'b', "x!*@*"}});
  CHECK(all.page({}).rooms.front().secret);
  CHECK(all.want_from_outside(2, "cafe", ask_room{"cafe", room_question::bans}) ==
        "(not_in_room cafe )");
  CHECK(all.want_from_outside(2, "cafe", ask_room{"cafe", room_question::topic}) ==
        "(not_in_room cafe )");
  CHECK(all.want_from_outside(2, "nowhere", ask_room{"nowhere", room_question::topic}) ==
        "(no_such_room nowhere )");
}

TEST_CASE("who does not care for the case of letters gets the oldest such room") {
  world all;
  all.enter(1, "Cafe");
  all.enter(2, "cafe");
  CHECK(all.rooms() == std::vector<std::string>{"Cafe", "cafe"});
  all.connect(3);
  all.join_folded(3, "CAFE");
  all.run();
  CHECK(count(all.heard(1), "+u3;") == 1);
  CHECK(count(all.heard(2), "+u3;") == 0);
  all.leave(1);
  all.leave(3);
  all.run();
  all.join_folded(3, "CAFE");
  all.run();
  CHECK(all.rooms() == std::vector<std::string>{"cafe"});
  CHECK(count(all.heard(2), "+u3;") == 1);
}

TEST_CASE("the lobby is one room, and nobody takes its place with a name of another case") {
  world all{room_limits{.rooms_max = 100, .kept_vacant_max = 2, .lobby = "Lobby"}};
  all.connect(1);
  all.join_folded(1, "LOBBY");
  all.run();
  CHECK(all.rooms() == std::vector<std::string>{"Lobby"});
  CHECK(all.want(1, ask_room{}) == "(Lobby +n u1)");
  all.leave(1);
  all.run();
  // Who tells the case of letters apart may have such a room, but not rule it.
  all.enter(2, "lobby");
  CHECK(all.want(2, ask_room{}) == "(lobby +n u2)");
  all.join_folded(1, "lobby");
  all.run();
  CHECK(all.rooms() == std::vector<std::string>{"Lobby", "lobby"});
  CHECK(all.want(1, ask_room{}) == "(Lobby +n u1)");
  CHECK(count(all.heard(2), "+u1;") == 0);
}

TEST_CASE("a text from outside reaches a room that takes it and comes back from others") {
  world all;
  all.enter(1, "cafe");
  all.connect(2);
  all.say_from_outside(2, "cafe", "1");
  all.say_from_outside(2, "nowhere", "2");
  CHECK(all.told().refused_texts ==
        key_refusals{{2, refusal::not_in_room}, {2, refusal::no_such_room}});
  all.change_modes(1, {{false, 'n', {}}});
  all.forget_wire();
  all.say_from_outside(2, "cafe", "3");
  CHECK(all.heard(1) == "u2:3;");
  CHECK(all.heard(2) == "[told]");
}

TEST_CASE("who says a text from outside is told of it with the members, if its protocol asks") {
  const bool has_neighbour = GENERATE(true, false);
  CAPTURE(has_neighbour);
  world all;
  all.enter(1, "cafe");
  if (has_neighbour)
    all.enter(102, "cafe");
  all.connect(3);
  all.connect(103);
  all.change_modes(1, {{false, 'n', {}}});
  all.forget_wire();
  for (const connection_key key : {3U, 103U}) {
    all.ask_from_outside(key, "cafe", "x");
    const auto text = "u" + std::to_string(key) + ":x;";
    CHECK(all.heard(key) == text + "[told]");
    CHECK(all.heard(1) == text);
    CHECK(all.heard(102) == (has_neighbour ? text : ""));
    all.forget_wire();
  }
}

TEST_CASE("in every interleaving a text from outside keeps no vacant room alive") {
  const auto runs = for_each_interleaving(
      [](const auto& choose) {
        world all;
        all.enter(1, "cafe");
        all.connect(2);
        all.change_modes(1, {{false, 'n', {}}});
        all.forget_wire();
        all.send_from_outside(2, "cafe", "x");
        all.leave(1);
        all.run(choose);
        REQUIRE(all.rooms().empty());
        REQUIRE(count(all.heard(2), "[told]") + all.told().refused_texts.size() == 1);
      },
      runs_max);
  CHECK(runs > 1);
}
