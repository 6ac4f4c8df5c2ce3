// What a room tells the directory, one message at a time.

#include "tests/support/authors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/deterministic_system.hpp"
#include "tests/support/directory_surroundings.hpp"
#include "tests/support/fake_gateway.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace confab;
using namespace confab::test;

namespace {

using strings = std::vector<std::string>;

/// Writes down what it is told of rooms.
directory_actor::behavior_type recording_directory(directory_actor::pointer,
                                                   std::shared_ptr<strings> told) {
  return {
      [](arrive_atom, const client_id&) {},
      [](claim_atom, const nick_claim&) {},
      [](say_atom, const session_actor&, const event_batch&, const receipt&) {},
      [](request_atom, const client_request&) {},
      [](fan_atom, const fan_out&) {},
      [=](presence_atom, const presence& news) {
        const auto* prefix = news.room_operator ? "@" : news.has_voice ? "+" : "";
        told->push_back(prefix + news.who.name() + (news.inside ? " in " : " out of ") + news.room +
                        (news.secret ? ", secret" : ""));
      },
      [=](secret_atom, const std::string& room, bool secret) {
        told->push_back(room + (secret ? " is secret" : " is no longer secret"));
      },
      [=](invite_atom, const client_id& whom, const std::string& room) {
        told->push_back("u" + std::to_string(whom.connection) + " is invited into " + room);
      },
      [](tick_atom, const client_id&) {},
      [](gone_atom, const client_id&) {},
      [](killed_atom, const client_id&, const std::string&) {},
      [](sync_atom, const known_peer&, sync_round) {},
      [](linked_atom, const std::string&, bool) {},
      [](report_atom) { return directory_report{}; },
      [](close_atom) {},
  };
}

/// Writes down what it is to keep, and whether somebody is to be told of that.
archive_actor::behavior_type recording_archive(archive_actor::pointer,
                                               std::shared_ptr<strings> kept) {
  return {
      [=](keep_atom, const event_batch_ptr& batch, const receipt& reply, std::size_t) {
        const auto is_rename = std::holds_alternative<renamed>(batch->events.front());
        kept->push_back(std::string{is_rename ? "new nick" : "else"} +
                        (reply.gateway ? ", confirmed" : ""));
      },
      [](recall_atom, const history_request&) {},
      [](redact_atom, const redaction&) {},
      [](compare_atom, const comparison&) {},
      [](tick_atom) {},
      [](flush_atom) {},
      [](report_atom) { return archive_report{}; },
      [](close_atom) {},
  };
}

/// One room, and clients that are known by their connection.
class world {
 public:
  world() {
    gateway_ = system().spawn(fake_gateway, &no_sessions_, wire_);
    registry_ = system().spawn(directory_registry, log_);
    directory_ = system().spawn(recording_directory, told_);
    archive_ = system().spawn(recording_archive, kept_);
    room_ = spawn_scheduled_room(system(), room_setup{.name = "cafe",
                                                      .number = 1,
                                                      .registry = registry_,
                                                      .directory = directory_,
                                                      .archive = archive_,
                                                      .now_ms = &standing_time_ms});
  }

  ~world() {
    for (const auto& [key, session] : sessions_)
      caf::anon_send_exit(session, caf::exit_reason::kill);
    caf::anon_send_exit(directory_, caf::exit_reason::kill);
    caf::anon_send_exit(archive_, caf::exit_reason::kill);
    caf::anon_send_exit(registry_, caf::exit_reason::kill);
    caf::anon_send_exit(gateway_, caf::exit_reason::kill);
    caf::anon_send(room_, close_atom::value);
    deterministic_.run();
  }

  void join(connection_key key) {
    entry member;
    member.session = session(key);
    member.who = who(key);
    member.reply = reply(key);
    send(join_atom::value, std::move(member));
  }

  void leave(connection_key key) {
    send(leave_atom::value, session(key), std::string{}, reply(key));
  }

  void change_modes(connection_key key, std::vector<mode_change> changes) {
    send(request_atom::value, request(key, confab::change_modes{{}, std::move(changes)}));
  }

  /// As the member's node has decided at this time.
  void change_modes_elsewhere(connection_key key, std::vector<mode_change> changes,
                              std::int64_t at_ms) {
    auto wish = request(key, confab::change_modes{{}, std::move(changes)});
    stamp at;
    at.first_ms = at.last_ms = at_ms;
    at.run = 7;
    wish.reply.elsewhere = std::make_shared<const stamp>(at);
    send(request_atom::value, std::move(wish));
  }

  /// Another node tells of its room, which is secret.
  void meet_secret_room(std::int64_t made_ms) {
    room_record there;
    there.room = "cafe";
    there.made_ms = made_ms;
    there.modes = {{true, 's', ""}};
    identity node;
    node.name = node.nick = node.node = "b";
    send(merge_atom::value, std::make_shared<const room_record>(std::move(there)),
         author{std::make_shared<const identity>(node), {first_peer_gateway, 0}});
  }

  void invite(connection_key key, connection_key whom) {
    auto wish = request(key, confab::invite{who(whom).name(), {}});
    wish.invitee = who(whom);
    wish.invitee_gateway = gateway_;
    send(request_atom::value, std::move(wish));
  }

  /// All its rooms, which is this one, are told of its new nick.
  void rename(connection_key key) {
    fan_out news;
    news.session = session(key);
    news.who = who(key);
    news.happening = renamed{who(key).who};
    news.tells = true;
    news.reply = reply(key);
    send(fan_atom::value, std::move(news));
  }

  /// What the archive was given since this was asked last.
  strings kept() { return std::exchange(*kept_, {}); }

  /// What the directory was told since this was asked last.
  strings told() { return std::exchange(*told_, {}); }

 private:
  caf::actor_system& system() { return deterministic_.system(); }

  static author who(connection_key key) {
    return make_author("u" + std::to_string(key), "test", 0, key);
  }

  const session_actor& session(connection_key key) {
    auto& result = sessions_[key];
    if (!result)
      result = system().spawn(directory_session, key, log_);
    return result;
  }

  receipt reply(connection_key key) const {
    return {gateway_, key, {}, 0, next_step::nothing, {}, {}};
  }

  room_request request(connection_key key, room_wish what) {
    room_request result;
    result.session = session(key);
    result.who = who(key);
    result.what = std::move(what);
    result.reply = reply(key);
    return result;
  }

  template <class... Parts>
  void send(Parts&&... parts) {
    caf::anon_send(room_, std::forward<Parts>(parts)...);
    deterministic_.run();
  }

  deterministic_system deterministic_;
  std::vector<std::pair<connection_key, session_actor>> no_sessions_;
  std::map<connection_key, session_actor> sessions_;
  wire_log wire_ = std::make_shared<std::vector<wire_entry>>();
  directory_log_ptr log_ = std::make_shared<directory_log>();
  std::shared_ptr<strings> told_ = std::make_shared<strings>();
  gateway_actor gateway_;
  registry_actor registry_;
  directory_actor directory_;
  std::shared_ptr<strings> kept_ = std::make_shared<strings>();
  archive_actor archive_;
  room_actor room_;
};

}  // namespace

TEST_CASE("the directory is told who comes, goes and plays another part") {
  world all;
  all.join(1);
  all.join(2);
  CHECK(all.told() == strings{"@u1 in cafe", "u2 in cafe"});
  all.change_modes(1, {{true, 'v', "u2"}, {true, 'm', {}}});
  all.leave(1);
  CHECK(all.told() == strings{"+u2 in cafe", "@u1 out of cafe"});
}

TEST_CASE("the directory is told once that a room is secret, however many are in it") {
  world all;
  for (const connection_key key : {1U, 2U, 3U})
    all.join(key);
  all.told();
  all.change_modes(1, {{true, 's', {}}});
  CHECK(all.told() == strings{"cafe is secret"});
  all.change_modes(1, {{true, 's', {}}, {true, 'm', {}}});
  all.change_modes(1, {{false, 's', {}}, {true, 's', {}}});
  CHECK(all.told().empty());
  all.join(4);
  CHECK(all.told() == strings{"u4 in cafe, secret"});
  all.change_modes(1, {{false, 's', {}}});
  CHECK(all.told() == strings{"cafe is no longer secret"});
}

TEST_CASE("the directory is told of an invitation that the room accepts, and of no other") {
  world all;
  all.join(1);
  all.join(2);
  all.told();
  all.invite(3, 4);
  all.invite(1, 2);
  CHECK(all.told().empty());
  all.invite(2, 3);
  CHECK(all.told() == strings{"u3 is invited into cafe"});
  all.change_modes(1, {{true, 'i', {}}});
  all.invite(2, 4);
  CHECK(all.told().empty());
  all.invite(1, 4);
  CHECK(all.told() == strings{"u4 is invited into cafe"});
}

// A client may be renamed beside its requests, when another node has given its nick away. Its
// gateway counts what is kept of it in the order of the requests: a text that could not be kept
// would be said to be kept, and the new nick not (docs/decisions/0028: `ok` waits for the disk).
TEST_CASE("that a new nick is kept is confirmed to nobody") {
  world all;
  all.join(1);
  CHECK(all.kept() == strings{"else, confirmed"});
  all.rename(1);
  CHECK(all.kept() == strings{"new nick"});
}

TEST_CASE("who founded the younger of two rooms has no part in what is one room now") {
  world w;
  w.join(1);
  CHECK(w.told() == strings{"@u1 in cafe"});
  w.meet_secret_room(standing_time_ms() + 1);
  CHECK(w.told() == strings{});
  w.meet_secret_room(standing_time_ms() - 1);
  CHECK(w.told() == strings{"cafe is secret", "u1 in cafe, secret"});
}

TEST_CASE("rooms of one age have the modes of both, and the parts stay") {
  world w;
  w.join(1);
  w.told();
  w.meet_secret_room(standing_time_ms());
  CHECK(w.told() == strings{"cafe is secret"});
}

TEST_CASE("a change that changed nothing does not count against what comes from another node") {
  world w;
  w.join(1);
  w.join(2);
  w.told();
  w.change_modes(1, {{false, 's', ""}});
  w.change_modes_elsewhere(2, {{true, 's', ""}}, standing_time_ms() - 1);
  CHECK(w.told() == strings{"cafe is secret"});
  w.change_modes(1, {{false, 's', ""}});
  w.change_modes_elsewhere(2, {{true, 's', ""}}, standing_time_ms() - 1);
  CHECK(w.told() == strings{"cafe is no longer secret"});
}

TEST_CASE("what is taken back here counts as later than what a node has set whose clock is ahead") {
  world w;
  w.join(1);
  w.join(2);
  w.told();
  w.change_modes_elsewhere(2, {{true, 's', ""}}, standing_time_ms() + 5000);
  w.change_modes(1, {{false, 's', ""}});
  w.change_modes_elsewhere(2, {{true, 's', ""}}, standing_time_ms() + 5000);
  CHECK(w.told() == strings{"cafe is secret", "cafe is no longer secret"});
}
