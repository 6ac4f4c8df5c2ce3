// What crosses between nodes arrives as it was sent, and nonsense is an error.

#include "actors/cluster/known_dialects.hpp"
#include "actors/cluster/wire_codec.hpp"
#include "actors/cluster/wire_inspect.hpp"
#include "actors/cluster/wire_types.hpp"
#include "tests/support/catch.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <caf/all.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>

using namespace confab;

namespace {

using bytes = std::vector<char>;

constexpr std::string_view irc = "irc";

class wire_config : public caf::actor_system_config, public known_dialects {
 public:
  wire_config() : known_dialects({"tagged", irc}) {
    register_wire_types(*this);
    set("scheduler.max-threads", std::size_t{1});
    set("logger.verbosity", caf::atom("quiet"));
  }
};

/// What CAF writes and reads itself.
template <class T>
constexpr bool is_whole = std::is_same_v<T, wire_message> || std::is_same_v<T, door_call> ||
                          std::is_same_v<T, door_answer>;

class world {
 public:
  template <class T>
  bytes write(T value) {
    bytes result;
    if constexpr (is_whole<T>) {
      caf::binary_serializer sink{system, result};
      const auto failure = sink(value);
      INFO(system.render(failure));
      REQUIRE_FALSE(failure);
    } else {
      wire::byte_writer writer{result};
      REQUIRE_FALSE(inspect(writer, value));
    }
    return result;
  }

  /// Nothing: what the bytes say is an error, or there is more than that.
  template <class T>
  std::optional<T> read(const bytes& from) {
    T result{};
    if constexpr (is_whole<T>) {
      caf::binary_deserializer source{system, from};
      if (source(result) || source.remaining() != 0)
        return std::nullopt;
    } else {
      wire::byte_reader reader{{from.data(), from.size()}, &config};
      if (inspect(reader, result) || reader.remaining() != 0)
        return std::nullopt;
    }
    return result;
  }

  template <class T>
  T there_and_back(const T& value) {
    const auto written = write(value);
    auto result = read<T>(written);
    REQUIRE(result);
    CHECK(write(*result) == written);
    return *std::move(result);
  }

 private:
  wire_config config;

 public:
  caf::actor_system system{config};
};

identity somebody() {
  identity result;
  result.name = "bob";
  result.dialect = irc;
  result.nick = "Bob";
  result.user = "b";
  result.host = "host.example";
  result.real_name = "Bob B.";
  result.account = "bobs";
  result.away = "lunch";
  result.bot = true;
  result.invisible = false;
  result.hears_wallops = true;
  result.server_operator = true;
  return result;
}

identity_ptr somebody_shared() {
  return std::make_shared<const identity>(somebody());
}

std::vector<event> all_events() {
  const auto tags = std::make_shared<const std::string>("+draft/reply=1");
  return {said{std::string("a\0b\n\xff", 5), text_kind::notice, tags},
          said{},
          joined{},
          left{true, "gone"},
          kicked{author{somebody_shared(), {7, 1ULL << 40}}, "why not"},
          renamed{somebody_shared()},
          topic_set{"tea"},
          modes_set{{{true, 'o', "bob"}, {false, 'm', ""}}},
          invited{"carol"},
          away_set{},
          real_name_set{},
          wall{"hear"},
          redacted{{1, 2, 3}, "typo"}};
}

room_news some_news() {
  return {"cafe", {3, 5}, all_events(), '@', {.first_ms = -1, .last_ms = 2, .run = 3, .room = 4}};
}

room_record some_room() {
  return {.room = "cafe",
          .made_ms = 17,
          .members = {{{1, 2}, true, false}, {{1, 3}, false, true}},
          .modes = {{true, 'i', ""}},
          .masks = {{'b', "*!*@evil", "bob", 99}},
          .topic = "tea",
          .topic_by = "bob",
          .topic_ms = 18};
}

kept_record some_record() {
  return {"cafe",
          somebody(),
          {said{"one"}, said{"two"}, renamed{somebody_shared()}},
          {.first_ms = 5, .last_ms = 7, .run = 3, .room = 4, .sequence = 5}};
}

std::vector<wire_message> all_messages() {
  return {
      {wire_hello{"north", 7, 1ULL << 63}},
      {wire_welcome{"south", 8, 1, 2}},
      {wire_taken{5, 6}},
      {wire_news{
          9,
          10,
          {client_came{{1, 2}, somebody(), -5},
           client_changed{{1, 2}, somebody(), 6, client_changed::news::real_name},
           client_went{{1, 2}, "Ping timeout"}, some_news(),
           private_news{{1, 2}, {3, 4}, {said{"psst"}}, "carol", {}}, some_room(), in_step{}}}},
      {wire_question{1, 2, digest_question{3, 4, 5}}},
      {wire_question{1, 2, held_question{3, {4, 5}}}},
      {wire_question{1, 2, missing_question{{{"cafe", 1, 2, 3, 4, true}}, 5}}},
      {wire_answer{1, 2, no_answer{}}},
      {wire_answer{1, 2, std::vector<history_digest>{{-3, 4, 1ULL << 63}, {}}}},
      {wire_answer{1, 2, held_events{{{"cafe", 1, 2, 3, 4, false}, {}}, held_place{5, -6}}}},
      {wire_answer{1, 2, held_events{}}},
      {wire_answer{1, 2, kept_part{{some_record()}, {{"cafe", {1, 2, 3}, 4}}, 5, 6}}},
  };
}

// CAF makes a reference of a null pointer where there is no argument.
wire_actor::behavior_type deaf_peer(wire_actor::pointer, int) {
  return {[](wire_atom, const wire_message&) {}};
}

}  // namespace

TEST_CASE("each message between peers arrives as it was sent") {
  world w;
  for (const auto& each : all_messages())
    CHECK(w.there_and_back(each).what.index() == each.what.index());
}

TEST_CASE("each event arrives as it was sent") {
  world w;
  const auto events = w.there_and_back(some_news()).events;
  REQUIRE(events.size() == all_events().size());
  for (std::size_t i = 0; i < events.size(); ++i)
    CHECK(events[i].index() == all_events()[i].index());
  const auto& first = std::get<said>(events[0]);
  CHECK(first.text == std::string("a\0b\n\xff", 5));
  CHECK(first.kind == text_kind::notice);
  REQUIRE(first.tags);
  CHECK(*first.tags == "+draft/reply=1");
  CHECK_FALSE(std::get<said>(events[1]).tags);
  CHECK(std::get<left>(events[3]) == left{true, "gone"});
  CHECK(std::get<kicked>(events[4]).whom.from == client_id{7, 1ULL << 40});
  CHECK(std::get<kicked>(events[4]).whom.who->nick == "Bob");
  CHECK(std::get<renamed>(events[5]).before->away == "lunch");
  CHECK(std::get<modes_set>(events[7]).changes.at(1) == mode_change{false, 'm', ""});
  CHECK(std::get<redacted>(events[12]).which == message_id{1, 2, 3});
}

TEST_CASE("each struct arrives as it was sent") {
  world w;
  const auto room = w.there_and_back(some_room());
  CHECK(room.members.at(1).has_voice);
  CHECK(room.masks.at(0).set_ms == 99);
  CHECK(room.topic_by == "bob");
  const auto at = w.there_and_back(stamp{-1, 2, 3, 4, 5});
  CHECK(at.first_ms == -1);
  CHECK(at.sequence == 5);
  const auto news = w.there_and_back(some_news());
  CHECK(news.by == client_id{3, 5});
  CHECK(news.to_prefix == '@');
  const auto changed =
      w.there_and_back(client_changed{{1, 2}, somebody(), 6, client_changed::news::away});
  CHECK(changed.told == client_changed::news::away);
  CHECK(w.there_and_back(wire_welcome{"south", 8, 1, 2}).yours == 2);
  CHECK(w.there_and_back(author{nullptr, {1, 2}}).who == nullptr);
}

TEST_CASE("what is asked and answered about histories arrives as it was sent") {
  world w;
  const auto question = w.there_and_back(
      wire_question{1, 2, missing_question{{{"cafe", 1, 2, 3, 4, true}, {"b", 9}}, 5}});
  CHECK(question.number == 2);
  const auto& wish = std::get<missing_question>(question.what);
  CHECK(wish.ranges == std::vector<event_range>{{"cafe", 1, 2, 3, 4, true}, {"b", 9}});
  CHECK(wish.skipped == 5);
  const auto held = w.there_and_back(held_events{{{"cafe", 1}}, held_place{7, 8}});
  CHECK(held.next == held_place{7, 8});
  CHECK_FALSE(w.there_and_back(held_events{}).next);
  const auto part = w.there_and_back(kept_part{{some_record()}, {{"cafe", {1, 2, 3}, 4}}, 5, 6});
  CHECK(part.events.at(0).at.sequence == 5);
  CHECK(part.events.at(0).who.nick == "Bob");
  CHECK(part.removed == std::vector<removed_text>{{"cafe", {1, 2, 3}, 4}});
  CHECK(part.ranges_done == 5);
  CHECK(part.events_done == 6);
}

TEST_CASE(
    "what is kept of a time that cannot be arrives: it is left out, and not what came with it") {
  world w;
  constexpr auto latest = std::numeric_limits<std::int64_t>::max();
  for (const auto& [first_ms, last_ms] : std::vector<std::pair<std::int64_t, std::int64_t>>{
           {-1, 5}, {5, 4}, {latest, latest}, {0, latest}}) {
    auto record = some_record();
    record.at.first_ms = first_ms;
    record.at.last_ms = last_ms;
    CHECK(w.there_and_back(record).at.last_ms == last_ms);
  }
  auto nothing = some_record();
  nothing.events.clear();
  CHECK(w.there_and_back(nothing).events.empty());
}

TEST_CASE("an identity keeps all that it says") {
  world w;
  const auto who = w.there_and_back(somebody());
  CHECK(who.name == "bob");
  CHECK(hostmask(who) == "Bob!b@host.example");
  CHECK(who.real_name == "Bob B.");
  CHECK(who.account == "bobs");
  CHECK(who.away == "lunch");
  CHECK((who.bot && !who.invisible && who.hears_wallops && who.server_operator));
}

TEST_CASE("the name of a dialect is the one that lives here") {
  world w;
  CHECK(w.there_and_back(somebody()).dialect.data() == irc.data());
  auto stranger = somebody();
  stranger.dialect = "klingon";
  const auto read = w.read<identity>(w.write(stranger));
  REQUIRE(read);
  CHECK(read->dialect == known_dialects::unknown);
  identity at_nobody;
  const auto written = w.write(somebody());
  wire::byte_reader reader{{written.data(), written.size()}, nullptr};
  CHECK_FALSE(inspect(reader, at_nobody));
  CHECK(at_nobody.dialect == known_dialects::unknown);
}

TEST_CASE("calls at a door arrive as they were sent") {
  world w;
  const auto peer = w.system.spawn(deaf_peer, 0);
  const auto call = w.there_and_back(door_call{"north", 3, peer});
  CHECK(call.node == "north");
  CHECK(call.version == 3);
  CHECK(call.peer == peer);
  const auto refused = w.there_and_back(door_answer{"go away", {}});
  CHECK(refused.refusal == "go away");
  CHECK_FALSE(refused.peer);
  CHECK(w.there_and_back(door_answer{"", peer}).peer == peer);
  caf::anon_send_exit(peer, caf::exit_reason::kill);
}

TEST_CASE("a message that ends too early is an error") {
  world w;
  for (const auto& each : all_messages()) {
    auto written = w.write(each);
    while (!written.empty()) {
      written.pop_back();
      CHECK_FALSE(w.read<wire_message>(written));
    }
  }
}

TEST_CASE("a number that names nothing is an error") {
  world w;
  CHECK_FALSE(w.read<wire_message>({6}));
  auto kind = w.write(said{});
  kind.at(1) = 3;
  CHECK_FALSE(w.read<said>(kind));
  auto told = w.write(client_changed{});
  told.back() = 4;
  CHECK_FALSE(w.read<client_changed>(told));
  bytes event_of_no_kind{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 12};
  CHECK_FALSE(w.read<room_news>(event_of_no_kind));
}

TEST_CASE("an event without the one it is about is an error") {
  world w;
  CHECK_FALSE(w.read<renamed>({0}));
  CHECK_FALSE(w.read<kicked>(bytes(14, 0)));
}

TEST_CASE("a length beyond its bound is an error") {
  world w;
  const bytes huge{'\xff', '\xff', '\xff', '\xff', '\x0f'};  // 4 GiB
  const bytes endless(64, '\xff');
  for (const auto& length : {huge, endless}) {
    CHECK_FALSE(w.read<topic_set>(length));
    CHECK_FALSE(w.read<said>(length));
    CHECK_FALSE(w.read<modes_set>(length));
  }
  auto padded = bytes{'\x80', '\x80', '\x80', '\x80', '\x00'};
  CHECK_FALSE(w.read<topic_set>({'\x80', '\x80', '\x80', '\x80', '\x80', '\x00'}));
  CHECK(w.read<topic_set>(padded));
}

TEST_CASE("what is too long is not sent") {
  world w;
  const auto fails = [](auto value) {
    bytes result;
    wire::byte_writer writer{result};
    return static_cast<bool>(inspect(writer, value));
  };
  const std::string long_word(wire::word_bytes_max + 1, 'x');
  CHECK(fails(topic_set{long_word}));
  CHECK_FALSE(fails(topic_set{long_word.substr(1)}));
  CHECK_FALSE(fails(said{long_word}));
  CHECK(fails(said{std::string(wire::text_bytes_max + 1, 'x')}));
  CHECK(fails(modes_set{std::vector<mode_change>(wire::elements_max + 1)}));
}

TEST_CASE("whatever comes is read without harm") {
  world w;
  std::mt19937 random{4711};
  std::size_t read = 0;
  for (int round = 0; round < 3000; ++round)
    for (const auto& each : all_messages()) {
      auto written = w.write(each);
      for (auto changes = random() % 4 + 1; changes > 0; --changes)
        written[random() % written.size()] = static_cast<char>(random());
      read += w.read<wire_message>(written).has_value() ? 1U : 0U;
    }
  CHECK(read > 0);
}
