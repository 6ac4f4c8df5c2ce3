// The tagged dialect as tables of bytes: docs/dialects/tagged.md.

#include "io/dialects/tagged/tagged.hpp"
#include "tests/support/authors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/miniature_server.hpp"

#include <string>
#include <string_view>
#include <vector>

using namespace confab;
using namespace confab::test;
using namespace std::string_literals;

namespace {

const standing nobody{};
const standing sender = make_standing("bob", {.speaks = true});
const standing sender_in_cafe = make_standing("bob", {.speaks = true}, "cafe");
const standing receiver = make_standing("alice", {.listens = true});
const standing receiver_in_cafe = make_standing("alice", {.listens = true}, "cafe");

std::unique_ptr<const dialect> edition_2022() {
  return tagged::make_dialect(tagged::edition::spring2022);
}

std::vector<command> decode(std::string_view bytes, const standing& now,
                            std::size_t piece = std::string_view::npos) {
  return test::decode(*edition_2022(), bytes, now, piece);
}

struct row {
  std::string bytes;
  standing now;
  command expected;
};

std::string reply_to(const outcome& result, const standing& now) {
  std::string out;
  edition_2022()->encode_reply(result, now, out);
  return out;
}

std::string delivered(const event_batch& batch) {
  std::string out;
  edition_2022()->encode_events(batch, 0, out);
  return out;
}

event_batch spoken_by(author who, std::string text) {
  return {"cafe", std::move(who), {said{std::move(text)}}};
}

const author bob = make_author("bob", "tagged", 0, 1);

}  // namespace

TEST_CASE("each line is the command that the tag table says, also in single bytes") {
  const std::vector<row> rows{
      {"slogin:bob\n", nobody, log_in{"bob", {.speaks = true}}},
      {"rlogin:Bob42\r\n", nobody, log_in{"Bob42", {.listens = true}}},
      {"slogin:\n", nobody, reject{"did not receive valid login message"}},
      {"slogin:bob smith\n", nobody, reject{"did not receive valid login message"}},
      {"slogin:b\xc3\xb6"
       "b\n",
       nobody, reject{"did not receive valid login message"}},
      {"join:cafe\n", nobody, reject{"did not receive valid login message"}},
      {"hello\n", nobody, reject{"invalid message format"}},
      {"\n", nobody, reject{"invalid message format"}},
      {"join:cafe\n", sender, join_room{"cafe", join_mode::open_or_make}},
      {"join:\n", sender, reject{"invalid room name"}},
      {"join:my cafe\n", sender_in_cafe, reject{"invalid room name"}},
      {"leave:\n", sender_in_cafe, leave_room{}},
      {"leave:bye now\n", sender, leave_room{}},
      {"quit:bye\n", sender, quit{}},
      {"quit\n", sender, reject{"invalid message format"}},
      {"sendall:\n", sender_in_cafe, say{""}},
      {"sendall:a:b:c\n", sender_in_cafe, say{"a:b:c"}},
      {"sendall: tabs\tand blanks  \r\n", sender_in_cafe, say{" tabs\tand blanks  "}},
      {"sendall:x\r\r\n", sender_in_cafe, say{"x\r"}},
      {"sendall:nul\0\xff\x80\n"s, sender_in_cafe, say{"nul\0\xff\x80"s}},
      {"slogin:bob\n", sender, reject{"invalid message tag"}},
      {"rlogin:bob\n", sender_in_cafe, reject{"invalid message tag"}},
      {"ok:x\n", sender, reject{"invalid message tag"}},
      {"err:x\n", sender, reject{"invalid message tag"}},
      {"delivery:a:b:c\n", sender, reject{"invalid message tag"}},
      {"senduser:bob:hi\n", sender_in_cafe, reject{"invalid message tag"}},
      {"empty:\n", sender_in_cafe, reject{"invalid message tag"}},
      {":x\n", sender, reject{"invalid message tag"}},
      {"SENDALL:x\n", sender_in_cafe, reject{"invalid message tag"}},
      {"join:cafe\n", receiver, join_room{"cafe", join_mode::open_or_make}},
      {"join:a b\n", receiver, reject{"invalid room name"}},
      {"sendall:hi\n", receiver, reject{"expected join message, received sendall"}},
      {"rlogin:x\n", receiver, reject{"expected join message, received rlogin"}},
      {"quit:\n", receiver, quit{}},
      {"join:bar\n", receiver_in_cafe, join_room{"bar", join_mode::open_or_make}},
      {"sendall:hi\n", receiver_in_cafe, reject{"invalid message tag"}},
      {"leave:\n", receiver_in_cafe, reject{"invalid message tag"}},
      {"quit:\n", receiver_in_cafe, quit{}},
  };
  for (const auto& each : rows) {
    CAPTURE(each.bytes);
    CHECK(decode(each.bytes, each.now) == std::vector{each.expected});
    CHECK(decode(each.bytes, each.now, 1) == std::vector{each.expected});
  }
}

TEST_CASE("MAX_LENGTH is 255 bytes, the terminating newline and a carriage return included") {
  const auto text = std::string(255 - std::string_view{"sendall:\n"}.size(), 'x');
  const command whole = say{text};
  const command too_long = reject{"invalid message format"};
  const std::vector<row> rows{
      {"sendall:" + text + "\n", sender_in_cafe, whole},
      {"sendall:" + text + "x\n", sender_in_cafe, too_long},
      {"sendall:" + text.substr(1) + "\r\n", sender_in_cafe, say{text.substr(1)}},
      {"sendall:" + text + "\r\n", sender_in_cafe, too_long},
  };
  for (const auto& each : rows)
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{254},
                                    std::size_t{255}, std::string_view::npos})
      CHECK(decode(each.bytes, each.now, piece) == std::vector{each.expected});
}

TEST_CASE("an over-long line is answered once and the next line is read as usual") {
  const auto bytes = std::string(100'000, 'a') + "\nsendall:hi\n";
  const std::vector<command> expected{reject{"invalid message format"}, say{"hi"}};
  for (const std::size_t piece : {std::size_t{1}, std::size_t{100}, std::string_view::npos})
    CHECK(decode(bytes, sender_in_cafe, piece) == expected);
}

TEST_CASE("a line that has not ended is no command yet") {
  CHECK(decode("sendall:hi", sender_in_cafe).empty());
  CHECK(decode("", sender_in_cafe).empty());
}

TEST_CASE("replies are those of the reference server, to the byte") {
  CHECK(reply_to(welcomed{bob.who}, nobody) == "ok:logged in as bob\n");
  CHECK(reply_to(entered{"cafe"}, sender) == "ok:joined room cafe\n");
  CHECK(reply_to(entered{"cafe"}, receiver) == "ok:welcome\n");
  CHECK(reply_to(entered{"cafe"}, receiver_in_cafe) == "ok:welcome\n");
  CHECK(reply_to(told{}, sender_in_cafe) == "ok:message sent\n");
  CHECK(reply_to(departed{"cafe"}, sender_in_cafe) == "ok:left room cafe\n");
  CHECK(reply_to(goodbye{}, sender) == "ok:bye!\n");
  CHECK(reply_to(refused{refusal::not_in_room, ""}, sender) == "err:not in a room\n");
  CHECK(reply_to(refused{refusal::name_too_long, ""}, nobody) ==
        "err:did not receive valid login message\n");
  CHECK(reply_to(refused{refusal::name_too_long, ""}, sender) == "err:invalid room name\n");
  CHECK(reply_to(rejected{"invalid message tag"}, sender) == "err:invalid message tag\n");
}

TEST_CASE("an error that quotes a tag fits into a line") {
  const auto line = std::string(250, 't') + ":\n";
  const auto found = decode(line, receiver);
  REQUIRE(found.size() == 1);
  CHECK(reply_to(rejected{std::get<reject>(found[0]).why}, receiver).size() == 255);
}

TEST_CASE("a delivery names room and sender and holds the text as it came") {
  CHECK(delivered(spoken_by(bob, "hi")) == "delivery:cafe:bob:hi\n");
  CHECK(delivered(spoken_by(bob, "a:b\r\t\0\xff"s)) == "delivery:cafe:bob:a:b\r\t\0\xff\n"s);
  CHECK(delivered({"cafe", bob, {said{"1"}, said{"2"}}}) ==
        "delivery:cafe:bob:1\ndelivery:cafe:bob:2\n");
}

TEST_CASE("receivers get no joined and left notices") {
  CHECK(delivered({"cafe", bob, {joined{}, left{}}}).empty());
  CHECK_FALSE(edition_2022()->announces_members());
}

TEST_CASE("no message may forge another: foreign text and names stay in one line") {
  const auto stranger = make_author("root:x\ndelivery", "framed", 1, 1);
  CHECK(delivered(spoken_by(stranger, "a\ndelivery:mix:root:forged\r\n\0"s)) ==
        "delivery:cafe:root_x_delivery:a delivery:mix:root:forged   \n");
}

TEST_CASE("the two editions differ in whether a receiver hears its own user") {
  CHECK(edition_2022()->policy({}, 0) == delivery_policy::all_but_own_user);
  CHECK(tagged::make_dialect(tagged::edition::fall2023)->policy({}, 0) ==
        delivery_policy::everything);
}
