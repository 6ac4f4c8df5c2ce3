// The rounds in which a node gets what it has missed, without actors: docs/decisions/0035.

#include "actors/cluster/catching_up.hpp"

#include "actors/cluster/peer_link.hpp"
#include "tests/storage/history_samples.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace confab;
using namespace confab::test;

namespace {

/// One end of a link, with a real history.
struct end_of_link {
  explicit end_of_link(catch_up_settings settings = {true, 0, nullptr}) : catches_up{settings} {
    auto chosen = settings_of(folder.file());
    chosen.is_synced = false;
    files = opened(chosen);
  }

  comparison_result result_of(const comparison& request) {
    comparison_result result{request.ticket, not_compared{}};
    if (const auto* which = std::get_if<digest_question>(&request.what))
      result.what = value_of(files.reader->digests(*which));
    else if (const auto* slot = std::get_if<held_question>(&request.what))
      result.what = value_of(files.reader->held(*slot, {}));
    else if (const auto* wish = std::get_if<missing_question>(&request.what))
      result.what = value_of(files.reader->fetch(*wish, {}));
    else if (const auto* there = std::get_if<lacking_question>(&request.what))
      result.what = value_of(files.reader->missing(there->there, there->slot, {}, 0));
    else
      result.what =
          value_of(files.writer->keep_missing(std::get<missing_events>(request.what), {}, 0));
    return result;
  }

  scratch_folder folder;
  history_files files;
  catching_up catches_up;
};

/// Two ends that have all there is carried at once.
struct two_ends {
  void carry(end_of_link& from, end_of_link& to, catch_up_steps steps) {
    for (const auto& each : steps.to_archive)
      carry(from, to, from.catches_up.receive(from.result_of(each)));
    missing_max = std::max(missing_max, here.catches_up.events_missing());
    if (steps.refused.count > 0)
      refused.push_back(steps.refused);
    if (steps.answer && tamper)
      tamper(*steps.answer);
    if (steps.answer)
      carry(to, from, to.catches_up.receive(*std::move(steps.answer)));
    if (steps.question) {
      ++questions;
      carry(to, from, to.catches_up.receive(*std::move(steps.question)));
    }
  }

  end_of_link here, there;
  std::uint64_t missing_max = 0;
  std::size_t questions = 0;
  std::vector<refused_history> refused;
  std::function<void(wire_answer&)> tamper;  ///< Changes what is answered.
};

/// Events that cannot be, each of a life of its own, at a time near those of `texts`.
std::vector<kept_record> impossible_events() {
  const auto good = texts("r", 0, 1).front();
  kept_record usual{"r", *good->who.who, good->events, good->at};
  usual.at.room = 1000;
  std::vector<kept_record> result(9, usual);
  result[0].at.first_ms = result[0].at.last_ms = -1;
  result[1].at.last_ms = std::numeric_limits<std::int64_t>::max();
  result[2].at.first_ms = result[2].at.last_ms = 253'402'300'800'000;  // The year 10000.
  result[3].room = std::string(1025, 'x');
  result[4].who.nick = std::string(1025, 'x');
  result[5].at.sequence = std::uint64_t{1} << 62;
  result[6].at.run = std::uint64_t{1} << 63;
  result[7].events.clear();
  result[8].events = {topic_set{std::string(64 * 1024 + 1, 'x')}};
  return result;
}

}  // namespace

TEST_CASE("catching up: it is known how much is missing, until it is not any more") {
  two_ends all;
  REQUIRE_FALSE(all.there.files.writer->keep(texts_at_once("r", 0, 5000)));
  REQUIRE_FALSE(all.here.files.writer->keep(texts_at_once("r", 0, 1000)));
  all.carry(all.here, all.there, all.here.catches_up.link(true));
  CHECK(all.missing_max == 4000);
  CHECK(all.here.catches_up.events_missing() == 0);
  CHECK(all.here.catches_up.events_gained() == 4000);
  CHECK(described(all_of(*all.here.files.reader, "r")) ==
        described(all_of(*all.there.files.reader, "r")));
}

TEST_CASE("catching up: the latest comes first") {
  two_ends all;
  for (std::uint64_t day = 0; day < 3; ++day) {
    auto kept = std::make_shared<event_batch>(*texts("r", day, 1).front());
    kept->at.first_ms = kept->at.last_ms = static_cast<std::int64_t>(day) * 86'400'000 + 5;
    REQUIRE_FALSE(all.there.files.writer->keep(batches{kept}));
  }
  std::vector<std::string> order;
  auto steps = all.here.catches_up.link(true);
  std::deque<std::pair<bool, catch_up_steps>> waiting;
  waiting.emplace_back(true, std::move(steps));
  while (!waiting.empty()) {
    auto [is_here, next] = std::move(waiting.front());
    waiting.pop_front();
    auto& from = is_here ? all.here : all.there;
    auto& to = is_here ? all.there : all.here;
    for (const auto& each : next.to_archive) {
      if (const auto* part = std::get_if<missing_events>(&each.what))
        for (const auto& text : words_of(part->events))
          order.push_back(text);
      waiting.emplace_back(is_here, from.catches_up.receive(from.result_of(each)));
    }
    if (next.answer)
      waiting.emplace_back(!is_here, to.catches_up.receive(*std::move(next.answer)));
    if (next.question)
      waiting.emplace_back(!is_here, to.catches_up.receive(*std::move(next.question)));
  }
  CHECK(order == std::vector<std::string>{"text 2", "text 1", "text 0"});
}

TEST_CASE("catching up: nobody asks an older node, nor what is older than it keeps itself") {
  two_ends old;
  REQUIRE_FALSE(old.there.files.writer->keep(texts("r", 0, 10)));
  old.carry(old.here, old.there, old.here.catches_up.link(false));
  for (int second = 0; second < 200; ++second)
    old.carry(old.here, old.there, old.here.catches_up.tick());
  CHECK(old.questions == 0);
  end_of_link forgetful{{true, 1000, [] { return std::int64_t{1'900'000}; }}};
  const auto steps = forgetful.catches_up.link(true);
  REQUIRE(steps.to_archive.size() == 1);
  CHECK(std::get<digest_question>(steps.to_archive.front().what).begin == 4);
}

TEST_CASE("catching up: an answer that nobody waits for is ignored, and a lost one is not fatal") {
  two_ends all;
  REQUIRE_FALSE(all.there.files.writer->keep(texts("r", 0, 10)));
  auto steps = all.here.catches_up.link(true);
  steps = all.here.catches_up.receive(all.here.result_of(steps.to_archive.front()));
  REQUIRE(steps.question);
  wire_answer late{0, steps.question->number + 1, held_events{}};
  CHECK_FALSE(all.here.catches_up.receive(late).question);
  late.number = steps.question->number;
  CHECK_FALSE(all.here.catches_up.receive(late).question);
  for (int second = 0; second < 59; ++second)
    CHECK(all.here.catches_up.tick().to_archive.empty());
  all.carry(all.here, all.there, all.here.catches_up.tick());
  CHECK(all_of(*all.here.files.reader, "r").size() == 10);
}

TEST_CASE("catching up: of questions that come at once, only the last is answered") {
  end_of_link one;
  const auto first = one.catches_up.receive(wire_question{0, 1, digest_question{0, 10, 1}});
  REQUIRE(first.to_archive.size() == 1);
  for (std::uint64_t number = 2; number < 100; ++number)
    CHECK(one.catches_up.receive(wire_question{0, number, digest_question{0, 10, 1}})
              .to_archive.empty());
  const auto second = one.catches_up.receive(one.result_of(first.to_archive.front()));
  REQUIRE(second.answer);
  CHECK(second.answer->number == 1);
  REQUIRE(second.to_archive.size() == 1);
  const auto third = one.catches_up.receive(one.result_of(second.to_archive.front()));
  CHECK(third.answer->number == 99);
  CHECK(third.to_archive.empty());
}

TEST_CASE("catching up: a round that began when the other one had told all has to end") {
  two_ends all;
  REQUIRE_FALSE(all.there.files.writer->keep(texts("r", 0, 10)));
  auto& here = all.here.catches_up;
  all.carry(all.here, all.there, here.link(true));
  CHECK(all_of(*all.here.files.reader, "r").size() == 10);
  CHECK_FALSE(here.has_caught_up());  // Something may have been said there since.
  all.carry(all.here, all.there, here.note_in_step());
  CHECK(here.has_caught_up());
  here.lose();
  CHECK_FALSE(here.has_caught_up());

  auto before = here.link(true);  // A round is under way, in which it may come too late.
  CHECK(here.note_in_step().to_archive.empty());
  const auto asked = here.receive(all.here.result_of(before.to_archive.front()));
  const auto question = all.there.catches_up.receive(*asked.question);
  const auto answer =
      all.there.catches_up.receive(all.there.result_of(question.to_archive.front()));
  before = here.receive(*answer.answer);
  CHECK_FALSE(here.has_caught_up());
  all.carry(all.here, all.there, std::move(before));
  CHECK(here.has_caught_up());
}

TEST_CASE("catching up: nobody waits for a round that fails, or that is not to be") {
  end_of_link here;
  CHECK(here.catches_up.link(true).to_archive.size() == 1);
  here.catches_up.note_in_step();
  const auto again = here.catches_up.receive(comparison_result{1, not_compared{}});  // Our disk.
  CHECK_FALSE(here.catches_up.has_caught_up());  // That was the round before.
  REQUIRE(again.to_archive.size() == 1);
  const auto ended = here.catches_up.receive(comparison_result{2, not_compared{}});
  CHECK(ended.to_archive.empty());
  CHECK(here.catches_up.has_caught_up());
  end_of_link nobody{{false, 0, nullptr}};
  nobody.catches_up.link(true);
  CHECK_FALSE(nobody.catches_up.has_caught_up());
  nobody.catches_up.note_in_step();
  CHECK(nobody.catches_up.has_caught_up());
}

TEST_CASE("catching up: whoever keeps nothing says so") {
  end_of_link nobody{{false, 0, nullptr}};
  CHECK(nobody.catches_up.link(true).to_archive.empty());
  const auto steps = nobody.catches_up.receive(wire_question{0, 5, held_question{}});
  REQUIRE(steps.answer);
  CHECK(steps.answer->number == 5);
  CHECK(std::holds_alternative<no_answer>(steps.answer->what));
}

TEST_CASE("catching up: a node of version 1 is asked nothing, and words of old links are ignored") {
  for (const std::uint32_t version : {1U, 2U, 3U}) {
    link_settings settings;
    settings.own_node = "a";
    settings.other_node = "b";
    settings.next_epoch = [next = link_epoch{100}]() mutable { return ++next; };
    peer_link link{settings};
    CHECK(std::get<wire_hello>(link.connect().to_send.at(0).what).mine == 101);
    link.receive({wire_hello{"b", version, 7}});
    CHECK_FALSE(link.answers_questions());
    CHECK(link.receive({wire_welcome{"b", version, 7, 101}}).established);
    CHECK(link.answers_questions() == (version >= 2));
    CHECK(link.settles_rooms() == (version >= 3));
    CHECK(link.epoch_there() == 7);
    CHECK(link.receive({wire_question{101, 1, held_question{}}}).question.has_value());
    CHECK(link.receive({wire_answer{101, 1, no_answer{}}}).answer.has_value());
    CHECK_FALSE(link.receive({wire_question{100, 1, held_question{}}}).question.has_value());
    CHECK_FALSE(link.receive({wire_answer{100, 1, no_answer{}}}).answer.has_value());
  }
}

TEST_CASE("catching up: what cannot be is told to nobody, and does not keep back the rest") {
  two_ends all;
  REQUIRE_FALSE(all.there.files.writer->keep(texts("r", 0, 10)));
  auto impossible = impossible_events();
  impossible.erase(impossible.begin() + 1);  // Of a single event, one time is kept.
  std::size_t kept = 0;
  for (const auto& each : impossible) {
    auto bad = std::make_shared<event_batch>();
    bad->room = each.room;
    bad->who.who = std::make_shared<const identity>(each.who);
    bad->events = each.events;
    bad->at = each.at;
    bad->at.room += ++kept;
    REQUIRE_FALSE(all.there.files.writer->keep(batches{bad}));
  }
  all.carry(all.here, all.there, all.here.catches_up.link(true));
  CHECK(words_of(all_of(*all.here.files.reader, "r")).size() == 10);
  CHECK(all.here.files.writer->size().events == 10);
  REQUIRE_FALSE(all.refused.empty());
  CHECK(std::all_of(all.refused.begin(), all.refused.end(),
                    [](const refused_history& each) { return each.is_own; }));
  // Once more, and then no more: it is known that there is nothing to get.
  for (int second = 0; second < 20; ++second)
    all.carry(all.here, all.there, all.here.catches_up.tick());
  const auto refused = all.refused.size();
  for (int second = 0; second < 60; ++second)
    all.carry(all.here, all.there, all.here.catches_up.tick());
  CHECK(all.refused.size() == refused);
}

TEST_CASE("catching up: what cannot be is not kept, and does not keep back what comes with it") {
  const auto bad = impossible_events();
  for (std::size_t i = 0; i < bad.size(); ++i) {
    CAPTURE(i);
    two_ends all;
    REQUIRE_FALSE(all.there.files.writer->keep(texts("r", 0, 10)));
    all.tamper = [&](wire_answer& answered) {
      if (auto* told = std::get_if<kept_part>(&answered.what))
        told->events.insert(told->events.begin(), bad[i]);
    };
    all.carry(all.here, all.there, all.here.catches_up.link(true));
    CHECK(words_of(all_of(*all.here.files.reader, "r")).size() == 10);
    CHECK(all.here.files.writer->size().events == 10);
    REQUIRE(all.refused.size() == 1);
    CHECK_FALSE(all.refused.front().is_own);
    CHECK(all.refused.front().why != nullptr);
  }
}

TEST_CASE("catching up: ids that cannot be are not asked for") {
  const std::vector<event_range> bad{
      {"r", 1, 1000, 0, 0},
      {"r", 1, 1000, 5, std::uint64_t(-1)},
      {"r", std::uint64_t{1} << 63, 1, 5, 1},
      {"r", 1, 1000, 5, 1, false, -5, 5},
      {std::string(1025, 'x'), 1, 1000, 5, 1},
  };
  two_ends all;
  REQUIRE_FALSE(all.there.files.writer->keep(texts("r", 0, 10)));
  all.tamper = [&](wire_answer& answered) {
    if (auto* held = std::get_if<held_events>(&answered.what))
      held->ranges.insert(held->ranges.begin(), bad.begin(), bad.end());
  };
  all.carry(all.here, all.there, all.here.catches_up.link(true));
  CHECK(words_of(all_of(*all.here.files.reader, "r")).size() == 10);
  REQUIRE_FALSE(all.refused.empty());
  CHECK(all.refused.front().count == bad.size());
}
