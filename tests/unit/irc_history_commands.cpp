// CHATHISTORY, SEARCH, REDACT and MARKREAD: what each of them becomes.

#include "io/dialects/irc/message_id.hpp"
#include "io/dialects/irc/page_size.hpp"
#include "io/dialects/irc/read_markers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/irc_conversation.hpp"

using namespace confab;
using namespace confab::irc;
using test::irc_conversation;

namespace {

constexpr std::int64_t early = 1'500'000'000'000;  // 2017-07-14T02:40:00.000Z
const std::string early_text = "2017-07-14T02:40:00.000Z";
const std::string early_point = "timestamp=" + early_text;
constexpr message_id some_id{36, 3, 37};

irc_conversation with_history(std::string_view capabilities = {}) {
  auto chosen = irc_conversation::default_settings();
  chosen.history_messages_max = 100;
  chosen.rooms_per_client_max = 3;
  auto client = irc_conversation::logged_in(std::move(chosen));
  if (!capabilities.empty())
    client.send(std::string{"CAP REQ :"}.append(capabilities).append("\r\n"));
  return client;
}

std::string failure(std::string_view rest) {
  return std::string{":srv.example FAIL "}.append(rest).append("\r\n");
}

std::string marker(std::string_view rest) {
  return std::string{":srv.example MARKREAD "}.append(rest).append("\r\n");
}

command part_of_cafe(history_query query) {
  return recall{"cafe", std::move(query)};
}

}  // namespace

TEST_CASE("irc: CHATHISTORY LATEST BEFORE AFTER AROUND C ref n asks for a part of the history") {
  auto client = with_history();
  CHECK(client.one("CHATHISTORY LATEST #cafe * 10").what ==
        part_of_cafe({history_part::latest, history_edge{}, {}, 10, true}));
  CHECK(client.one("CHATHISTORY latest #cafe msgid=10-3-11 10").what ==
        part_of_cafe({history_part::latest, some_id, {}, 10, true}));
  CHECK(client.one("CHATHISTORY BEFORE #cafe " + early_point + " 1").what ==
        part_of_cafe({history_part::before, early, {}, 1, true}));
  CHECK(client.one("CHATHISTORY AFTER #cafe msgid=10-3-11 2").what ==
        part_of_cafe({history_part::after, some_id, {}, 2, true}));
  CHECK(client.one("CHATHISTORY AROUND #cafe msgid=10-3-11 3").what ==
        part_of_cafe({history_part::around, some_id, {}, 3, true}));
  const auto got = client.one("CHATHISTORY after #cafe msgid=10-3-11 2");
  CHECK(got.about.verb == "CHATHISTORY");
  CHECK(got.about.subject == "#cafe");
  CHECK(got.about.detail == "AFTER");
}

TEST_CASE("irc: CHATHISTORY BETWEEN C ref ref n takes both kinds of references") {
  auto client = with_history();
  CHECK(client.one("CHATHISTORY BETWEEN #cafe msgid=10-3-11 " + early_point + " 5").what ==
        part_of_cafe({history_part::between, some_id, early, 5, true}));
}

TEST_CASE("irc: CHATHISTORY TARGETS takes two timestamps and nothing else") {
  auto client = with_history();
  const auto got =
      client.one("CHATHISTORY TARGETS timestamp=1970-01-01T00:00:00.007Z " + early_point + " 9");
  CHECK(got.what == command{ask_targets{7, early, 9}});
  CHECK(got.about.detail == "TARGETS");
  CHECK(client.answer("CHATHISTORY TARGETS msgid=10-3-11 " + early_point + " 9") ==
        failure("CHATHISTORY INVALID_PARAMS TARGETS msgid=10-3-11 :That is no timestamp"));
  CHECK(client.answer("CHATHISTORY TARGETS " + early_point + " * 9") ==
        failure("CHATHISTORY INVALID_PARAMS TARGETS * :That is no timestamp"));
}

TEST_CASE("irc: texts only, unless the client has event-playback, and batches to have it in") {
  for (const bool has_batch : {false, true}) {
    auto client = with_history(has_batch ? "draft/event-playback batch" : "draft/event-playback");
    CHECK(client.one("CHATHISTORY LATEST #cafe * 10").what ==
          part_of_cafe({history_part::latest, history_edge{}, {}, 10, !has_batch}));
  }
}

TEST_CASE("irc: a limit over the maximum is the maximum") {
  auto client = with_history();
  for (const std::string limit : {"100", "101", "99999999999999999999999999"})
    CHECK(client.one("CHATHISTORY LATEST #cafe * " + limit).what ==
          part_of_cafe({history_part::latest, history_edge{}, {}, 100, true}));
  CHECK(parse_page_size("007", 100) == 7);
}

TEST_CASE("irc: a limit of 0, less, or of something else is INVALID_PARAMS") {
  auto client = with_history();
  for (const std::string limit : {"0", "000", "-1", "+1", "x", "1x", "1.5", "*"})
    CHECK(
        client.answer("CHATHISTORY LATEST #cafe * " + limit) ==
        failure("CHATHISTORY INVALID_PARAMS LATEST " + limit + " :That is no number of messages"));
  CHECK(client.answer("CHATHISTORY LATEST #cafe * :") ==
        failure("CHATHISTORY INVALID_PARAMS LATEST :That is no number of messages"));
}

TEST_CASE("irc: an unknown subcommand, missing and excess parameters are INVALID_PARAMS") {
  auto client = with_history();
  CHECK(client.answer("CHATHISTORY NEWEST #cafe * 1") ==
        failure("CHATHISTORY INVALID_PARAMS NEWEST :Unknown command"));
  CHECK(client.answer("CHATHISTORY LATEST #cafe *") ==
        failure("CHATHISTORY INVALID_PARAMS LATEST :Insufficient parameters"));
  CHECK(client.answer("CHATHISTORY BETWEEN #cafe msgid=1-1-1 5") ==
        failure("CHATHISTORY INVALID_PARAMS BETWEEN :Insufficient parameters"));
  CHECK(client.answer("CHATHISTORY TARGETS") ==
        failure("CHATHISTORY INVALID_PARAMS TARGETS :Insufficient parameters"));
  CHECK(client.answer("CHATHISTORY LATEST #cafe * 1 2") ==
        failure("CHATHISTORY INVALID_PARAMS LATEST :Too many parameters"));
  CHECK(client.answer("CHATHISTORY") ==
        ":srv.example 461 alice CHATHISTORY :Not enough parameters\r\n");
}

TEST_CASE("irc: a reference that cannot be parsed is INVALID_PARAMS, and * is for LATEST only") {
  auto client = with_history();
  for (const std::string reference :
       {"10-3-11", "msgid=", "timestamp=", "timestamp=now", "timestamp=1500000000",
        "timestamp=2017-02-30T00:00:00.000Z", "MSGID=10-3-11", "*"})
    CHECK(client.answer("CHATHISTORY BEFORE #cafe " + reference + " 10") ==
          failure("CHATHISTORY INVALID_PARAMS BEFORE " + reference +
                  " :That is neither a msgid nor a timestamp"));
  CHECK(client.answer("CHATHISTORY BETWEEN #cafe msgid=10-3-11 * 10") ==
        failure("CHATHISTORY INVALID_PARAMS BETWEEN * :That is neither a msgid nor a timestamp"));
}

TEST_CASE("irc: a msgid that the server has never given is one that it does not know") {
  auto client = with_history();
  for (const std::string id : {"nonexistent123", "10-3", "A-1-1", "\xC3\xA9"})
    CHECK(client.one("CHATHISTORY AFTER #cafe msgid=" + id + " 10").what ==
          part_of_cafe({history_part::after, message_id{}, {}, 10, true}));
}

TEST_CASE("irc: CHATHISTORY of what is no channel is INVALID_TARGET") {
  auto client = with_history();
  for (const auto& target : {std::string{"bob"}, std::string{"#"}, "#" + std::string(65, 'x')})
    CHECK(client.answer("CHATHISTORY LATEST " + target + " * 10") ==
          failure("CHATHISTORY INVALID_TARGET LATEST " + target +
                  " :Messages could not be retrieved"));
}

TEST_CASE("irc: SEARCH looks for words in a channel, and its attributes are written like tags") {
  auto client = with_history();
  CHECK(client.one("SEARCH in=#cafe;text=fast").what ==
        command{recall{"cafe", history_search{"fast", "", 0, 0, 100}}});
  CHECK(client.one("SEARCH :limit=2;from=bob;in=#cafe;text=a\\sb\\:c d;").what ==
        command{recall{"cafe", history_search{"a b;c d", "bob", 0, 0, 2}}});
  const auto got = client.one("SEARCH in=#cafe;text=fast;limit=1000");
  CHECK(got.what == command{recall{"cafe", history_search{"fast", "", 0, 0, 100}}});
  CHECK(got.about.subject == "#cafe");
}

TEST_CASE("irc: SEARCH: what was said at one of the two times is found as well") {
  auto client = with_history();
  CHECK(client.one("SEARCH in=#cafe;text=x;after=" + early_text + ";before=" + early_text).what ==
        command{recall{"cafe", history_search{"x", "", early - 1, early + 1, 100}}});
}

TEST_CASE("irc: SEARCH without words is a page of texts, from `after` on if that is given") {
  auto client = with_history("draft/event-playback batch");
  CHECK(client.one("SEARCH in=#cafe").what ==
        part_of_cafe({history_part::latest, history_edge{}, {}, 100, true}));
  CHECK(client.one("SEARCH in=#cafe;before=" + early_text).what ==
        part_of_cafe({history_part::before, early + 1, {}, 100, true}));
  CHECK(client.one("SEARCH in=#cafe;limit=5;after=" + early_text).what ==
        part_of_cafe({history_part::after, early - 1, {}, 5, true}));
  CHECK(client.one("SEARCH in=#cafe;after=" + early_text + ";before=" + early_text).what ==
        part_of_cafe({history_part::between, early - 1, early + 1, 100, true}));
}

TEST_CASE("irc: SEARCH with an attribute that is wrong or missing is INVALID_PARAMS") {
  auto client = with_history();
  const auto refused = [&](std::string_view attributes) {
    return client.answer(std::string{"SEARCH "}.append(attributes));
  };
  CHECK(refused("") == failure("SEARCH INVALID_PARAMS in :One channel can be searched"));
  CHECK(refused("text=x") == failure("SEARCH INVALID_PARAMS in :One channel can be searched"));
  CHECK(refused("in=bob;text=x") ==
        failure("SEARCH INVALID_PARAMS in :One channel can be searched"));
  CHECK(refused("in=#a;from=bob") ==
        failure("SEARCH INVALID_PARAMS text :There are no words to look for"));
  for (const std::string key : {"limit", "after", "before", "colour"})
    CHECK(refused("in=#a;text=x;" + key + "=0") ==
          failure("SEARCH INVALID_PARAMS " + key + " :Invalid parameters"));
  CHECK(refused("in=#a;before=2016-01-01T00:00:00.000Z;after=" + early_text) ==
        failure("SEARCH INVALID_PARAMS before :Invalid parameters"));
}

TEST_CASE("irc: REDACT C msgid takes a text back") {
  auto client = with_history();
  const auto got = client.one("REDACT #Cafe 10-3-11 :wrong channel");
  CHECK(got.what == command{redact{"Cafe", some_id, "wrong channel"}});
  CHECK(got.about.subject == "#Cafe");
  CHECK(got.about.detail == "10-3-11");
  CHECK(client.one("REDACT #cafe 10-3-11").what == command{redact{"cafe", some_id, ""}});
}

TEST_CASE("irc: REDACT is FAIL without an id, or for what is no channel") {
  auto client = with_history();
  CHECK(client.answer("REDACT") == failure("REDACT NEED_MORE_PARAMS :Missing parameters"));
  CHECK(client.answer("REDACT #cafe") == failure("REDACT NEED_MORE_PARAMS :Missing parameters"));
  CHECK(client.answer("REDACT bob 10-3-11") ==
        failure("REDACT INVALID_TARGET bob :You cannot delete messages from there"));
}

TEST_CASE(
    "irc: REDACT of what is no id is about a text that is not known, as the client wrote it") {
  auto client = with_history();
  const auto got = client.one("REDACT #cafe nonexistent123");
  CHECK(got.what == command{redact{"cafe", message_id{}, ""}});
  CHECK(got.about.detail == "nonexistent123");
}

TEST_CASE("irc: MARKREAD t is `*` until a time was told") {
  auto client = with_history();
  CHECK(client.answer("MARKREAD #cafe") == marker("#cafe *"));
  CHECK(client.answer("MARKREAD #cafe " + early_point) == marker("#cafe " + early_point));
  CHECK(client.answer("MARKREAD #CAFE") == marker("#CAFE " + early_point));
  CHECK(client.answer("MARKREAD bob/tagged " + early_point) == marker("bob/tagged " + early_point));
  CHECK(client.answer("MARKREAD Bob/tagged") == marker("Bob/tagged " + early_point));
}

TEST_CASE("irc: a marker never goes backwards, nor into the future") {
  auto client = with_history();
  client.answer("MARKREAD #cafe " + early_point);
  CHECK(client.answer("MARKREAD #cafe timestamp=2016-01-01T00:00:00.000Z") ==
        marker("#cafe " + early_point));
  CHECK(client.answer("MARKREAD #cafe timestamp=2262-01-01T00:00:00.000Z") ==
        marker("#cafe timestamp=2023-11-14T22:13:20.000Z"));
}

TEST_CASE("irc: MARKREAD is FAIL without a target, or with what is none, or no timestamp") {
  auto client = with_history();
  CHECK(client.answer("MARKREAD") == failure("MARKREAD NEED_MORE_PARAMS :Missing parameters"));
  for (const std::string time :
       {"*", "timestamp=*", "timestamp=not-a-timestamp", early_text.c_str()})
    CHECK(client.answer("MARKREAD #cafe " + time) ==
          failure("MARKREAD INVALID_PARAMS " + time + " :That is no timestamp"));
  for (const std::string target : {"#", "b*b", "a,b"})
    CHECK(client.answer("MARKREAD " + target + " " + early_point) ==
          failure("MARKREAD INVALID_PARAMS " + target + " :Nothing can be read there"));
  CHECK(client.answer("MARKREAD :") ==
        failure("MARKREAD INVALID_PARAMS :Nothing can be read there"));
}

TEST_CASE("irc: one marker too many has the one forgotten that was read the longest ago") {
  auto client = with_history();  // It may be in three channels.
  client.answer("MARKREAD #a timestamp=2017-01-02T00:00:00.000Z");
  client.answer("MARKREAD #b timestamp=2017-01-01T00:00:00.000Z");
  client.answer("MARKREAD #c timestamp=2017-01-03T00:00:00.000Z");
  CHECK(client.answer("MARKREAD #d timestamp=2016-01-01T00:00:00.000Z") ==
        marker("#d timestamp=2016-01-01T00:00:00.000Z"));
  CHECK(client.answer("MARKREAD #a") == marker("#a timestamp=2017-01-02T00:00:00.000Z"));
  CHECK(client.answer("MARKREAD #b") == marker("#b *"));
  CHECK(client.answer("MARKREAD #c") == marker("#c timestamp=2017-01-03T00:00:00.000Z"));
  read_markers none;
  CHECK(none.note("x", 7, 0) == 7);
}

TEST_CASE("irc: a JOIN takes along what the client has read there") {
  auto client = with_history();
  CHECK(client.one("JOIN #cafe").about.detail == "*");
  client.answer("MARKREAD #cafe " + early_point);
  CHECK(client.one("JOIN #CAFE").about.detail == early_point);
}
