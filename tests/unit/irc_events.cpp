// What readers of IRC get of what happens in rooms, by the capabilities that they have.

#include "io/dialects/irc/encoding.hpp"
#include "io/dialects/irc/irc.hpp"
#include "io/dialects/irc/reader.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/strict_reader.hpp"

#include <algorithm>
#include <memory>
#include <string>

using namespace confab;
using namespace confab::irc;

namespace {

constexpr std::int64_t early = 1'795'493'545'246;  // 2026-11-24T04:12:25.246Z

settings chosen() {
  settings result;
  result.server_name = "srv";
  result.started_ms = 36;
  result.now_ms = [] { return early; };
  return result;
}

author someone(std::string nick, std::string_view dialect = "irc") {
  identity who;
  who.dialect = dialect;
  who.nick = std::move(nick);
  who.user = "u";
  who.host = "h";
  who.real_name = "Real Name";
  return {std::make_shared<const identity>(who), {}};
}

author changed(const author& before, void (*change)(identity&)) {
  auto who = *before.who;
  change(who);
  return {std::make_shared<const identity>(who), before.from};
}

event_batch batch_of(event happening, author who = someone("al")) {
  event_batch result;
  result.room = "x";
  result.who = std::move(who);
  result.events.push_back(std::move(happening));
  result.at = {early, early, 36, 3, 37};
  return result;
}

std::string read_by(const event_batch& batch, capability_set on = {}) {
  std::string out;
  encode_events(batch, class_of(on), out);
  return out;
}

std::string line_of(event happening, capability_set on = {}) {
  return read_by(batch_of(std::move(happening)), on);
}

said tagged_text(std::string text, std::string tags, text_kind kind = text_kind::message) {
  return {std::move(text), kind, std::make_shared<const std::string>(std::move(tags))};
}

}  // namespace

TEST_CASE("irc: texts are PRIVMSG, NOTICE and TAGMSG, to the channel, its ranks, or a nick") {
  CHECK(line_of(said{"hi"}) == ":al!u@h PRIVMSG #x :hi\r\n");
  CHECK(line_of(said{"hi", text_kind::notice}) == ":al!u@h NOTICE #x :hi\r\n");
  auto to_operators = batch_of(said{"hi"});
  to_operators.to_prefix = '@';
  CHECK(read_by(to_operators) == ":al!u@h PRIVMSG @#x :hi\r\n");
  auto to_nick = batch_of(said{"hi"});
  to_nick.room.clear();
  to_nick.to = audience_kind::client;
  to_nick.to_nick = "bo";
  CHECK(read_by(to_nick) == ":al!u@h PRIVMSG bo :hi\r\n");
}

TEST_CASE("irc: a batch keeps the order of its texts, whatever their kinds") {
  auto batch = batch_of(said{"1"});
  batch.events.emplace_back(said{"2", text_kind::notice});
  batch.events.emplace_back(said{"3"});
  CHECK(read_by(batch) ==
        ":al!u@h PRIVMSG #x :1\r\n:al!u@h NOTICE #x :2\r\n:al!u@h PRIVMSG #x :3\r\n");
}

TEST_CASE("irc: a tag goes only to those who asked") {
  const auto text = batch_of(tagged_text("hi", "+k=v;time=forged;msgid=forged;+a"));
  CHECK(read_by(text) == ":al!u@h PRIVMSG #x :hi\r\n");
  CHECK(read_by(text, {capability::server_time}) ==
        "@time=2026-11-24T04:12:25.246Z :al!u@h PRIVMSG #x :hi\r\n");
  CHECK(read_by(text, {capability::message_tags}) ==
        "@msgid=10-3-11;+k=v;+a :al!u@h PRIVMSG #x :hi\r\n");
  CHECK(read_by(text, {capability::message_tags, capability::server_time}) ==
        "@time=2026-11-24T04:12:25.246Z;msgid=10-3-11;+k=v;+a :al!u@h PRIVMSG #x :hi\r\n");
}

TEST_CASE("irc: TAGMSG is for readers with message-tags only") {
  const auto tags = batch_of(tagged_text("", "+typing=active", text_kind::tags_only));
  CHECK(read_by(tags, {capability::server_time}).empty());
  CHECK(read_by(tags, {capability::message_tags}) ==
        "@msgid=10-3-11;+typing=active :al!u@h TAGMSG #x\r\n");
}

TEST_CASE("irc: the tag `bot` has no value, and stands on the texts of bots") {
  const auto bot = changed(someone("al"), [](identity& who) { who.bot = true; });
  CHECK(read_by(batch_of(said{"beep"}, bot), {capability::message_tags}) ==
        "@msgid=10-3-11;bot :al!u@h PRIVMSG #x :beep\r\n");
  CHECK(read_by(batch_of(said{"beep"}, bot)) == ":al!u@h PRIVMSG #x :beep\r\n");
}

TEST_CASE("irc: each text of a batch has its own time and id, in its order") {
  auto batch = batch_of(said{"1"});
  batch.events.emplace_back(said{"2"});
  batch.at.last_ms = early + 1;
  CHECK(read_by(batch, {capability::message_tags, capability::server_time}) ==
        "@time=2026-11-24T04:12:25.246Z;msgid=10-3-11 :al!u@h PRIVMSG #x :1\r\n"
        "@time=2026-11-24T04:12:25.247Z;msgid=10-3-12 :al!u@h PRIVMSG #x :2\r\n");
}

TEST_CASE("irc: what nobody has stamped has no time and no id") {
  auto batch = batch_of(said{"1"});
  batch.at = {};
  CHECK(read_by(batch, {capability::message_tags, capability::server_time}) ==
        ":al!u@h PRIVMSG #x :1\r\n");
}

TEST_CASE("irc: a relayed text that does not fit is cut at a UTF-8 boundary, tags aside") {
  const auto head = std::string_view{":al!u@h PRIVMSG #x :"}.size();
  for (const auto on : {capability_set{}, capability_set{capability::message_tags}})
    for (std::size_t in_front = 0; in_front < 4; ++in_front) {
      std::string text(500 - head + in_front, 'a');
      for (int count = 0; count < 8; ++count)
        text += "\xF0\x9F\x98\x80";
      const auto line = read_by(batch_of(said{text}), on);
      const auto untagged = line.substr(line.find(":al!"));
      CHECK(untagged.size() <= 512);
      CHECK(untagged.size() > 508);
      CHECK(test::is_utf8(line));
      CHECK(line.ends_with("\r\n"));
    }
}

TEST_CASE("irc: texts of other dialects become several PRIVMSG lines instead, with one id") {
  const std::string text(1000, 'a');
  const auto lines =
      read_by(batch_of(said{text}, someone("bob/oneroom", "oneroom")), {capability::message_tags});
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 3);
  CHECK(std::count(lines.begin(), lines.end(), '@') == 2 * 3);
  CHECK(std::count(lines.begin(), lines.end(), 'a') == 1000);
}

TEST_CASE("irc: 0x01 from another dialect becomes a blank, invalid bytes U+FFFD, CR LF blanks") {
  const auto from_other = [](std::string text) {
    return read_by(batch_of(said{std::move(text)}, someone("b/tagged", "tagged")));
  };
  CHECK(from_other("\x01"
                   "DCC\x01") == ":b/tagged!u@h PRIVMSG #x : DCC \r\n");
  CHECK(from_other("12345678\x01") == ":b/tagged!u@h PRIVMSG #x :12345678 \r\n");
  CHECK(from_other("a\r\nQUIT") == ":b/tagged!u@h PRIVMSG #x :a  QUIT\r\n");
  CHECK(from_other("\xFF") == ":b/tagged!u@h PRIVMSG #x :\xEF\xBF\xBD\r\n");
  CHECK(from_other("") == ":b/tagged!u@h PRIVMSG #x : \r\n");
  CHECK(from_other("gr\xC3\xBC\xC3\x9F dich") ==
        ":b/tagged!u@h PRIVMSG #x :gr\xC3\xBC\xC3\x9F dich\r\n");
  CHECK(line_of(said{"\x01"
                     "ACTION waves\x01"}) ==
        ":al!u@h PRIVMSG #x :\x01"
        "ACTION waves\x01\r\n");
}

TEST_CASE("irc: no byte of a foreign text is passed over by its fast path") {
  for (int byte = 0; byte < 256; ++byte)
    for (std::size_t at = 0; at < 11; ++at) {
      std::string text = "aaaaaaaaaaa";
      text[at] = static_cast<char>(byte);
      const auto line = read_by(batch_of(said{text}, someone("b/tagged", "tagged")));
      CHECK(test::is_utf8(line));
      CHECK(std::count(line.begin(), line.end(), '\n') == 1);
      CHECK(line.find_first_of(std::string_view{"\0\x01", 2}) == std::string::npos);
    }
}

TEST_CASE("irc: JOIN, and with extended-join the account or a star and the real name") {
  CHECK(line_of(joined{}) == ":al!u@h JOIN #x\r\n");
  CHECK(line_of(joined{}, {capability::extended_join}) == ":al!u@h JOIN #x * :Real Name\r\n");
  const auto known = changed(someone("al"), [](identity& who) { who.account = "alice"; });
  CHECK(read_by(batch_of(joined{}, known), {capability::extended_join}) ==
        ":al!u@h JOIN #x alice :Real Name\r\n");
}

TEST_CASE(
    "irc: away-notify tells AWAY to common channels, and behind the JOIN of one who is away") {
  const auto away = changed(someone("al"), [](identity& who) { who.away = "lunch"; });
  CHECK(read_by(batch_of(joined{}, away), {capability::away_notify}) ==
        ":al!u@h JOIN #x\r\n:al!u@h AWAY :lunch\r\n");
  CHECK(read_by(batch_of(joined{}, away)) == ":al!u@h JOIN #x\r\n");
  CHECK(read_by(batch_of(away_set{}, away), {capability::away_notify}) ==
        ":al!u@h AWAY :lunch\r\n");
  CHECK(line_of(away_set{}, {capability::away_notify}) == ":al!u@h AWAY\r\n");
  CHECK(line_of(away_set{}).empty());
}

TEST_CASE("irc: extended-monitor: AWAY and SETNAME of watched nicks, if that cap is on") {
  for (const event& happening : {event{away_set{}}, event{real_name_set{}}}) {
    auto batch = batch_of(happening);
    batch.room.clear();
    batch.to = audience_kind::watchers;
    const capability_set own{capability::away_notify, capability::setname};
    auto both = own;
    both.add(capability::extended_monitor);
    CHECK(read_by(batch, own).empty());
    CHECK(read_by(batch, {capability::extended_monitor}).empty());
    CHECK_FALSE(read_by(batch, both).empty());
  }
}

TEST_CASE("irc: PART, QUIT and KICK: an absent reason stays absent, but a kick names the kicker") {
  CHECK(line_of(left{}) == ":al!u@h PART #x\r\n");
  CHECK(line_of(left{false, "bye now"}) == ":al!u@h PART #x :bye now\r\n");
  CHECK(line_of(left{true, "Quit: bye"}) == ":al!u@h QUIT :Quit: bye\r\n");
  CHECK(line_of(kicked{someone("bo"), "out"}) == ":al!u@h KICK #x bo :out\r\n");
  CHECK(line_of(kicked{someone("bo"), ""}) == ":al!u@h KICK #x bo :al\r\n");
}

TEST_CASE("irc: NICK has the old n!u@h in front") {
  CHECK(line_of(renamed{someone("before").who}) == ":before!u@h NICK al\r\n");
}

TEST_CASE("irc: TOPIC, MODE, SETNAME, WALLOPS") {
  CHECK(line_of(topic_set{"new one"}) == ":al!u@h TOPIC #x :new one\r\n");
  CHECK(line_of(topic_set{}) == ":al!u@h TOPIC #x :\r\n");
  CHECK(line_of(modes_set{{{true, 'o', "n"}, {true, 'l', "5"}}}) == ":al!u@h MODE #x +ol n 5\r\n");
  CHECK(line_of(real_name_set{}, {capability::setname}) == ":al!u@h SETNAME :Real Name\r\n");
  CHECK(line_of(real_name_set{}).empty());
  CHECK(line_of(wall{"to all"}) == ":al!u@h WALLOPS :to all\r\n");
}

TEST_CASE("irc: INVITE goes to the invited always, to members with invite-notify only") {
  auto batch = batch_of(invited{"bo"});
  CHECK(read_by(batch).empty());
  CHECK(read_by(batch, {capability::invite_notify}) == ":al!u@h INVITE bo #x\r\n");
  batch.to = audience_kind::client;
  CHECK(read_by(batch) == ":al!u@h INVITE bo #x\r\n");
}

TEST_CASE("irc: server-time is told of everything that happens") {
  const auto away = changed(someone("al"), [](identity& who) { who.away = "lunch"; });
  CHECK(read_by(batch_of(joined{}, away), {capability::away_notify, capability::server_time}) ==
        "@time=2026-11-24T04:12:25.246Z :al!u@h JOIN #x\r\n"
        "@time=2026-11-24T04:12:25.246Z :al!u@h AWAY :lunch\r\n");
}

TEST_CASE("irc: a room that cannot be a channel is not seen") {
  for (const event& happening : {event{said{"hi"}}, event{joined{}}, event{left{}},
                                 event{topic_set{"t"}}, event{kicked{someone("bo"), ""}},
                                 event{modes_set{{{true, 'm', {}}}}}, event{invited{"bo"}}}) {
    auto batch = batch_of(happening);
    batch.room = "not seen";
    CHECK(read_by(batch, {capability::invite_notify, capability::message_tags}).empty());
  }
}

TEST_CASE("irc: own JOIN PART NICK always, own texts only with echo-message, own AWAY never") {
  const auto dialect = make_dialect(chosen());
  const auto policy = [&dialect](const event_batch& batch, capability_set on = {}) {
    return dialect->policy(batch, class_of(on));
  };
  CHECK(policy(batch_of(said{"hi"})) == delivery_policy::all_but_own_connection);
  CHECK(policy(batch_of(said{"hi"}), {capability::echo_message}) == delivery_policy::everything);
  CHECK(policy(batch_of(away_set{})) == delivery_policy::all_but_own_connection);
  CHECK(policy(batch_of(invited{"bo"})) == delivery_policy::all_but_own_connection);
  for (const event& happening :
       {event{joined{}}, event{left{}}, event{renamed{someone("b").who}}, event{topic_set{}},
        event{modes_set{}}, event{kicked{someone("b"), ""}}, event{real_name_set{}}})
    CHECK(policy(batch_of(happening), {capability::away_notify}) == delivery_policy::everything);
  auto to_self = batch_of(said{"hi"});
  to_self.to = audience_kind::client;
  to_self.to_nick = "AL";
  CHECK(policy(to_self) == delivery_policy::everything);
}

TEST_CASE("irc: who is away reads its own JOIN as one without away-notify does") {
  const auto dialect = make_dialect(chosen());
  const auto away = changed(someone("al"), [](identity& who) { who.away = "lunch"; });
  const capability_set on{capability::away_notify, capability::extended_join};
  CHECK(dialect->policy(batch_of(joined{}, away), class_of(on)) ==
        delivery_policy::own_in_own_form);
  CHECK(dialect->own_class(class_of(on)) == class_of({capability::extended_join}));
  CHECK(dialect->policy(batch_of(joined{}, away), class_of({})) == delivery_policy::everything);
}

TEST_CASE("irc: a text to oneself comes once, and with echo-message twice") {
  auto to_self = batch_of(said{"hi"});
  to_self.to = audience_kind::client;
  to_self.to_nick = "al";
  const std::string line = ":al!u@h PRIVMSG al :hi\r\n";
  CHECK(read_by(to_self) == line);
  CHECK(read_by(to_self, {capability::echo_message}) == line + line);
}
