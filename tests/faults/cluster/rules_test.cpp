// The rules that judge a run of a real cluster: each of them finds what it is there for, in a log
// that was made up.

#include "tests/faults/cluster/rules.hpp"

#include "tests/faults/cluster/speech.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using namespace confab::faults;

namespace {

/// A run that is as it should be: an IRC client on each of the nodes 0 and 1, each of which sees
/// the other one, and a tagged sender and receiver on node 0. The texts of all come to all who
/// hear.
class good_run {
 public:
  run_log log;

  static constexpr std::uint32_t near = 0;  ///< On node 0.
  static constexpr std::uint32_t far = 1;   ///< On node 1.
  static constexpr std::uint32_t sender = 2;
  static constexpr std::uint32_t receiver = 3;

  good_run() {
    add(0, dialect::irc);
    add(1, dialect::irc);
    add(0, dialect::tagged_sender);
    add(0, dialect::tagged_receiver);
    for (const auto observer : {near, far})
      for (const auto who : {near, far, sender, receiver})
        if (who != observer)
          log.connections[observer].stays.push_back({who, at(1'000), {}});
    for (int i = 0; i < 3; ++i)
      for (const auto author : {near, far, sender})
        say(author, span{10'000 + i * 1'000});
    log.end = at(60'000);
    log.has_history.fill(true);
  }

  moment at(int milliseconds) { return {++order_, span{milliseconds}}; }

  connection_log& operator[](std::uint32_t connection) { return log.connections[connection]; }

  /// A text that is accepted at once, and comes to all who hear.
  void say(std::uint32_t author, span when) {
    const auto time = static_cast<int>(when.count());
    auto& said = log.connections[author].said;
    const text_id text{author, static_cast<std::uint32_t>(said.size())};
    said.push_back({at(time), {}, false});
    for (auto& each : log.connections)
      if (hears(each.speech))
        each.seen.push_back({text, at(time)});
    log.connections[author].said.back().accepted = at(time + 1);
    for (auto& each : log.histories)
      each.insert(text);
  }

  /// Takes a text away from a reader.
  void unsee(std::uint32_t reader, text_id text) {
    std::erase_if(log.connections[reader].seen,
                  [&](const seen_text& each) { return each.text == text; });
  }

  void fault_from_to(fault_kind kind, std::size_t node, std::size_t other, int begun, int healed) {
    log.faults.push_back({kind, node, other, at(begun), at(healed)});
  }

 private:
  void add(std::size_t node, dialect speech) {
    auto& made = log.connections.emplace_back();
    made.node = node;
    made.speech = speech;
    made.joined = at(500);
  }

  std::uint64_t order_ = 0;
};

constexpr auto near = good_run::near;
constexpr auto far = good_run::far;
constexpr auto sender = good_run::sender;
constexpr auto receiver = good_run::receiver;

/// It has looked at something, and found nothing wrong.
void check_holds(const finding& found) {
  CHECK(found.judged > 0);
  CHECK(found.breaches == std::vector<std::string>{});
}

/// It has found so much that is wrong, and says this of the first of it.
void check_finds(const finding& found, std::size_t breaches, const std::string& words) {
  REQUIRE(found.breaches.size() == breaches);
  CHECK(found.breaches.front().find(words) != std::string::npos);
}

}  // namespace

TEST_CASE("in a run that is as it should be, the rules find nothing") {
  const good_run run;
  check_holds(nothing_is_strange(run.log));
  check_holds(every_text_once(run.log));
  check_holds(each_author_in_order(run.log));
  check_holds(acknowledged_texts_arrive(run.log, {}));
  check_holds(undisturbed_texts_arrive(run.log, {}));
  check_holds(links_come_back(run.log, {}));
  check_holds(answers_come_soon(run.log, {}));
  check_holds(acknowledged_texts_are_kept(run.log));
  check_holds(nothing_is_kept_twice(run.log));
  check_holds(histories_are_equal(run.log));
}

TEST_CASE("a text that nobody has said is strange") {
  good_run run;
  run[near].seen.push_back({{far, 77}, run.at(20'000)});
  check_finds(nothing_is_strange(run.log), 1, "text 77 of c1, which nobody has said");
}

TEST_CASE("a text that comes before it was said is strange") {
  good_run run;
  run[near].seen.push_back({{far, 3}, run.at(20'000)});
  run[far].said.push_back({run.at(20'001), {}, false});
  check_finds(nothing_is_strange(run.log), 1, "text 3 of c1");
}

TEST_CASE("what a client finds strange is reported") {
  good_run run;
  run[far].strange.emplace_back("c0 comes, and is here already");
  check_finds(nothing_is_strange(run.log), 1, "c0 comes, and is here already");
}

TEST_CASE("a text that comes twice is found") {
  good_run run;
  run[receiver].seen.push_back(run[receiver].seen.front());
  check_finds(every_text_once(run.log), 1, "c3 on node 0 was told text 0 of c0 again");
}

TEST_CASE("two texts of one author in the wrong order are found") {
  good_run run;
  run.unsee(far, {near, 1});
  run[far].seen.push_back({{near, 1}, run.at(20'000)});
  check_finds(each_author_in_order(run.log), 1, "c1 on node 1 was told text 1 of c0 behind text 2");
}

TEST_CASE("a text that was accepted and never came is found") {
  good_run run;
  run.unsee(far, {near, 1});
  check_finds(acknowledged_texts_arrive(run.log, {}), 1, "never came to c1 on node 1");
  check_finds(undisturbed_texts_arrive(run.log, {}), 1, "never came to c1 on node 1");
}

TEST_CASE("who sees nobody come and go is judged by what an irc client of its node sees") {
  good_run run;
  run.unsee(far, {sender, 1});
  check_finds(acknowledged_texts_arrive(run.log, {}), 1, "text 1 of c2");
}

TEST_CASE("an irc client that has lost its connection sees nobody any more") {
  good_run run;
  run.unsee(far, {sender, 1});
  run[near].lost = run.at(9'000);
  CHECK(acknowledged_texts_arrive(run.log, {}).breaches.empty());
}

TEST_CASE("a reader of the author's own node is told, too") {
  good_run run;
  run.unsee(receiver, {near, 1});
  check_finds(acknowledged_texts_arrive(run.log, {}), 1, "never came to c3 on node 0");
}

TEST_CASE("who has left the room before ok came need not be told") {
  good_run run;
  run.unsee(far, {near, 1});
  // Who said it sees the other one leave before it is told ok.
  auto& text = run[near].said[1];
  run[near].stays.front().to = run.at(11'000);
  text.accepted = run.at(11'001);
  CHECK(acknowledged_texts_arrive(run.log, {}).breaches.empty());
  // And after it: it should have been told.
  run[near].stays.front().to = run.at(11'002);
  check_finds(acknowledged_texts_arrive(run.log, {}), 1, "text 1 of c0");
}

TEST_CASE("a text that was not accepted may be lost") {
  good_run run;
  run.unsee(far, {near, 1});
  run[near].said[1].accepted.reset();
  CHECK(acknowledged_texts_arrive(run.log, {}).breaches.empty());
  CHECK(undisturbed_texts_arrive(run.log, {}).breaches.empty());
}

TEST_CASE("who has lost its connection soon after need not have been told") {
  good_run run;
  run.unsee(far, {near, 2});
  run[far].lost = run.at(12'100);
  CHECK(acknowledged_texts_arrive(run.log, {}).breaches.empty());
  run[far].lost = run.at(40'000);
  check_finds(acknowledged_texts_arrive(run.log, {}), 1, "text 2 of c0");
}

TEST_CASE("where a fault parts two nodes, texts are not undisturbed") {
  good_run run;
  run.unsee(far, {near, 1});
  run.fault_from_to(fault_kind::one_way, 1, 0, 9'000, 10'900);
  CHECK(undisturbed_texts_arrive(run.log, {}).breaches.empty());
  run.log.faults.front().other = 2;
  check_finds(undisturbed_texts_arrive(run.log, {}), 1, "text 1 of c0");
}

TEST_CASE("a link that comes back late is found") {
  good_run run;
  run.fault_from_to(fault_kind::unplug, 0, 1, 20'000, 25'000);
  run[near].stays.front().to = run.at(21'000);
  run[near].stays.push_back({far, run.at(29'000), {}});
  check_holds(links_come_back(run.log, {}));
  CHECK(links_come_back(run.log, {}).longest == span{4'000});
  run[near].stays.back().from.at = span{31'000};
  check_finds(links_come_back(run.log, {}), 1, "c0 on node 0 does not see c1 on node 1");
}

TEST_CASE("a link that never comes back is found") {
  good_run run;
  run.fault_from_to(fault_kind::stop, 1, 1, 20'000, 25'000);
  run[near].stays.front().to = run.at(21'000);
  check_finds(links_come_back(run.log, {}), 1, "never");
}

TEST_CASE("a link need not come back before the next fault") {
  good_run run;
  run.fault_from_to(fault_kind::unplug, 0, 1, 20'000, 25'000);
  run.fault_from_to(fault_kind::unplug, 1, 0, 28'000, 32'000);
  run[near].stays.front().to = run.at(21'000);
  run[near].stays.push_back({far, run.at(34'000), {}});
  check_holds(links_come_back(run.log, {}));
}

TEST_CASE("people of a killed node who are seen to leave late, or never, are found") {
  good_run run;
  run.fault_from_to(fault_kind::kill, 1, 1, 20'000, 25'000);
  run[far].lost = run.at(20'000);
  run[near].stays.front().to = run.at(20'100);
  check_holds(departures_are_seen(run.log, {}));
  run[near].stays.front().to = run.at(22'100);
  check_finds(departures_are_seen(run.log, {}), 1, "after its node was killed");
  run[near].stays.front().to.reset();
  check_finds(departures_are_seen(run.log, {}), 1, "never");
}

TEST_CASE("an answer that comes late, or never, is found") {
  good_run run;
  run[sender].said[1].accepted = run.at(14'500);
  check_finds(answers_come_soon(run.log, {}), 1, "text 1 of c2");
  run[sender].said[1].accepted.reset();
  check_finds(answers_come_soon(run.log, {}), 1, "never answered");
}

TEST_CASE("an answer may be late on a node that was stopped itself") {
  good_run run;
  run[sender].said[1].accepted = run.at(14'500);
  run.fault_from_to(fault_kind::stop, 0, 0, 11'100, 14'400);
  check_holds(answers_come_soon(run.log, {}));
  run.log.faults.front().node = run.log.faults.front().other = 1;
  check_finds(answers_come_soon(run.log, {}), 1, "text 1 of c2");
}

TEST_CASE("a node that grows while another one is stopped is found") {
  good_run run;
  run.fault_from_to(fault_kind::stop, 1, 1, 20'000, 25'000);
  const std::size_t mebibyte = 1 << 20;
  run.log.memory = {{0, span{19'000}, 30 * mebibyte}, {0, span{22'000}, 50 * mebibyte}};
  check_holds(memory_is_bounded(run.log, {}));
  run.log.memory.push_back({0, span{24'000}, 100 * mebibyte});
  check_finds(memory_is_bounded(run.log, {}), 1, "node 0 grew from 30 MiB to 100 MiB");
}

TEST_CASE("a text that was accepted and is not kept is found") {
  good_run run;
  run.log.histories[0].erase({sender, 2});
  check_finds(acknowledged_texts_are_kept(run.log), 1, "text 2 of c2");
}

TEST_CASE("a text that is kept twice is found") {
  good_run run;
  run.log.histories[1].insert({sender, 2});
  check_finds(nothing_is_kept_twice(run.log), 1, "text 2 of c2");
}

TEST_CASE("a text that an onlooker has never read is found") {
  good_run run;
  for (std::size_t node = 0; node < nodes; ++node)
    run.log.visits.push_back(
        {node, run.at(1'000), {run.log.histories[0].begin(), run.log.histories[0].end()}});
  check_holds(onlookers_read_on(run.log));
  auto& visit = run.log.visits[1];
  std::erase(visit.read, text_id{far, 1});
  check_finds(onlookers_read_on(run.log), 1, "text 1 of c1");
  check_finds(onlookers_read_on(run.log), 1, "the onlooker of node 1");
  // It need not have read what was said before it came, or when its node had begun to end.
  visit.joined = run.at(11'001);
  std::erase_if(visit.read, [](const text_id& each) { return each.number < 2; });
  check_holds(onlookers_read_on(run.log));
  visit.joined = run.at(1'000);
  visit.read = {{near, 0}, {far, 0}, {sender, 0}};
  run.fault_from_to(fault_kind::restart, 1, 1, 10'500, 11'500);
  check_holds(onlookers_read_on(run.log));
}

TEST_CASE("a hole in what an onlooker is shown of the time before it came is found") {
  good_run run;
  run.log.visits.push_back(
      {1, run.at(12'500), {{near, 1}, {far, 1}, {sender, 1}, {near, 2}, {far, 2}, {sender, 2}}});
  check_holds(onlookers_read_on(run.log));
  std::erase(run.log.visits.front().read, text_id{far, 2});
  check_finds(onlookers_read_on(run.log), 1, "text 2 of c1");
}

TEST_CASE("a text that an onlooker has read twice is found") {
  good_run run;
  run.log.visits.push_back({1, run.at(12'500), {{near, 2}, {far, 2}, {sender, 2}, {near, 2}}});
  check_finds(onlookers_read_on(run.log), 1, "text 2 of c0 was read twice");
}

TEST_CASE("histories that differ are found") {
  good_run run;
  run.log.histories[2].erase({sender, 2});
  check_finds(histories_are_equal(run.log), 1, "is not in the history of node 2");
}

TEST_CASE("each protocol is understood") {
  std::vector<told> heard;
  std::string reply;
  const auto read = [&](dialect of, const std::string& bytes) {
    heard.clear();
    CHECK(make_speech(of)->read(bytes, heard, reply) == bytes.size());
    REQUIRE(!heard.empty());
    return heard.back();
  };
  std::string frame = "[c7] c7.1.xx";
  frame.resize(200, ' ');
  CHECK(read(dialect::framed, frame).words == "c7.1.xx");
  CHECK(read(dialect::oneroom, "c7:c7.1.xx\n").words == "c7.1.xx");
  CHECK(read(dialect::tagged_receiver, "delivery:lobby:c7:c7.1.xx\n").words == "c7.1.xx");
  const auto text = read(dialect::irc, ":c7/tagged!u@h PRIVMSG #lobby :c7.1.xx\r\n");
  CHECK(text.words == "c7.1.xx");
  CHECK(text.who == 7);
  CHECK(read(dialect::irc, ":c7!u@h QUIT :b is lost\r\n").what == told::kind::went);
  CHECK(read(dialect::irc, ":s 404 c7 #lobby :no\r\n").what == told::kind::strange);
  CHECK(read(dialect::tagged_sender, "ok:message sent\n").what == told::kind::accepted);
  CHECK(read(dialect::tagged_sender, "err:not in a room\n").what == told::kind::strange);
}

TEST_CASE("a text is known by its words, whole or not at all") {
  const auto words = words_of({12, 345}, 20);
  CHECK(words == "c12.345.xxxxxxxxxxxx");
  CHECK(text_with(words) == text_id{12, 345});
  CHECK(!text_with("c12.345.xxxxyxxx"));
  CHECK(!text_with("c12"));
}
