// Tagged, as its clients know it: docs/dialects/tagged.md.

#include "io/dialects/tagged/tagged.hpp"
#include "tests/simulation/language.hpp"
#include "tests/simulation/lines.hpp"
#include "tests/simulation/shown.hpp"

#include <array>
#include <utility>

namespace confab::simulation {

namespace {

constexpr std::size_t line_max = 255;
constexpr std::string_view bad_format = "err:invalid message format";
constexpr std::string_view bad_tag = "err:invalid message tag";
constexpr std::string_view bad_login = "err:did not receive valid login message";
constexpr std::string_view bad_room = "err:invalid room name";
constexpr std::string_view no_room = "err:not in a room";
constexpr std::string_view rooms_run_out = "err:too many rooms";
constexpr std::string_view not_allowed_in = "err:not allowed in this room";
constexpr std::string_view not_allowed_to_speak = "err:not allowed to speak";
constexpr std::string_view message_sent = "ok:message sent";
constexpr std::string_view not_kept = "err:the server could not keep this";

constexpr std::array bad_names = {"", "two words", "semi;colon", "a:b", "caf\xc3\xa9", "x\t"};
constexpr std::array strange_tags = {"senduser", "empty", "ok", "err", "delivery", "SENDALL", ""};
constexpr std::array colonless = {"", "hello", "quit", "\r", "\x01\x02\xff"};

/// The tag by which a client that is no sender is told what it sent.
std::string_view tag_of(const request& what) {
  switch (what.what) {
    case meaning::log_in:
      return what.wanted.speaks ? "slogin" : "rlogin";
    case meaning::join:
    case meaning::create:
      return "join";
    case meaning::leave:
      return "leave";
    case meaning::say:
      return "sendall";
    case meaning::quit:
      return "quit";
    case meaning::list:
    case meaning::nonsense:
    default:
      return what.subject;
  }
}

/// What the server has to answer, and what follows from it.
struct expectation {
  std::string line;
  effect result;
};

expectation expect(std::string_view line, effect::kind what = effect::kind::nothing) {
  return {std::string{line}, {.what = what, .room = {}, .complaint = {}}};
}

expectation expect_login(const request& what, const house_rules& rules) {
  const bool good =
      what.what == meaning::log_in && what.valid && what.subject.size() <= rules.name_bytes_max;
  return good ? expect("ok:logged in as " + what.subject) : expect(bad_login);
}

expectation expect_join(const request& what, const position& where, const house_rules& rules) {
  if (!what.valid || what.subject.size() > rules.name_bytes_max)
    return expect(bad_room);
  auto result = expect(where.may.speaks ? "ok:joined room " + what.subject : "ok:welcome",
                       effect::kind::entered);
  result.result.room = what.subject;
  return result;
}

expectation expect_answer(const request& what, const position& where, const house_rules& rules) {
  const bool is_format_error = what.too_long || (what.what == meaning::nonsense && !what.valid);
  if (is_format_error)
    return expect(bad_format);
  if (!where.logged_in)
    return expect_login(what, rules);
  if (what.what == meaning::quit)
    return expect("ok:bye!", effect::kind::ended);
  if (what.what == meaning::join || what.what == meaning::create)
    return expect_join(what, where, rules);
  if (!where.may.speaks && where.room.empty())
    return expect("err:expected join message, received " + std::string{tag_of(what)});
  if (!where.may.speaks || (what.what != meaning::say && what.what != meaning::leave))
    return expect(bad_tag);
  if (where.room.empty())
    return expect(no_room);
  if (what.what == meaning::say)
    return expect(message_sent, effect::kind::spoke);
  return expect("ok:left room " + where.room, effect::kind::left);
}

class tagged_language final : public language {
 public:
  explicit tagged_language(tagged::edition edition) : edition_(edition) {}

  std::string_view name() const override { return is_2022() ? "tagged of 2022" : "tagged of 2023"; }

  std::shared_ptr<const dialect> make_dialect() const override {
    return tagged::make_dialect(edition_);
  }

  std::vector<draft> write(meaning wish, const words& about, role wanted,
                           dice& random) const override {
    // A join makes the room; there is no other way.
    request meant{
        .what = wish == meaning::create ? meaning::join : wish, .subject = {}, .wanted = wanted};
    if (!wanted.speaks)
      meant.wanted = role{.speaks = false, .listens = true};
    else
      meant.wanted = role{.speaks = true, .listens = false};
    auto line = compose(meant, about, random);
    meant.too_long = line.size() + 1 > line_max;
    const bool with_return = !meant.too_long && line.size() + 2 <= line_max && random.chance(20);
    return {draft{std::move(meant), std::move(line) + (with_return ? "\r\n" : "\n")}};
  }

  std::optional<sight> read(std::string_view& stream) const override {
    const auto whole = take_line(stream);
    if (!whole)
      return std::nullopt;
    const auto line = *whole;
    if (line.starts_with("ok:") || line.starts_with("err:"))
      return sight{sight::kind::reply, {}, {}, std::string{line}};
    constexpr std::string_view start = "delivery:";
    const auto room_end = line.find(':', start.size());
    const auto author_end =
        room_end == std::string_view::npos ? room_end : line.find(':', room_end + 1);
    if (!line.starts_with(start) || author_end == std::string_view::npos)
      return sight{sight::kind::garbage, {}, {}, std::string{line}};
    return sight{sight::kind::said, std::string{line.substr(start.size(), room_end - start.size())},
                 std::string{line.substr(room_end + 1, author_end - room_end - 1)},
                 std::string{line.substr(author_end + 1)}};
  }

  effect follow(const request& what, position& where, reply_reader& replies,
                const house_rules& rules) const override {
    auto expected = expect_answer(what, where, rules);
    if (expected.result.what == effect::kind::spoke && rules.is_unkept(mark_of(what.subject))) {
      expected.line = not_kept;
      expected.result.unkept = true;
    }
    const auto* got = replies.take();
    if (got != nullptr && got->body == rooms_run_out &&
        expected.result.what == effect::kind::entered) {
      expected.result.what = effect::kind::nothing;
      expected.result.refused_room = true;
      return std::move(expected.result);
    }
    if (got != nullptr && may_be_refused(what, where, *got, expected))
      return std::move(expected.result);
    if (got != nullptr && got->body != expected.line) {
      const bool about_keeping = got->body == not_kept || expected.line == not_kept;
      expected.result.complaint = std::string{about_keeping ? "KEPT: " : ""} + "answered '" +
                                  got->body + "' instead of '" + expected.line + "'";
      return std::move(expected.result);
    }
    move_on(what, where, expected);
    return std::move(expected.result);
  }

  std::optional<std::string> refusal() const override { return "err:server is full"; }

  std::string user_name(std::size_t number, dice& random) const override {
    // Several connections may use one name.
    return random.chance(50) ? "u" + std::to_string(number)
                             : std::string(1, "ABC"[random.below(3)]);
  }

  std::string shown_name(const std::string& user) const override {
    return replaced(user, is_letter_or_digit, '_');
  }

  bool shows_text(const std::string& text, const std::string& shown, const std::string&,
                  bool same_language) const override {
    return shown == (same_language ? text : in_one_line(text));
  }

  bool hears_own_connection() const override { return !is_2022(); }
  bool hears_own_user() const override { return !is_2022(); }
  bool answers_joins() const override { return true; }
  bool first_is_name() const override { return false; }
  std::vector<std::string> room_names() const override { return {ruled_room}; }

 private:
  bool is_2022() const { return edition_ == tagged::edition::spring2022; }

  static std::string compose(request& meant, const words& about, dice& random) {
    switch (meant.what) {
      case meaning::log_in:
      case meaning::join:
      case meaning::create:
        meant.valid = !random.chance(meant.what == meaning::log_in ? 3 : 5);
        meant.subject = meant.what == meaning::log_in ? about.user : about.room;
        if (!meant.valid)
          meant.subject = random.one_of(bad_names);
        break;
      case meaning::say:
        meant.subject = about.text;
        break;
      case meaning::leave:
      case meaning::quit:
        meant.subject = random.chance(50) ? "" : "bye";
        break;
      default:
        return compose_nonsense(meant, random);
    }
    return std::string{tag_of(meant)} + ":" + meant.subject;
  }

  static std::string compose_nonsense(request& meant, dice& random) {
    meant.what = meaning::nonsense;
    meant.valid = random.chance(50);
    if (meant.valid) {
      meant.subject = random.one_of(strange_tags);
      return meant.subject + ":room:user:text";
    }
    std::string line = random.one_of(colonless);
    if (random.chance(20))
      line.assign(random.between(line_max, 1000), 'x');
    return line;
  }

  /// Where operators rule, a join or a text may be refused, and nothing changes; and somebody who
  /// was put out finds that out now.
  static bool may_be_refused(const request& what, position& where, const sight& got,
                             expectation& expected) {
    auto& result = expected.result;
    const bool joins = result.what == effect::kind::entered && what.subject == ruled_room;
    const bool acts_there = where.room == ruled_room && (result.what == effect::kind::spoke ||
                                                         result.what == effect::kind::left);
    const bool is_out = where.room == ruled_room && !where.may.speaks &&
                        got.body.starts_with("err:expected join message, received ");
    if (is_out || (acts_there && got.body == no_room)) {
      result.what = effect::kind::left;
      where.room.clear();
      return true;
    }
    const bool refused =
        (joins && got.body == not_allowed_in) ||
        (acts_there && result.what == effect::kind::spoke && got.body == not_allowed_to_speak);
    if (refused)
      result.what = effect::kind::nothing;
    return refused;
  }

  static void move_on(const request& what, position& where, const expectation& expected) {
    if (!where.logged_in && expected.line.starts_with("ok:")) {
      where.logged_in = true;
      where.user = what.subject;
      where.may = what.wanted;
    }
    if (expected.result.what == effect::kind::entered)
      where.room = what.subject;
    if (expected.result.what == effect::kind::left)
      where.room.clear();
    if (expected.result.what == effect::kind::ended)
      where.over = true;
  }

  tagged::edition edition_;
};

}  // namespace

language_ptr make_tagged_2022() {
  return std::make_shared<tagged_language>(tagged::edition::spring2022);
}

language_ptr make_tagged_2023() {
  return std::make_shared<tagged_language>(tagged::edition::fall2023);
}

}  // namespace confab::simulation
