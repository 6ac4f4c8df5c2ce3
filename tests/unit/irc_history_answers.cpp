// What clients of IRC are told of what was said before: asked for, searched, or as they come in.

#include "io/dialects/irc/encoding.hpp"
#include "io/dialects/irc/irc.hpp"
#include "io/dialects/irc/reader.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/irc_question.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace confab;
using namespace confab::irc;
using confab::test::question;

namespace {

constexpr std::int64_t early = 1'795'493'545'246;  // 2026-11-24T04:12:25.246Z
const std::string time_tag = "time=2026-11-24T04:12:25.246Z";

constexpr capability_set full{capability::batch, capability::server_time, capability::message_tags,
                              capability::chathistory};
constexpr capability_set playback{capability::batch, capability::message_tags,
                                  capability::event_playback};

settings chosen() {
  settings result;
  result.server_name = "srv";
  result.history_messages_max = 100;
  result.now_ms = [] { return early; };
  return result;
}

std::string answered(const asking& asked, const answer_part& part) {
  std::string out;
  encode_answer(part, asked, chosen(), out);
  return out;
}

std::string refused_with(refusal why, const asking& asked) {
  return answered(asked, outcome{refused{why, "room", {}}});
}

author someone(std::string nick, std::string_view dialect = "irc") {
  identity who;
  who.dialect = dialect;
  who.nick = std::move(nick);
  who.user = "u";
  who.host = "h";
  return {std::make_shared<const identity>(who), {}};
}

std::shared_ptr<const event_batch> kept(event happening, author who = someone("al")) {
  event_batch result;
  result.room = "Cafe";
  result.who = std::move(who);
  result.events.push_back(std::move(happening));
  result.at = {early, early, 36, 3, 37};
  return std::make_shared<const event_batch>(std::move(result));
}

history_answer cafe(history_page page) {
  return {"Cafe", std::move(page)};
}

std::string replayed(const history_page& page, capability_set on) {
  std::string out;
  make_dialect(chosen())->encode_replay(page, event_class_of(on), out);
  return out;
}

}  // namespace

TEST_CASE(
    "irc: CHATHISTORY is a batch of texts, with their times and ids, in the room's spelling") {
  CHECK(answered(question("CHATHISTORY", "#cafe", "LATEST", full),
                 cafe({kept(said{"1"}), kept(said{"2", text_kind::notice}, someone("bo"))})) ==
        ":srv BATCH +history chathistory #Cafe\r\n"
        "@batch=history;" +
            time_tag +
            ";msgid=10-3-11 :al!u@h PRIVMSG #Cafe :1\r\n"
            "@batch=history;" +
            time_tag +
            ";msgid=10-3-11 :bo!u@h NOTICE #Cafe :2\r\n"
            ":srv BATCH -history\r\n");
}

TEST_CASE("irc: no history is an empty batch") {
  CHECK(answered(question("CHATHISTORY", "#cafe", "LATEST", full), cafe({})) ==
        ":srv BATCH +history chathistory #Cafe\r\n:srv BATCH -history\r\n");
}

TEST_CASE("irc: who takes no batches gets the lines of history alone") {
  const auto asked = question("CHATHISTORY", "#cafe", "LATEST");
  CHECK(answered(asked, cafe({kept(said{"1"})})) == ":al!u@h PRIVMSG #Cafe :1\r\n");
  CHECK(answered(asked, cafe({})).empty());
}

TEST_CASE("irc: all lines of a text that became several ones are in the batch") {
  const auto got =
      answered(question("CHATHISTORY", "#cafe", "LATEST", {capability::batch}),
               cafe({kept(said{std::string(600, 'x')}, someone("bo/tagged", "tagged"))}));
  const std::string line = "@batch=history :bo/tagged!u@h PRIVMSG #Cafe :x";
  const auto first = got.find(line);
  REQUIRE(first != std::string::npos);
  CHECK(got.find(line, first + 1) != std::string::npos);
}

TEST_CASE("irc: event-playback: what happened beside texts has an id too") {
  const auto line_of = [](event happening, author who = someone("al")) {
    const auto got = answered(question("CHATHISTORY", "#cafe", "LATEST", playback),
                              cafe({kept(std::move(happening), std::move(who))}));
    const std::string begin =
        ":srv BATCH +history chathistory #Cafe\r\n@batch=history;msgid=10-3-11 :al!u@h ";
    REQUIRE(got.starts_with(begin));
    return got.substr(begin.size(), got.find("\r\n", begin.size()) - begin.size());
  };
  CHECK(line_of(joined{}) == "JOIN #Cafe");
  CHECK(line_of(left{}) == "PART #Cafe");
  CHECK(line_of(left{true, "bye"}) == "QUIT :bye");
  CHECK(line_of(kicked{someone("bo"), "out"}) == "KICK #Cafe bo :out");
  CHECK(line_of(topic_set{"t"}) == "TOPIC #Cafe :t");
  CHECK(line_of(modes_set{{{true, 'm', {}}}}) == "MODE #Cafe +m");
  CHECK(line_of(renamed{someone("al").who}, someone("bo")) == "NICK bo");
  const said reaction{"", text_kind::tags_only, std::make_shared<const std::string>("+a")};
  CHECK(answered(question("CHATHISTORY", "#cafe", "LATEST", playback), cafe({kept(reaction)}))
            .find("@batch=history;msgid=10-3-11;+a :al!u@h TAGMSG #Cafe\r\n") != std::string::npos);
}

TEST_CASE("irc: event-playback: an event has its id when it happens, as in the history") {
  std::string out;
  encode_events(*kept(topic_set{"t"}), event_class_of(playback), out);
  CHECK(out == "@msgid=10-3-11 :al!u@h TOPIC #Cafe :t\r\n");
  out.clear();
  auto without_tags = playback;
  without_tags.remove(capability::message_tags);
  encode_events(*kept(topic_set{"t"}), event_class_of(without_tags), out);
  CHECK(out == ":al!u@h TOPIC #Cafe :t\r\n");
}

TEST_CASE("irc: AWAY behind a JOIN has not the JOIN's id, and is not repeated by history") {
  auto away = *someone("al").who;
  away.away = "lunch";
  const author who{std::make_shared<const identity>(away), {}};
  auto on = playback;
  on.add(capability::away_notify);
  std::string out;
  encode_events(*kept(joined{}, who), event_class_of(on), out);
  CHECK(out == "@msgid=10-3-11 :al!u@h JOIN #Cafe\r\n:al!u@h AWAY :lunch\r\n");
  CHECK(answered(question("CHATHISTORY", "#cafe", "LATEST", on), cafe({kept(joined{}, who)}))
            .find("AWAY") == std::string::npos);
}

TEST_CASE("irc: REDACT goes to those with message-redaction, with the id of the text") {
  std::string out;
  const auto taken_back = kept(redacted{{36, 3, 35}, "spam"});
  encode_events(*taken_back, event_class_of({capability::server_time}), out);
  CHECK(out.empty());
  encode_events(*taken_back,
                event_class_of({capability::server_time, capability::message_redaction}), out);
  CHECK(out == "@" + time_tag + " :al!u@h REDACT #Cafe 10-3-z :spam\r\n");
  out.clear();
  encode_events(*kept(redacted{{36, 3, 35}, ""}), event_class_of({capability::message_redaction}),
                out);
  CHECK(out == ":al!u@h REDACT #Cafe 10-3-z\r\n");
}

TEST_CASE("irc: CHATHISTORY TARGETS is a batch of channels and times") {
  const targets_answer found{{{"Cafe", early}, {"not seen", early}, {"b", 0}}};
  CHECK(answered(question("CHATHISTORY", {}, "TARGETS", full), found) ==
        ":srv BATCH +history draft/chathistory-targets\r\n"
        "@batch=history :srv CHATHISTORY TARGETS #Cafe 2026-11-24T04:12:25.246Z\r\n"
        "@batch=history :srv CHATHISTORY TARGETS #b 1970-01-01T00:00:00.000Z\r\n"
        ":srv BATCH -history\r\n");
  CHECK(answered(question("CHATHISTORY", {}, "TARGETS"), targets_answer{}).empty());
}

TEST_CASE("irc: SEARCH is a batch soju.im/search") {
  CHECK(answered(question("SEARCH", "#cafe", {}, {capability::batch}), cafe({kept(said{"1"})})) ==
        ":srv BATCH +history soju.im/search\r\n"
        "@batch=history :al!u@h PRIVMSG #Cafe :1\r\n"
        ":srv BATCH -history\r\n");
}

TEST_CASE("irc: a labelled CHATHISTORY has the label on its batch") {
  auto asked = question("CHATHISTORY", "#cafe", "LATEST", full);
  asked.label = "x";
  auto lines = answered(asked, cafe({kept(said{"1"})}));
  mark_answers(asked, chosen(), lines);
  CHECK(lines.starts_with("@label=x :srv BATCH +history chathistory #Cafe\r\n@batch=history;"));
  CHECK(lines.ends_with("\r\n:srv BATCH -history\r\n"));
  auto failure = refused_with(refusal::not_in_room, asked);
  mark_answers(asked, chosen(), failure);
  CHECK(failure.starts_with("@label=x :srv FAIL CHATHISTORY INVALID_TARGET "));
}

TEST_CASE("irc: CHATHISTORY of a channel that the client is not in is INVALID_TARGET") {
  const auto asked = question("CHATHISTORY", "#cafe", "LATEST");
  for (const auto why : {refusal::not_in_room, refusal::no_such_room})
    CHECK(refused_with(why, asked) ==
          ":srv FAIL CHATHISTORY INVALID_TARGET LATEST #cafe :Messages could not be retrieved\r\n");
}

TEST_CASE("irc: CHATHISTORY that cannot be read is MESSAGE_ERROR, SEARCH is INTERNAL_ERROR") {
  CHECK(refused_with(refusal::no_history, question("CHATHISTORY", "#cafe", "LATEST")) ==
        ":srv FAIL CHATHISTORY MESSAGE_ERROR LATEST #cafe :Messages could not be retrieved\r\n");
  CHECK(refused_with(refusal::no_history, question("CHATHISTORY", {}, "TARGETS")) ==
        ":srv FAIL CHATHISTORY MESSAGE_ERROR TARGETS :Messages could not be retrieved\r\n");
  CHECK(refused_with(refusal::no_history, question("SEARCH", "#cafe")) ==
        ":srv FAIL SEARCH INTERNAL_ERROR #cafe :The search could not be run\r\n");
  CHECK(refused_with(refusal::not_in_room, question("SEARCH", "#cafe")) ==
        ":srv FAIL SEARCH INVALID_PARAMS in :You're not on that channel\r\n");
}

TEST_CASE("irc: REDACT is FAIL by an outsider, of an unknown text, and of another's text") {
  const auto asked = question("REDACT", "#cafe", "10-3-z");
  CHECK(refused_with(refusal::not_in_room, asked) ==
        ":srv FAIL REDACT INVALID_TARGET #cafe :You cannot delete messages from there\r\n");
  CHECK(refused_with(refusal::no_such_text, asked)
            .starts_with(":srv FAIL REDACT UNKNOWN_MSGID #cafe 10-3-z :"));
  CHECK(refused_with(refusal::not_the_author, asked)
            .starts_with(":srv FAIL REDACT REDACT_FORBIDDEN #cafe 10-3-z :"));
  CHECK(refused_with(refusal::no_history, asked)
            .starts_with(":srv FAIL REDACT MESSAGE_ERROR #cafe 10-3-z :"));
}

TEST_CASE("irc: a text that is not kept is told of, also that of a NOTICE") {
  for (const std::string verb : {"PRIVMSG", "NOTICE", "TAGMSG"})
    CHECK(refused_with(refusal::not_kept, question(verb, "#cafe"))
              .starts_with(":srv FAIL " + verb + " MESSAGE_NOT_STORED #cafe :"));
}

TEST_CASE("irc: MARKREAD stands behind a JOIN, before 366, for those with read-marker") {
  room_view room;
  room.name = "Cafe";
  const room_answer answer{std::make_shared<const room_view>(room), true};
  const auto got = answered(
      question("JOIN", "#cafe", "timestamp=2026-11-24T04:12:25.246Z", {capability::read_marker}),
      answer);
  const auto marker = got.find(":srv MARKREAD #Cafe timestamp=2026-11-24T04:12:25.246Z\r\n");
  REQUIRE(marker != std::string::npos);
  CHECK(marker < got.find(":srv 366 "));
  CHECK(answered(question("JOIN", "#cafe", "*", {capability::read_marker}), answer)
            .find(":srv MARKREAD #Cafe *\r\n") != std::string::npos);
  CHECK(answered(question("JOIN", "#cafe", "*"), answer).find("MARKREAD") == std::string::npos);
  CHECK(answered(question("NAMES", "#cafe", "#cafe", {capability::read_marker}), answer)
            .find("MARKREAD") == std::string::npos);
}

TEST_CASE("irc: who asks for history is not sent it unasked") {
  CHECK(replayed({kept(said{"1"})}, full).empty());
}

TEST_CASE(
    "irc: others get what was said before as a batch, if they take batches and see the times") {
  const history_page page{kept(said{"1"}), kept(said{"2"})};
  CHECK(replayed(page, {capability::batch, capability::server_time}) ==
        ":srv BATCH +history chathistory #Cafe\r\n"
        "@batch=history;" +
            time_tag +
            " :al!u@h PRIVMSG #Cafe :1\r\n"
            "@batch=history;" +
            time_tag +
            " :al!u@h PRIVMSG #Cafe :2\r\n"
            ":srv BATCH -history\r\n");
  const std::string lines = ":al!u@h PRIVMSG #Cafe :1\r\n:al!u@h PRIVMSG #Cafe :2\r\n";
  CHECK(replayed(page, {}) == lines);
  CHECK(replayed(page, {capability::batch}) == lines);
  CHECK(replayed({kept(said{"1"})}, {capability::server_time}) ==
        "@" + time_tag + " :al!u@h PRIVMSG #Cafe :1\r\n");
  CHECK(replayed({}, {capability::batch, capability::server_time}).empty());
}
