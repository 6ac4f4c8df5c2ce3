#pragma once

#include "actors/directory.hpp"
#include "tests/support/deterministic_system.hpp"
#include "tests/support/directory_surroundings.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <caf/all.hpp>

namespace confab::test {

/// What the time is in tests of the directory, in milliseconds since 1970. These run in one thread.
inline std::int64_t directory_time_ms = 0;

/// A directory, two gateways, a registry and any number of sessions, which are known by their
/// connection. Connections from 100 to 999 are behind the second gateway.
class directory_world {
 public:
  using adjust = std::function<void(identity&)>;

  struct part {
    bool room_operator = false;
    bool has_voice = false;
    bool secret = false;
  };

  directory_world() {
    directory_time_ms = 1'700'000'000'000;
    for (auto& gateway : gateways_)
      gateway = system().spawn(directory_gateway, log_);
    registry_ = system().spawn(directory_registry, log_);
    directory_ = system().spawn(
        directory<directory_actor::stateful_pointer<std::optional<directory_state>>>,
        directory_limits{}, registry_, +[] { return directory_time_ms; });
  }

  ~directory_world() {
    send(close_atom::value);
    caf::anon_send(registry_, close_atom::value);
    for (const auto& [key, session] : sessions_)
      caf::anon_send_exit(session, caf::exit_reason::kill);
    for (const auto& gateway : gateways_)
      caf::anon_send_exit(gateway, caf::exit_reason::kill);
    deterministic_.run();
  }

  void arrive(connection_key key) { send(arrive_atom::value, id(key)); }

  std::string log_in(connection_key key, const std::string& nick, const adjust& change = {}) {
    make_identity(key, nick, "irc", change);
    return claim_with(key, identities_[key], false);
  }

  std::string log_in_numbered(connection_key key, const std::string& stem) {
    make_identity(key, stem, "tagged", {});
    return claim_with(key, identities_[key], true);
  }

  /// What the session is told.
  std::string claim(connection_key key, const std::string& nick) {
    auto wanted = std::make_shared<identity>(*identities_[key]);
    wanted->nick = nick;
    return claim_with(key, wanted, false);
  }

  std::string claim_numbered(connection_key key, const std::string& stem) {
    auto wanted = std::make_shared<identity>(*identities_[key]);
    wanted->nick = stem;
    return claim_with(key, wanted, true);
  }

  /// All rooms have told these of the new nick.
  void rename_settles(connection_key key, const std::string& nick, identity_ptr before,
                      const std::vector<connection_key>& told = {}) {
    change(key, [&](identity& who) { who.nick = nick; });
    settle(key, renamed{std::move(before)}, false, told);
  }

  void set_away(connection_key key, const std::string& text,
                const std::vector<connection_key>& told = {}) {
    change(key, [&](identity& who) { who.away = text; });
    settle(key, away_set{}, false, told);
  }

  void set_real_name(connection_key key, const std::string& name) {
    change(key, [&](identity& who) { who.real_name = name; });
    settle(key, real_name_set{}, false, {});
  }

  void quit(connection_key key) { settle(key, left{true, "bye"}, true, {}); }

  void quit_silently(connection_key key) {
    fan_out news;
    news.who = who(key);
    news.happening = left{true, "bye"};
    news.leaves = true;
    send(fan_atom::value, std::move(news));
  }

  void fail(connection_key key) { send(gone_atom::value, id(key)); }
  void touch(connection_key key) { send(tick_atom::value, id(key)); }
  void pass(std::int64_t duration_ms) { directory_time_ms += duration_ms; }

  void enter(connection_key key, const std::string& room) { enter(key, room, part{}); }

  void enter(connection_key key, const std::string& room, part plays) {
    send(
        presence_atom::value,
        presence{{}, who(key), {}, room, true, plays.room_operator, plays.has_voice, plays.secret});
  }

  void make_secret(const std::string& room, bool secret) { send(secret_atom::value, room, secret); }

  void leave(connection_key key, const std::string& room) {
    send(presence_atom::value, presence{{}, who(key), {}, room, false});
  }

  void tell(connection_key key, const std::string& nick, const std::string& text,
            text_kind kind = text_kind::message) {
    event_batch batch;
    batch.who = who(key);
    batch.to = audience_kind::client;
    batch.to_nick = nick;
    batch.events.emplace_back(said{text, kind});
    send(say_atom::value, session(key), std::move(batch), reply(key));
  }

  /// What the client is answered, without the bytes of the receipt.
  std::string want(connection_key key, client_wish wish) {
    return request(key, client_request{session(key), who(key), std::move(wish), asked(key)});
  }

  std::string ask(connection_key key, ask_directory question) {
    return want(key, std::move(question));
  }

  std::string watch(connection_key key, watch::action what, std::vector<std::string> nicks = {}) {
    return want(key, confab::watch{what, std::move(nicks)});
  }

  std::string invite(connection_key key, const std::string& nick, const std::string& room) {
    room_request wish;
    wish.session = session(key);
    wish.who = who(key);
    wish.room = room;
    wish.folds_name = true;
    wish.what = confab::invite{nick, room};
    wish.reply = asked(key);
    return request(key, client_request{session(key), who(key), std::move(wish), {}});
  }

  /// The room lets somebody in who was invited.
  void accept_invitation(connection_key whom, const std::string& room) {
    send(invite_atom::value, id(whom), room);
  }

  census counts() {
    census result;
    caf::scoped_actor self{system()};
    self->send(directory_, report_atom::value);
    deterministic_.run();
    self->receive([&](const directory_report& report) { result = report.counts; });
    return result;
  }

  author who(connection_key key) const {
    const auto found = identities_.find(key);
    return {found != identities_.end() ? found->second : nullptr, id(key)};
  }

  /// What was put on the wire of a connection, in order.
  std::string heard(connection_key key) const {
    std::string result;
    for (const auto& [to, what] : log_->wire)
      if (to == key)
        result += what;
    return result;
  }

  /// Whose wire something was put on, in order.
  std::vector<std::string> order() const {
    std::vector<std::string> result;
    for (const auto& [to, what] : log_->wire)
      result.push_back(std::to_string(to));
    return result;
  }

  const auto& wire() const { return log_->wire; }
  void forget_wire() { log_->wire.clear(); }
  const auto& stamps() const { return log_->stamps; }
  const client_view& last_view() const { return *log_->last_view; }
  std::size_t awaited() const { return log_->awaited; }
  const std::vector<std::string>& told(connection_key key) const { return log_->sessions.at(key); }

 private:
  caf::actor_system& system() { return deterministic_.system(); }

  static client_id id(connection_key key) {
    return {key >= 100 && key < 1000 ? gateway_id{1} : gateway_id{0}, key};
  }

  const gateway_actor& gateway(connection_key key) const { return gateways_[id(key).gateway]; }

  const session_actor& session(connection_key key) {
    auto& result = sessions_[key];
    if (!result)
      result = system().spawn(directory_session, key, log_);
    return result;
  }

  template <class... Parts>
  void send(Parts&&... parts) {
    caf::anon_send(directory_, std::forward<Parts>(parts)...);
    deterministic_.run();
  }

  receipt reply(connection_key key) const {
    receipt result;
    result.gateway = gateway(key);
    result.connection = key;
    result.bytes = "[done]";
    return result;
  }

  receipt asked(connection_key key) const {
    auto result = reply(key);
    auto words = std::make_shared<asking>();
    words->nick = "as asked";
    words->label = "label";
    result.asked = std::move(words);
    return result;
  }

  void make_identity(connection_key key, const std::string& nick, std::string_view dialect,
                     const adjust& change) {
    auto made = std::make_shared<identity>();
    made->nick = nick;
    made->dialect = dialect;
    made->user = "user";
    made->host = "host";
    made->real_name = "Somebody";
    if (change)
      change(*made);
    identities_[key] = std::move(made);
  }

  void change(connection_key key, const adjust& how) {
    auto made = std::make_shared<identity>(*identities_[key]);
    how(*made);
    identities_[key] = std::move(made);
  }

  std::string claim_with(connection_key key, identity_ptr wanted, bool numbered) {
    send(claim_atom::value,
         nick_claim{session(key), gateway(key), author{std::move(wanted), id(key)}, numbered});
    return told(key).back();
  }

  void settle(connection_key key, event happening, bool leaves,
              const std::vector<connection_key>& told) {
    fan_out news;
    news.session = session(key);
    news.who = who(key);
    news.happening = std::move(happening);
    news.leaves = leaves;
    for (const auto each : told)
      news.told.take_untold(id(each).gateway, std::make_shared<const audience>(audience{each}));
    news.reply = reply(key);
    send(fan_atom::value, std::move(news));
  }

  std::string request(connection_key key, client_request wish) {
    const auto before = log_->wire.size();
    send(request_atom::value, std::move(wish));
    std::string result;
    for (auto i = before; i < log_->wire.size(); ++i)
      if (log_->wire[i].first == key)
        result += log_->wire[i].second;
    const auto done = result.find("[done]");
    return done == std::string::npos ? result : result.erase(done, 6);
  }

  deterministic_system deterministic_;
  directory_log_ptr log_ = std::make_shared<directory_log>();
  std::map<connection_key, session_actor> sessions_;
  std::map<connection_key, identity_ptr> identities_;
  gateway_actor gateways_[2];
  registry_actor registry_;
  directory_actor directory_;
};

}  // namespace confab::test
