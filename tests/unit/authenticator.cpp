// The passwords of server operators: OPER in section (b) of docs/dialects/irc.md.

#include "actors/authenticator.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/deterministic_system.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace confab;
using namespace confab::test;

namespace {

const std::string hash_mark = "hash of ";

/// Right if the hash is the words "hash of", then the password.
bool verify_plainly(const std::string& hash, const std::string& password) {
  return hash == hash_mark + password;
}

/// Shows in its answer whether it was asked at all.
bool verify_anything(const std::string&, const std::string&) {
  return true;
}

bool throw_always(const std::string& hash, const std::string&) {
  throw hash;
}

bool throw_if_it_has_to_be_skipped(const std::string&, const std::string& password) {
  if (password == "skip")
    throw password;
  return true;
}

using answers = std::shared_ptr<std::vector<password_check>>;

/// The part of a session that an authenticator talks to.
caf::behavior fake_session(const answers& heard) {
  return {[heard](checked_atom, password_check result) { heard->push_back(result); }};
}

/// An authenticator and a session that writes down what it is told.
class world {
 public:
  explicit world(authenticator_settings settings) {
    authenticator_ = system().spawn(
        authenticator<authenticator_actor::stateful_pointer<std::optional<authenticator_state>>>,
        std::move(settings));
    session_ = system().spawn(fake_session, heard_);
    another_ = system().spawn(fake_session, heard_);
  }

  ~world() {
    caf::anon_send_exit(session_, caf::exit_reason::kill);
    caf::anon_send_exit(another_, caf::exit_reason::kill);
    caf::anon_send(authenticator_, close_atom::value);
    deterministic_.run();
  }

  void ask(const std::string& name, const std::string& password) { ask(session_, name, password); }

  /// Another session has asked, and has ended before it is answered.
  void ask_and_end(const std::string& name, const std::string& password) {
    REQUIRE(another_);
    caf::anon_send_exit(another_, caf::exit_reason::kill);
    deterministic_.run();
    ask(std::exchange(another_, {}), name, password);
  }

  std::vector<password_check> heard() {
    deterministic_.run();
    return *heard_;
  }

  bool is_right(const std::string& name, const std::string& password) {
    heard_->clear();
    ask(name, password);
    const auto told = heard();
    REQUIRE(told.size() == 1);
    return told.front() == password_check::right;
  }

 private:
  void ask(const caf::actor& session, const std::string& name, const std::string& password) {
    caf::anon_send(authenticator_, check_atom::value, caf::actor_cast<session_actor>(session), name,
                   password);
  }

  caf::actor_system& system() { return deterministic_.system(); }

  deterministic_system deterministic_;
  answers heard_ = std::make_shared<std::vector<password_check>>();
  authenticator_actor authenticator_;
  caf::actor session_;
  caf::actor another_;
};

const std::vector<operator_account> two_operators{{"root", hash_mark + "a"},
                                                  {"admin", hash_mark + "b"}};

}  // namespace

TEST_CASE("operators: the password of this operator is right, and no other one") {
  world all{{two_operators, verify_plainly}};
  CHECK(all.is_right("root", "a"));
  CHECK(all.is_right("admin", "b"));
  CHECK_FALSE(all.is_right("root", "b"));
  CHECK_FALSE(all.is_right("admin", "a"));
  CHECK_FALSE(all.is_right("root", ""));
}

TEST_CASE("operators: a name is the same to the letter only") {
  world all{{two_operators, verify_plainly}};
  for (const std::string name : {"Root", "ROOT", "root ", "roo", "", "*"})
    CHECK_FALSE(all.is_right(name, "a"));
}

TEST_CASE("operators: an unknown name is wrong even with the password of its stand-in") {
  world all{{two_operators, verify_anything}};
  CHECK(all.is_right("root", "x"));
  CHECK_FALSE(all.is_right("nobody", "x"));
  CHECK_FALSE(all.is_right("nobody", "a"));
}

TEST_CASE("operators: an unknown name costs one comparison, as a known one does") {
  for (const std::string name : {"root", "admin", "nobody", ""}) {
    std::string compared;
    const authenticator_state state{nullptr, {two_operators, throw_always}};
    try {
      state.is_right(name, "x");
    } catch (const std::string& hash) {
      compared = hash;
    }
    CHECK(compared == (name == "admin" ? two_operators[1].hash : two_operators[0].hash));
  }
}

TEST_CASE("operators: without operators every password is wrong") {
  world all{{{}, verify_anything}};
  CHECK_FALSE(all.is_right("root", "a"));
  CHECK_FALSE(all.is_right("", ""));
}

TEST_CASE("operators: questions are answered one by one, in order") {
  world all{{two_operators, verify_plainly}};
  all.ask("root", "a");
  all.ask("root", "b");
  all.ask("admin", "b");
  CHECK(all.heard() ==
        std::vector{password_check::right, password_check::wrong, password_check::right});
}

TEST_CASE("operators: four passwords may wait, and who comes then is refused without waiting") {
  world all{{two_operators, verify_plainly}};
  for (std::size_t i = 0; i < waiting_passwords_max + 2; ++i)
    all.ask("root", "a");
  const auto refused = password_check::not_compared;
  const auto right = password_check::right;
  CHECK(all.heard() == std::vector{refused, refused, right, right, right, right});
  CHECK(all.is_right("root", "a"));
}

TEST_CASE("operators: passwords of sessions that have ended are not compared, and take no place") {
  world all{{two_operators, throw_if_it_has_to_be_skipped}};
  all.ask_and_end("root", "skip");
  for (std::size_t i = 0; i < waiting_passwords_max; ++i)
    all.ask("root", "a");
  CHECK(all.heard() == std::vector(waiting_passwords_max, password_check::right));
}
