#include "io/dialects/tagged/tagged.hpp"

#include "io/dialects/foreign_nick.hpp"
#include "io/dialects/safe_text.hpp"
#include "io/dialects/shown_text.hpp"
#include "io/text/line_reader.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <type_traits>

namespace confab::tagged {

namespace {

constexpr std::string_view dialect_name = "tagged";

// The payloads that the course's reference server sends; programs exist that compare them.
constexpr std::string_view bad_format = "invalid message format";
constexpr std::string_view bad_tag = "invalid message tag";
constexpr std::string_view bad_login = "did not receive valid login message";
constexpr std::string_view bad_room_name = "invalid room name";
constexpr std::string_view expected_join = "expected join message, received ";

/// As much of a tag as fits into an error line of its own.
constexpr std::size_t echo_bytes_max =
    line_bytes_max - expected_join.size() - std::string_view{"err:\n"}.size();

bool is_letter_or_digit(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9');
}

/// User and room names are one or more letters and digits.
bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_letter_or_digit);
}

reject rejection(std::string_view why) {
  return reject{std::string{why}};
}

/// Who may send a tag after the login.
enum class sender_of { speakers, everyone };

/// One request of a client that has logged in.
struct request {
  std::string_view tag;
  sender_of allowed;
  command (*parse)(std::string_view payload);
};

command parse_join(std::string_view payload) {
  if (!is_name(payload))
    return rejection(bad_room_name);
  return join_room{std::string{payload}, join_mode::open_or_make};
}

/// The tag table of the documents, without the two logins.
constexpr std::array requests = {
    request{"sendall", sender_of::speakers,
            [](std::string_view payload) -> command { return say{std::string{payload}}; }},
    request{"join", sender_of::everyone, parse_join},
    request{"leave", sender_of::speakers, [](std::string_view) -> command { return leave_room{}; }},
    request{"quit", sender_of::everyone, [](std::string_view) -> command { return quit{}; }},
};

command parse_login(std::string_view tag, std::string_view payload) {
  const bool sender = tag == "slogin";
  const bool receiver = tag == "rlogin";
  if ((!sender && !receiver) || !is_name(payload))
    return rejection(bad_login);
  return log_in{std::string{payload}, role{.speaks = sender, .listens = receiver}};
}

command parse_request(std::string_view tag, std::string_view payload, const standing& now) {
  const auto found = std::find_if(requests.begin(), requests.end(),
                                  [tag](const request& row) { return row.tag == tag; });
  const bool is_receiver = !now.permitted.speaks;
  // A receiver has to join first; it may also quit at any time.
  if (is_receiver && !now.in_room() && tag != "join" && tag != "quit")
    return reject{std::string{expected_join} + std::string{tag.substr(0, echo_bytes_max)}};
  if (found == requests.end() || (is_receiver && found->allowed == sender_of::speakers))
    return rejection(bad_tag);
  return found->parse(payload);
}

command parse(std::string_view line, const standing& now) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos)
    return rejection(bad_format);
  const auto tag = line.substr(0, colon);
  const auto payload = line.substr(colon + 1);
  return now.logged_in() ? parse_request(tag, payload, now) : parse_login(tag, payload);
}

class tagged_decoder final : public decoder {
 public:
  std::optional<command> next(std::string_view& input, const standing& now) override {
    const auto found = lines_.next(input);
    if (std::holds_alternative<line_reader::need_more>(found))
      return std::nullopt;
    if (std::holds_alternative<line_reader::too_long>(found))
      return rejection(bad_format);
    return parse(std::get<line_reader::line>(found).text, now);
  }

 private:
  line_reader lines_{line_bytes_max};
};

/// Appends a foreign name as this protocol can carry it: every byte that is no letter or digit
/// would be read as something else by somebody, so it becomes `_`.
void append_name(std::string_view name, std::string& out) {
  for (const char byte : name)
    out += is_letter_or_digit(byte) ? byte : '_';
}

std::string_view words_for(refusal why, const standing& now) {
  switch (why) {
    case refusal::not_in_room:
      return "not in a room";
    case refusal::no_such_room:
      return "no such room";
    case refusal::room_exists:
      return "room exists already";
    case refusal::too_many_rooms:
      return "too many rooms";
    case refusal::name_too_long:
      return now.logged_in() ? bad_room_name : bad_login;
    case refusal::server_full:
      return "server is full";
    case refusal::address_full:
      return "too many connections from your address";
    case refusal::wrong_key:
    case refusal::invite_only:
    case refusal::banned:
    case refusal::room_full:
      return "not allowed in this room";
    case refusal::may_not_speak:
      return "not allowed to speak";
    case refusal::not_kept:
      return "the server could not keep this";
    default:  // What clients of this protocol cannot ask for.
      return "refused";
  }
}

/// Writes the reply for each outcome.
struct reply_writer {
  const standing& now;
  std::string& out;

  void operator()(const welcomed& result) const { line("ok:logged in as ", result.who->name); }
  void operator()(const entered& result) const {
    if (now.permitted.speaks)
      line("ok:joined room ", result.room);
    else
      line("ok:welcome", "");
  }
  void operator()(const departed& result) const { line("ok:left room ", result.room); }
  void operator()(const told&) const { line("ok:message sent", ""); }
  void operator()(const goodbye&) const { line("ok:bye!", ""); }
  void operator()(const refused& result) const { line("err:", words_for(result.why, now)); }
  void operator()(const rejected& result) const { line("err:", result.why); }
  // No request of this protocol asks for these.
  void operator()(const listing&) const {}
  void operator()(const away_noted&) const {}
  void operator()(const user_modes_noted&) const {}
  void operator()(const made_operator&) const {}

  void line(std::string_view start, std::string_view rest) const {
    out += start;
    out += rest;
    out += '\n';
  }
};

class tagged_dialect final : public dialect {
 public:
  explicit tagged_dialect(edition which) : edition_(which) {}

  std::string_view name() const override { return dialect_name; }

  delivery_policy policy(const event_batch&, reader_class) const override {
    return edition_ == edition::spring2022 ? delivery_policy::all_but_own_user
                                           : delivery_policy::everything;
  }

  bool announces_members() const override { return false; }

  std::optional<std::string> nick_stem(std::string_view user) const override {
    return foreign_nick_stem(user, dialect_name);
  }

  std::unique_ptr<decoder> make_decoder() const override {
    return std::make_unique<tagged_decoder>();
  }

  void encode_reply(const outcome& result, const standing& now, std::string& out) const override {
    std::visit(reply_writer{now, out}, result);
  }

  void encode_events(const event_batch& batch, reader_class, std::string& out) const override {
    for (const auto& happening : batch.events) {
      const auto* spoken = std::get_if<said>(&happening);
      if (spoken == nullptr)
        continue;  // This protocol has words for texts only.
      const auto text = shown_text(batch, *spoken);
      if (!text)
        continue;
      out += "delivery:";
      append_name(batch.room, out);
      out += ':';
      append_name(batch.who.name(), out);
      out += ':';
      if (batch.who.dialect() == dialect_name)
        out += *text;  // Came in one line, so it fits into one.
      else
        append_in_one_line(*text, out);
      out += '\n';
    }
  }

 private:
  edition edition_;
};

}  // namespace

std::unique_ptr<const dialect> make_dialect(edition which) {
  return std::make_unique<tagged_dialect>(which);
}

}  // namespace confab::tagged
