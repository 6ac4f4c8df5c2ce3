// The actors that keep what happens and read it: docs/history.md.

#include "actors/archive.hpp"

#include "actors/archive_reader.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/deterministic_system.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace confab;
using namespace confab::test;

namespace {

const storage_failure no_room{storage_trouble::full, "disk full"};

/// What is kept, in memory. Both ends of a history, in one thread here.
struct memory_store {
  std::vector<std::string> kept;  ///< Texts, oldest first.
  std::map<std::uint64_t, identity_ptr> authors;
  std::int64_t said_ms = 0;               ///< When all of it was said.
  std::vector<std::size_t> transactions;  ///< How many batches each had.
  std::size_t tidied = 0;
  bool fails = false;
};

class memory_writer final : public history_writer {
 public:
  explicit memory_writer(std::shared_ptr<memory_store> store) : store_(std::move(store)) {}

  storage_outcome keep(std::span<const std::shared_ptr<const event_batch>> batches) override {
    if (store_->fails)
      return no_room;
    store_->transactions.push_back(batches.size());
    for (const auto& each : batches)
      for (std::size_t i = 0; i < each->events.size(); ++i) {
        store_->kept.push_back(std::get<said>(each->events[i]).text);
        store_->authors[each->at.sequence + i] = each->who.who;
      }
    return std::nullopt;
  }

  storage_result<text_origin> origin_of(const std::string&, const message_id& id) override {
    if (store_->fails)
      return no_room;
    const auto found = store_->authors.find(id.sequence);
    return found != store_->authors.end() ? text_origin{found->second, store_->said_ms}
                                          : text_origin{};
  }

  storage_result<bool> redact(const std::string&, const message_id& id) override {
    return store_->authors.erase(id.sequence) > 0;
  }

  storage_result<bool> tidy(const history_retention&, std::int64_t) override {
    ++store_->tidied;
    return store_->tidied % 3 != 0;
  }

  storage_size size() const override { return {store_->kept.size(), 1, 0}; }

  storage_result<std::uint64_t> keep_missing(const missing_events& missing,
                                             const history_retention&, std::int64_t) override {
    if (store_->fails)
      return no_room;
    return static_cast<std::uint64_t>(missing.events.size() + missing.removed.size());
  }

 private:
  std::shared_ptr<memory_store> store_;
};

class memory_reader final : public history_reader {
 public:
  explicit memory_reader(std::shared_ptr<memory_store> store) : store_(std::move(store)) {}

  storage_result<history_page> page(const std::string& room, const history_query& query) override {
    if (store_->fails)
      return no_room;
    history_page result;
    const auto count = std::min(query.count_max, store_->kept.size());
    for (auto each = store_->kept.end() - static_cast<std::ptrdiff_t>(count);
         each != store_->kept.end(); ++each) {
      auto batch = std::make_shared<event_batch>();
      batch->room = room;
      batch->events.emplace_back(said{*each});
      result.push_back(std::move(batch));
    }
    return result;
  }

  storage_result<std::vector<history_target>> targets(std::span<const std::string> rooms,
                                                      std::int64_t, std::int64_t,
                                                      std::size_t) override {
    std::vector<history_target> result;
    for (const auto& each : rooms)
      result.push_back({each, 7});
    return result;
  }

  storage_result<history_page> search(const std::string&, const history_search&,
                                      const std::function<bool()>& is_over) override {
    for (store_->tidied = 0; !is_over();)
      ++store_->tidied;
    return history_page{};
  }

  storage_result<std::vector<history_digest>> digests(const digest_question&) override {
    if (store_->fails)
      return no_room;
    return std::vector<history_digest>{{0, store_->kept.size(), 0}};
  }

 private:
  std::shared_ptr<memory_store> store_;
};

std::int64_t fake_now_ms() {
  return 1'700'000'000'000;
}

/// A clock that goes on whenever it is looked at.
std::int64_t fake_now_us() {
  static thread_local std::int64_t now = 0;
  return now += 1000;
}

/// What happens while the archive rests, and how long that was.
thread_local std::function<void()> meanwhile;
thread_local std::int64_t rested_us = 0;

void fake_rest(std::int64_t us) {
  rested_us += us;
  if (const auto happens = std::exchange(meanwhile, nullptr))
    happens();
}

/// An archive and its reader, a gateway and a room, which write down what they are told.
class world {
 public:
  explicit world(std::chrono::milliseconds tidy_interval = std::chrono::milliseconds{0}) {
    archive_reader_settings reading;
    reading.reader = std::make_shared<memory_reader>(store);
    reading.now_us = &fake_now_us;
    reading.on_trouble = [this](const storage_failure&) { troubles += "unread;"; };
    reader_ = system().spawn(
        archive_reader<archive_reader_actor::stateful_pointer<std::optional<archive_reader_state>>>,
        std::move(reading));
    archive_settings settings;
    settings.writer = std::make_shared<memory_writer>(store);
    settings.reader = reader_;
    settings.now_ms = &fake_now_ms;
    settings.now_us = &fake_now_us;
    settings.rest = &fake_rest;
    settings.tidy_interval = tidy_interval;
    settings.on_trouble = [this](const storage_failure* failure) {
      troubles += failure != nullptr ? failure->detail + ";" : "over;";
    };
    archive_ =
        system().spawn(archive<archive_actor::stateful_pointer<std::optional<archive_state>>>,
                       std::move(settings));
    gateway_ = system().spawn(fake_gateway, this);
    room_ = system().spawn(fake_room, this);
    peer_ = system().spawn(fake_peer, this);
  }

  ~world() {
    caf::anon_send(archive_, close_atom::value);
    caf::anon_send_exit(gateway_, caf::exit_reason::kill);
    caf::anon_send_exit(room_, caf::exit_reason::kill);
    caf::anon_send_exit(peer_, caf::exit_reason::kill);
    deterministic_.run();
  }

  void say(const std::string& text, const std::string& nick = "bob") {
    auto batch = std::make_shared<event_batch>();
    auto who = std::make_shared<identity>();
    who->nick = nick;
    batch->room = "cafe";
    batch->who.who = std::move(who);
    batch->events.emplace_back(said{text});
    batch->at.sequence = said_++;
    caf::anon_send(archive_, keep_atom::value, event_batch_ptr{std::move(batch)}, reply(), readers);
  }

  void recall(std::size_t count) {
    caf::anon_send(
        archive_, recall_atom::value,
        history_request{"cafe", history_wish{history_query{.count_max = count}}, reply()});
  }

  void recall_recent() {
    caf::anon_send(archive_, recall_atom::value,
                   history_request{"cafe", recent_wish{caf::actor_cast<room_actor>(room_), 5}, {}});
  }

  void search() {
    caf::anon_send(archive_, recall_atom::value,
                   history_request{"cafe", history_wish{history_search{}}, reply()});
  }

  void redact(std::uint64_t which, const std::string& nick, bool may_rule = false) {
    redaction request;
    request.may_rule = may_rule;
    redact(which, nick, std::move(request));
  }

  /// With the rights that are in the request.
  void redact(std::uint64_t which, const std::string& nick, redaction request) {
    auto who = std::make_shared<identity>();
    who->nick = nick;
    request.where = caf::actor_cast<room_actor>(room_);
    request.room = "cafe";
    request.who.who = std::move(who);
    request.which.sequence = which;
    auto elsewhere = std::move(request.reply.elsewhere);
    request.reply = reply();
    request.reply.elsewhere = std::move(elsewhere);
    caf::anon_send(archive_, redact_atom::value, std::move(request));
  }

  template <class What>
  void compare(std::uint64_t ticket, What what) {
    caf::anon_send(archive_, compare_atom::value,
                   comparison{caf::actor_cast<peer_actor>(peer_), ticket, std::move(what)});
  }

  std::string run() {
    deterministic_.run();
    return std::exchange(heard, {});
  }

  void pass_time(std::chrono::milliseconds span) { deterministic_.pass_time(span); }

  archive_report report() {
    archive_report result;
    system().spawn(asker, archive_, &result);
    deterministic_.run();
    return result;
  }

  std::shared_ptr<memory_store> store = std::make_shared<memory_store>();
  std::string heard;
  std::string troubles;
  std::size_t readers = 0;  ///< Of what is said.

 private:
  caf::actor_system& system() { return deterministic_.system(); }

  // With an argument: CAF 0.17.6 does what is not defined for actors that have none.
  static caf::behavior fake_gateway(caf::event_based_actor*, world* all) {
    return {[all](kept_atom, connection_key, bool kept) { all->heard += kept ? "kept;" : "lost;"; },
            [all](reply_atom, const receipt& reply) { all->heard += describe(reply); }};
  }

  static caf::behavior fake_room(caf::event_based_actor*, world* all) {
    return {[all](redact_atom, const message_id&, const event_batch_ptr&) {
              all->heard += "room hears;";
            },
            [all](recent_atom, const history_page& page) {
              all->heard += "recent " + std::to_string(page.size()) + ";";
            }};
  }

  static caf::behavior fake_peer(caf::event_based_actor*, world* all) {
    return {[all](compare_atom, const comparison_result& found) {
      all->heard += std::to_string(found.ticket) + " ";
      if (const auto* digests = std::get_if<std::vector<history_digest>>(&found.what))
        all->heard += "holds " + std::to_string(digests->front().events);
      else if (const auto* gained = std::get_if<std::uint64_t>(&found.what))
        all->heard += "gained " + std::to_string(*gained);
      else
        all->heard += "nothing";
      all->heard += ";";
    }};
  }

  static void asker(caf::event_based_actor* self, const archive_actor& archive,
                    archive_report* result) {
    self->request(archive, caf::infinite, report_atom::value)
        .then([result](const archive_report& told) { *result = told; });
  }

  receipt reply() {
    receipt result;
    result.gateway = caf::actor_cast<gateway_actor>(gateway_);
    result.connection = 1;
    return result;
  }

  static std::string describe(const receipt& reply) {
    if (!reply.answer)
      return "done;";
    const auto& part = reply.answer->front();
    if (const auto* page = std::get_if<history_answer>(&part)) {
      std::string result = "page";
      for (const auto& each : page->page)
        result += " " + std::get<said>(each->events.front()).text;
      return result + ";";
    }
    if (std::holds_alternative<deed_answer>(part))
      return "redacted;";
    if (const auto* no = std::get_if<outcome>(&part))
      return "refused " + std::to_string(static_cast<int>(std::get<refused>(*no).why)) + ";";
    return "?;";
  }

  deterministic_system deterministic_;
  archive_reader_actor reader_;
  archive_actor archive_;
  caf::actor gateway_;
  caf::actor room_;
  caf::actor peer_;
  std::uint64_t said_ = 0;
};

std::string refused_with(refusal why) {
  return "refused " + std::to_string(static_cast<int>(why)) + ";";
}

}  // namespace

TEST_CASE("archive: all that has come is one transaction, and each author hears of its own") {
  world all;
  all.say("a");
  all.say("b");
  all.say("c");
  CHECK(all.run() == "kept;kept;kept;");
  CHECK(all.store->transactions == std::vector<std::size_t>{3});
  CHECK(all.store->kept == std::vector<std::string>{"a", "b", "c"});
  const auto report = all.report();
  CHECK(report.batches_kept == 3);
  CHECK(report.commit_us.count() == 1);
  CHECK(report.commit_batches.sum() == 3);
}

TEST_CASE(
    "archive: while many readers are told of a text, it rests as long and writes more at once") {
  world all;
  all.readers = 5000;
  rested_us = 0;
  meanwhile = [&] { all.say("b"); };
  all.say("a");
  CHECK(all.run() == "kept;kept;");
  CHECK(all.store->transactions == std::vector<std::size_t>{2});
  CHECK(rested_us == 500);
}

TEST_CASE(
    "archive: it rests neither for few readers nor while somebody wants to read, nor for long") {
  world all;
  rested_us = 0;
  SECTION("few readers") {
    all.readers = 100;
    all.say("a");
    CHECK(all.run() == "kept;");
    CHECK(rested_us == 0);
  }
  SECTION("somebody wants to read") {
    all.readers = 5000;
    all.say("a");
    all.recall(10);
    CHECK(all.run() == "kept;page a;");
    CHECK(rested_us == 0);
  }
  SECTION("very many readers") {
    all.readers = 1'000'000;
    all.say("a");
    CHECK(all.run() == "kept;");
    CHECK(rested_us == rest_us_max);
  }
}

TEST_CASE("archive: what cannot be kept is told, once for many, and it goes on when it can") {
  world all;
  all.store->fails = true;
  all.say("a");
  all.say("b");
  CHECK(all.run() == "lost;lost;");
  all.say("c");
  CHECK(all.run() == "lost;");
  CHECK(all.report().failing);
  all.store->fails = false;
  all.say("d");
  CHECK(all.run() == "kept;");
  CHECK(all.store->kept == std::vector<std::string>{"d"});
  CHECK(all.troubles == "disk full;over;");
  CHECK_FALSE(all.report().failing);
  CHECK(all.report().batches_unkept == 3);
}

TEST_CASE("archive: whoever asks sees what was said before it asked") {
  world all;
  all.say("a");
  all.recall(10);
  CHECK(all.run() == "kept;page a;");
  all.recall(10);
  CHECK(all.run() == "page a;");
}

TEST_CASE("archive: what cannot be read is answered, to rooms too") {
  world all;
  all.store->fails = true;
  all.recall(10);
  CHECK(all.run() == refused_with(refusal::no_history));
  all.recall_recent();
  CHECK(all.run() == "recent 0;");
  CHECK(all.troubles == "unread;unread;");
}

TEST_CASE("archive: a search ends when its time is over") {
  world all;
  all.search();
  CHECK(all.run() == "page;");
  CHECK(all.store->tidied < 1000);
}

TEST_CASE("archive: its author and operators of the room may take a text back, nobody else") {
  world all;
  all.say("a", "bob");
  all.redact(0, "eve");
  CHECK(all.run() == "kept;" + refused_with(refusal::not_the_author));
  all.redact(0, "bob");
  CHECK(all.run() == "redacted;room hears;");
  all.redact(0, "bob");
  CHECK(all.run() == refused_with(refusal::no_such_text));
  all.say("b", "bob");
  all.redact(1, "olga", true);
  CHECK(all.run() == "kept;redacted;room hears;");
}

TEST_CASE("archive: who rules a room takes back what was said since it was made, not before") {
  world all;
  all.store->said_ms = 1000;
  all.say("a", "bob");
  redaction request;
  request.rules_from_ms = 1001;
  all.redact(0, "olga", request);
  CHECK(all.run() == "kept;" + refused_with(refusal::not_the_author));
  request.rules_from_ms = 1000;
  all.redact(0, "olga", request);
  CHECK(all.run() == "redacted;room hears;");
}

TEST_CASE("archive: what was taken back on another node, the room hears even if the disk is full") {
  world all;
  all.store->fails = true;
  redaction request;
  request.may_rule = true;
  all.redact(0, "bob", request);
  CHECK(all.run() == refused_with(refusal::no_history));
  request.reply.elsewhere = std::make_shared<const stamp>();
  all.redact(0, "bob", request);
  CHECK(all.run() == "redacted;room hears;");
}

TEST_CASE("archive: it tidies up as long as there is something to do, and looks again later") {
  world all{std::chrono::milliseconds{1000}};
  all.run();
  CHECK(all.store->tidied == 0);
  all.pass_time(std::chrono::milliseconds{1000});
  all.run();
  CHECK(all.store->tidied == 3);
  all.run();
  CHECK(all.store->tidied == 3);
}

TEST_CASE("archive: a question of a peer waits for what was to be kept before it") {
  world all;
  all.say("a");
  all.say("b");
  all.compare(5, digest_question{0, 1, 1});
  CHECK(all.run() == "kept;kept;5 holds 2;");
  all.compare(6, missing_events{{}, {{"cafe", {}, 1}, {"cafe", {}, 2}}});
  CHECK(all.run() == "6 gained 2;");
}

TEST_CASE("archive: peers hear when what could not be kept can be kept again") {
  world all;
  all.compare(1, digest_question{});
  CHECK(all.run() == "1 holds 0;");
  all.store->fails = true;
  all.say("a");
  CHECK(all.run() == "lost;");
  all.compare(2, missing_events{});
  all.compare(3, digest_question{});
  CHECK(all.run() == "2 nothing;3 nothing;");
  CHECK(all.troubles == "disk full;unread;");
  all.store->fails = false;
  all.say("b");
  CHECK(all.run() == "0 nothing;kept;");
  all.say("c");
  CHECK(all.run() == "kept;");
}
