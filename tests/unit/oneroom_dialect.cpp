// The oneroom dialect as tables of bytes: docs/dialects/oneroom.md.

#include "io/dialects/oneroom/oneroom.hpp"
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

constexpr std::size_t line_bytes_max = 32;
constexpr role everything{.speaks = true, .listens = true};

std::unique_ptr<const dialect> make() {
  return oneroom::make_dialect("lobby", line_bytes_max);
}

const command login = log_in{"bob", everything};
const command join = join_room{"lobby", join_mode::open_or_make};

/// All commands in `bytes`, given in pieces of `piece` bytes, with the standing that they lead to.
std::vector<command> decode(std::string_view bytes, std::size_t piece = std::string_view::npos) {
  const auto pieces = bytes.size() / piece;
  return converse(*make(), bytes, std::vector<std::size_t>(pieces, piece)).commands;
}

/// What is asked for by a client that has entered as bob, beyond the login and the join.
std::vector<command> after_login(std::vector<command> more) {
  more.insert(more.begin(), {login, join});
  return more;
}

struct row {
  std::string bytes;
  std::vector<command> expected;
};

void check_rows(const std::vector<row>& rows) {
  for (const auto& each : rows) {
    CAPTURE(each.bytes);
    CHECK(decode(each.bytes) == each.expected);
    CHECK(decode(each.bytes, 1) == each.expected);
    CHECK(decode(each.bytes, 3) == each.expected);
  }
}

bool hangs_up(const std::vector<command>& commands) {
  return !commands.empty() && std::holds_alternative<hang_up>(commands.back());
}

std::string heard(const event_batch& batch) {
  std::string out;
  make()->encode_events(batch, 0, out);
  return out;
}

const author bob = make_author("bob", "oneroom", 1, 1);

}  // namespace

TEST_CASE("one line with the user name, then one line per message") {
  check_rows({
      {"bob\n", after_login({})},
      {"bob\nhi\n", after_login({say{"hi"}})},
      {"bob\nhi\nho\n", after_login({say{"hi"}, say{"ho"}})},
      {"bob\n\n", after_login({say{""}})},
      {"bob\n/join cafe\n", after_login({say{"/join cafe"}})},
      {"bob\nsendall:x\n", after_login({say{"sendall:x"}})},
      {"bob\na:b\tc \n", after_login({say{"a:b\tc "}})},
      {"bob\nnul\0\xff\x80\n"s, after_login({say{"nul\0\xff\x80"s}})},
      {"my name\n", {log_in{"my name", everything}, join}},
      {"root:x\n", {log_in{"root:x", everything}, join}},
      {" \n", {log_in{" ", everything}, join}},
  });
}

TEST_CASE("carriage return and newline are accepted as the end of a line") {
  check_rows({
      {"bob\r\nhi\r\n", after_login({say{"hi"}})},
      {"bob\r\nhi\nho\r\n", after_login({say{"hi"}, say{"ho"}})},
      {"bob\na\rb\r\n", after_login({say{"a\rb"}})},
      {"bob\n\r\n", after_login({say{""}})},
  });
}

TEST_CASE("a oneroom line that has not ended is no command yet") {
  CHECK(decode("").empty());
  CHECK(decode("bob").empty());
  CHECK(decode("bob\r").empty());
  CHECK(decode("bob\nhi") == after_login({}));
}

TEST_CASE("an empty name is refused by closing") {
  for (const std::string bytes : {"\n", "\r\n", "\nhi\n"}) {
    const auto found = decode(bytes);
    CHECK(found.size() == 1);
    CHECK(hangs_up(found));
  }
}

TEST_CASE("a name that the server refuses ends the connection: there is no error message") {
  const auto name = std::string(miniature_server::name_bytes_max + 1, 'n');
  const auto roomy = oneroom::make_dialect("lobby", 4096);
  const auto found = converse(*roomy, name + "\nhi\n");
  REQUIRE(found.commands.size() == 2);
  CHECK(found.commands[0] == command{log_in{name, everything}});
  CHECK(hangs_up(found.commands));
  CHECK(found.replies == std::vector<std::string>(2));
}

TEST_CASE("a lobby that cannot be entered ends the connection") {
  const auto oneroom = make();
  const auto decoder = oneroom->make_decoder();
  standing now;
  std::string_view input = "bob\nhi\n";
  CHECK(decoder->next(input, now) == login);
  now.who = bob.who;
  CHECK(decoder->next(input, now) == join);
  CHECK(std::holds_alternative<hang_up>(decoder->next(input, now).value()));
}

TEST_CASE("the longest line has line_bytes_max bytes, the newline included") {
  const std::string longest(line_bytes_max - 1, 'x');
  for (const std::size_t piece :
       {std::size_t{1}, line_bytes_max - 1, line_bytes_max, std::string_view::npos}) {
    CHECK(decode("bob\n" + longest + "\n", piece) == after_login({say{longest}}));
    CHECK(decode(longest + "\n", piece) == std::vector<command>{log_in{longest, everything}, join});
    for (const auto& bytes : {"bob\n" + longest + "x\n", "bob\n" + longest + "x",
                              "bob\n" + longest + "\r\n", longest + "x\n", longest + "x"})
      CHECK(hangs_up(decode(bytes, piece)));
  }
}

TEST_CASE("an endless line ends the connection before it has ended") {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{1000}, std::string_view::npos}) {
    auto expected = after_login({say{"hi"}});
    const auto found = decode("bob\nhi\n" + std::string(100'000, 'x'), piece);
    REQUIRE(found.size() == expected.size() + 1);
    CHECK(std::vector<command>(found.begin(), found.end() - 1) == expected);
    CHECK(hangs_up(found));
  }
}

TEST_CASE("there is no reply and no error message in this protocol") {
  const std::vector<outcome> all{welcomed{bob.who},
                                 entered{"lobby"},
                                 departed{"lobby"},
                                 told{},
                                 listing{{{"a"}, {"b"}}},
                                 goodbye{},
                                 refused{refusal::server_full, {}},
                                 rejected{"why"}};
  std::string out;
  for (const auto& each : all)
    make()->encode_reply(each, standing{}, out);
  CHECK(out.empty());
}

TEST_CASE("to all, the author too: user:message, no blank after the colon") {
  CHECK(make()->policy({}, 0) == delivery_policy::everything);
  CHECK(heard({"lobby", bob, {said{"hi"}}}) == "bob:hi\n");
  CHECK(heard({"lobby", bob, {said{""}}}) == "bob:\n");
  CHECK(heard({"lobby", bob, {said{" a:b "}, said{"2"}}}) == "bob: a:b \nbob:2\n");
  CHECK(heard({"lobby", make_author("my name", "oneroom", 1, 1), {said{"hi"}}}) == "my name:hi\n");
}

TEST_CASE("oneroom clients get no joined and left notices") {
  CHECK_FALSE(make()->announces_members());
  CHECK(heard({"lobby", bob, {joined{}, said{"hi"}, left{}}}) == "bob:hi\n");
}

TEST_CASE("a colon, a line end or a NUL in a name becomes an underscore") {
  for (const std::string_view dialect : {"oneroom", "framed", "tagged"}) {
    const auto stranger = make_author("a:b\nc\rd\0e"s, dialect, 2, 1);
    CHECK(heard({"lobby", stranger, {said{"hi"}}}) == "a_b_c_d_e:hi\n");
  }
}

TEST_CASE("a line end or a NUL in a foreign text becomes a blank: one line stays one line") {
  const auto alice = make_author("alice", "framed", 2, 1);
  CHECK(heard({"lobby", alice, {said{"a\nroot:forged\r\0"s}}}) == "alice:a root:forged  \n");
}

TEST_CASE("an own text is passed on as it came") {
  CHECK(heard({"lobby", bob, {said{"a\tb\xff\0c"s}}}) == "bob:a\tb\xff\0c\n"s);
}

TEST_CASE("the room of all oneroom clients is an option") {
  const auto found = converse(*oneroom::make_dialect("plaza", line_bytes_max), "bob\n").commands;
  CHECK(found == std::vector<command>{login, join_room{"plaza", join_mode::open_or_make}});
}
