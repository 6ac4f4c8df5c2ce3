// The framed dialect as tables of bytes: docs/dialects/framed.md.

#include "io/dialects/framed/framed.hpp"
#include "tests/support/authors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/miniature_server.hpp"
#include "tests/support/strict_reader.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace confab;
using namespace confab::test;
using namespace std::string_literals;

namespace {

constexpr std::size_t frame_bytes = 200;
constexpr role everything{.speaks = true, .listens = true};

const standing nobody{};
const standing member = make_standing("bob", everything);
const standing in_cafe = make_standing("bob", everything, "cafe");

std::string frame(std::string text) {
  text.resize(frame_bytes, ' ');
  return text;
}

std::vector<command> decode(std::string_view bytes, const standing& now,
                            std::size_t piece = std::string_view::npos) {
  return test::decode(*framed::make_dialect(), bytes, now, piece);
}

struct row {
  std::string text;
  standing now;
  command expected;
};

std::string reply_to(const outcome& result, const standing& now = member) {
  std::string out;
  framed::make_dialect()->encode_reply(result, now, out);
  return out;
}

std::string shown(const event_batch& batch) {
  std::string out;
  framed::make_dialect()->encode_events(batch, 0, out);
  return out;
}

std::string shown(std::string name, std::string text) {
  return shown({"cafe", make_author(std::move(name), "framed", 1, 1), {said{std::move(text)}}});
}

listing list_of(const std::vector<std::string>& names) {
  listing result;
  for (const auto& name : names)
    result.rooms.push_back({name});
  return result;
}

std::string words(const char* control) {
  return control +
         " is not a valid control message. Valid messages are /create, /list, and /join."s;
}

constexpr auto join_words = "/join command must be followed by the name of a channel to join.";
constexpr auto create_words = "/create command must be followed by the name of a channel to create";

}  // namespace

TEST_CASE("framed: a user name cannot forge a notice, nor reach other people's terminals") {
  const auto notice = [](const std::string& name) {
    std::string out;
    framed::make_dialect()->encode_events(
        event_batch{"cafe", make_author(name, "framed", 0, 1), {left{}}}, 0, out);
    return out.substr(0, out.find_last_not_of(' ') + 1);
  };
  CHECK(notice("bob has left because the room is closed; admin") ==
        "bob_has_left_because_the_room_is_closed;_admin has left");
  CHECK(notice("a\u00a0b\u2003c") == "a_b_c has left");
  CHECK(notice("\x1b[31mred") == "_(31mred has left");
  CHECK(notice("\u009b31m") == "_31m has left");
  CHECK(notice("J\xfcrgen") == "J\xfcrgen has left");
  std::string out;
  framed::make_dialect()->encode_events(
      event_batch{"cafe", make_author("Mary Ann \x1b", "framed", 0, 1), {said{"hi"}}}, 0, out);
  CHECK(out.starts_with("[Mary Ann _] hi "));
}

TEST_CASE("each frame is the command that the document says, in any split") {
  const std::vector<row> rows{
      {"bob", nobody, log_in{"bob", everything}},
      {"/list", nobody, log_in{"/list", everything}},
      {"my name", nobody, log_in{"my name", everything}},
      {"Zo\xc3\xab", nobody, log_in{"Zo\xc3\xab", everything}},
      {"/join cafe", member, join_room{"cafe", join_mode::must_exist}},
      {"/join cafe", in_cafe, join_room{"cafe", join_mode::must_exist}},
      {"/create cafe", member, join_room{"cafe", join_mode::must_not_exist}},
      {"/create   cafe", member, join_room{"cafe", join_mode::must_not_exist}},
      {"/create 168_tas", in_cafe, join_room{"168_tas", join_mode::must_not_exist}},
      {"/list", member, list_rooms{}},
      {"/list", in_cafe, list_rooms{}},
      {"/join", member, reject{join_words}},
      {"/join    ", in_cafe, reject{join_words}},
      {"/create", member, reject{create_words}},
      {"/create  ", in_cafe, reject{create_words}},
      {"/leave", in_cafe, reject{words("/leave")}},
      {"/", member, reject{words("/")}},
      {"/joincafe", member, reject{words("/joincafe")}},
      {"/JOIN cafe", member, reject{words("/JOIN")}},
      {"/quit now, please", member, reject{words("/quit")}},
      {"hi", in_cafe, say{"hi"}},
      {"hi", member, say{"hi"}},
      {" /list", in_cafe, say{" /list"}},
      {"a\nb", in_cafe, say{"a\nb"}},
      {"nul\0\xff\x80"s, in_cafe, say{"nul\0\xff\x80"s}},
  };
  for (const auto& each : rows) {
    CAPTURE(each.text);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{150}, std::string_view::npos})
      CHECK(decode(frame(each.text), each.now, piece) == std::vector{each.expected});
  }
}

TEST_CASE("the reader strips the blanks at the end, and the newline of the client's input line") {
  CHECK(decode(frame("hi  there"), in_cafe) == std::vector<command>{say{"hi  there"}});
  CHECK(decode(frame("hi\n"), in_cafe) == std::vector<command>{say{"hi"}});
  CHECK(decode(frame("hi \r\n"), in_cafe) == std::vector<command>{say{"hi"}});
  CHECK(decode(frame("  hi"), in_cafe) == std::vector<command>{say{"  hi"}});
  CHECK(decode(frame("/list\n"), in_cafe) == std::vector<command>{list_rooms{}});
  CHECK(decode(frame("/join cafe\n"), in_cafe) ==
        std::vector<command>{join_room{"cafe", join_mode::must_exist}});
  CHECK(decode(frame("bob\n"), nobody) == std::vector<command>{log_in{"bob", everything}});
}

TEST_CASE("bytes arrive in any split and joined up") {
  const std::string full(frame_bytes, 'x');
  const auto bytes = frame("one") + full + frame("/list") + frame("two");
  const std::vector<command> expected{say{"one"}, say{full}, list_rooms{}, say{"two"}};
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece)
    REQUIRE(decode(bytes, in_cafe, piece) == expected);
}

TEST_CASE("less than 200 bytes are no message yet") {
  CHECK(decode(frame("hi").substr(1), in_cafe).empty());
  CHECK(decode(frame("hi") + frame("ho").substr(1), in_cafe) == std::vector<command>{say{"hi"}});
}

TEST_CASE("a name of blanks is no name: it is refused and the next message is the name") {
  const auto found = decode(frame("") + frame("bob"), nobody, 7);
  REQUIRE(found.size() == 2);
  CHECK(std::holds_alternative<reject>(found[0]));
  CHECK(found[1] == command{log_in{"bob", everything}});
}

TEST_CASE("errors are these strings, exactly, in one frame of 200 bytes") {
  CHECK(reply_to(rejected{words("/leave")}) == frame(words("/leave")));
  CHECK(reply_to(refused{refusal::no_such_room, "cafe"}) ==
        frame("No channel named cafe exists. Try '/create cafe'?"));
  CHECK(reply_to(rejected{join_words}) == frame(join_words));
  CHECK(reply_to(rejected{create_words}) == frame(create_words));
  CHECK(reply_to(refused{refusal::room_exists, "cafe"}) ==
        frame("Room cafe already exists, so cannot be created."));
  CHECK(reply_to(refused{refusal::not_in_room, ""}) ==
        frame("Not currently in any channel. Must join a channel before sending messages."));
}

TEST_CASE("every reply is one whole frame, however long the name that it quotes") {
  const std::string name(255, 'n');
  for (const auto why : {refusal::no_such_room, refusal::room_exists, refusal::too_many_rooms,
                         refusal::name_too_long, refusal::not_in_room, refusal::server_full})
    CHECK(reply_to(refused{why, name}).size() == frame_bytes);
  CHECK(reply_to(rejected{std::string(1000, 'w')}).size() == frame_bytes);
}

TEST_CASE("what succeeds is not answered") {
  const std::vector<outcome> successes{welcomed{member.who}, entered{"cafe"}, departed{"cafe"},
                                       told{}, goodbye{}};
  for (const auto& each : successes)
    CHECK(reply_to(each).empty());
}

TEST_CASE("/list sends the names separated by newlines, nothing when there is no channel") {
  CHECK(reply_to(list_of({"a"})) == frame("a"));
  CHECK(reply_to(list_of({"168_tas", "cafe", "lobby"})) == frame("168_tas\ncafe\nlobby"));
  CHECK(reply_to(list_of({})).empty());
}

TEST_CASE("/list of 60 channels comes in whole frames, and no name is split") {
  std::vector<std::string> rooms;
  for (int number = 10; number < 70; ++number)
    rooms.push_back("channel-" + std::to_string(number));
  const auto wire = reply_to(list_of(rooms));
  REQUIRE(wire.size() % frame_bytes == 0);
  std::vector<std::string> names;
  for (std::size_t start = 0; start < wire.size(); start += frame_bytes) {
    auto text = wire.substr(start, frame_bytes);
    text.resize(text.find_last_not_of(' ') + 1);
    for (std::size_t end = 0; end != std::string::npos; text.erase(0, end + 1)) {
      end = text.find('\n');
      names.push_back(text.substr(0, end));
      if (end == std::string::npos)
        break;
    }
  }
  CHECK(names == rooms);
}

TEST_CASE("/list fills frames to the last byte, and cuts only what is longer than a frame") {
  const std::string half(100, 'h');
  CHECK(reply_to(list_of({half, half.substr(1)})) == half + "\n" + half.substr(1));
  CHECK(reply_to(list_of({half, half})) == frame(half) + frame(half));
  CHECK(reply_to(list_of({"a", std::string(255, 'b'), "c"})) ==
        frame("a") + std::string(frame_bytes, 'b') + frame("c"));
}

TEST_CASE("to the other members: joined, left, and texts with the name in brackets") {
  const auto bob = make_author("bob", "framed", 1, 1);
  CHECK(framed::make_dialect()->policy({}, 0) == delivery_policy::all_but_own_connection);
  CHECK(framed::make_dialect()->announces_members());
  CHECK(shown({"cafe", bob, {joined{}}}) == frame("bob has joined"));
  CHECK(shown({"cafe", bob, {left{}}}) == frame("bob has left"));
  CHECK(shown("bob", "hi") == frame("[bob] hi"));
  CHECK(shown({"cafe", bob, {joined{}, said{"1"}, said{"2"}, left{}}}) ==
        frame("bob has joined") + frame("[bob] 1") + frame("[bob] 2") + frame("bob has left"));
}

TEST_CASE("a text is cut at 200 bytes") {
  CHECK(shown("bob", std::string(194, 'x')) == "[bob] " + std::string(194, 'x'));
  CHECK(shown("bob", std::string(195, 'x')) == "[bob] " + std::string(194, 'x'));
  CHECK(shown("bob", std::string(5000, 'x')) == "[bob] " + std::string(194, 'x'));
}

TEST_CASE("a text is never cut inside a UTF-8 character") {
  for (const std::string character : {"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x91\x8b"})
    for (std::size_t before = 180; before <= 200; ++before) {
      auto text = std::string(before, 'x');
      for (int count = 0; count < 10; ++count)
        text += character;
      auto seen = shown("bob", text);
      REQUIRE(seen.size() == frame_bytes);
      CHECK(is_utf8(seen));
      seen.resize(seen.find_last_not_of(' ') + 1);
      CHECK(seen.size() > frame_bytes - character.size());
      CHECK(("[bob] " + text).substr(0, seen.size()) == seen);
    }
}

TEST_CASE("bytes that are no UTF-8 may be cut anywhere, and fill the frame") {
  for (const char byte : {'\x80', '\xbf', '\xc3', '\xe2', '\xf0', '\xff'})
    CHECK(shown("bob", std::string(300, byte)) == "[bob] " + std::string(194, byte));
}

TEST_CASE("no message may forge another: line ends and brackets in names and texts") {
  CHECK(shown("bob", "a\n[root] forged\r\0"s) == frame("[bob] a [root] forged"));
  CHECK(shown("root] hi [x", "hi") == frame("[root) hi (x] hi"));
  CHECK(shown("a\nroot", "hi") == frame("[a root] hi"));
  CHECK(reply_to(list_of({"a\nb", "[root] hi"})) == frame("a b\n(root) hi"));
}
