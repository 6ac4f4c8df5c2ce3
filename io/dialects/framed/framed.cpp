#include "io/dialects/framed/framed.hpp"

#include "io/dialects/foreign_nick.hpp"
#include "io/dialects/framed/frames.hpp"
#include "io/dialects/framed/names.hpp"
#include "io/dialects/framed/refusals.hpp"
#include "io/dialects/safe_text.hpp"
#include "io/dialects/shown_text.hpp"
#include "io/text/printable.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace confab::framed {

namespace {

constexpr std::string_view dialect_name = "framed";

// The words of the course's own server: its tests compare them (docs/dialects/framed.md).
constexpr std::string_view invalid_control =
    " is not a valid control message. Valid messages are /create, /list, and /join.";
constexpr std::string_view join_without_name =
    "/join command must be followed by the name of a channel to join.";
constexpr std::string_view create_without_name =
    "/create command must be followed by the name of a channel to create";
constexpr std::string_view not_in_channel =
    "Not currently in any channel. Must join a channel before sending messages.";

constexpr std::string_view joined_words = " has joined";
constexpr std::string_view left_words = " has left";

/// As much of an author's name as fits into a frame with what has to follow it.
constexpr std::size_t author_bytes_max = frame_bytes - joined_words.size();

std::string_view without_blanks_in_front(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

/// One control message; `name` is what follows the command word.
struct control {
  std::string_view word;
  command (*parse)(std::string_view name);
};

command parse_join(std::string_view name) {
  if (name.empty())
    return reject{std::string{join_without_name}};
  return join_room{std::string{name}, join_mode::must_exist};
}

command parse_create(std::string_view name) {
  if (name.empty())
    return reject{std::string{create_without_name}};
  return join_room{std::string{name}, join_mode::must_not_exist};
}

constexpr std::array controls = {
    control{"/join", parse_join},
    control{"/create", parse_create},
    control{"/list", [](std::string_view) -> command { return list_rooms{}; }},
};

command parse_control(std::string_view text) {
  const auto word = text.substr(0, text.find_first_of(" \t"));
  const auto found = std::find_if(controls.begin(), controls.end(),
                                  [word](const control& row) { return row.word == word; });
  if (found == controls.end())
    return reject{std::string{word} + std::string{invalid_control}};
  return found->parse(without_blanks_in_front(text.substr(word.size())));
}

command parse_name(std::string_view text) {
  if (text.empty())
    return reject{"The first message must be a name."};
  return log_in{std::string{text}, role{.speaks = true, .listens = true}};
}

class framed_decoder final : public decoder {
 public:
  std::optional<command> next(std::string_view& input, const standing& now) override {
    const auto text = frames_.next(input);
    if (!text)
      return std::nullopt;
    if (!now.logged_in())
      return parse_name(*text);
    if (text->starts_with('/'))
      return parse_control(*text);
    return say{std::string{*text}};
  }

 private:
  frame_reader frames_;
};

/// The author of a text: cut, so that what follows the name always has a place.
std::string safe_author(std::string_view name) {
  return std::string{cut_utf8(safe_name(name), author_bytes_max)};
}

/// The author of a notice: without blanks, so that it is one word, and nothing that it holds can be
/// read as the words of a notice.
std::string safe_author_in_notice(std::string_view name) {
  return std::string{cut_utf8(without_blanks(safe_name(name), '_'), author_bytes_max)};
}

std::string words_for(const refused& result) {
  const auto name = safe_name(result.subject);
  switch (result.why) {
    case refusal::not_in_room:
      return std::string{not_in_channel};
    case refusal::no_such_room:
      return "No channel named " + name + " exists. Try '/create " + name + "'?";
    case refusal::room_exists:
      return "Room " + name + " already exists, so cannot be created.";
    case refusal::too_many_rooms:
      return "There are too many channels, so " + name + " cannot be created.";
    case refusal::name_too_long:
      return name_too_long(result.subject);
    case refusal::server_full:
      return std::string{server_full};
    case refusal::address_full:
      return std::string{address_full};
    case refusal::wrong_key:
    case refusal::invite_only:
    case refusal::banned:
    case refusal::room_full:
      return "You are not allowed in " + name + ".";
    case refusal::may_not_speak:
      return "You are not allowed to speak in " + name + ".";
    case refusal::not_kept:
      return "The server could not keep your message, so it may be lost.";
    default:  // What clients of this protocol cannot ask for.
      return "The server refused.";
  }
}

/// Names separated by newlines, in as many frames as it takes; a name is never split.
void append_listing(const std::vector<room_summary>& rooms, std::string& out) {
  std::string names;
  for (const auto& room : rooms) {
    auto name = safe_name(room.name);
    if (!names.empty() && names.size() + 1 + name.size() > frame_bytes) {
      append_frame(names, out);
      names.clear();
    }
    if (!names.empty())
      names += '\n';
    names += name;
  }
  if (!names.empty())
    append_frame(names, out);
}

/// Writes the answer for each outcome that has one.
struct reply_writer {
  std::string& out;

  void operator()(const listing& result) const { append_listing(result.rooms, out); }
  void operator()(const refused& result) const { append_frame(words_for(result), out); }
  void operator()(const rejected& result) const { append_frame(result.why, out); }
  // What succeeds is not answered.
  void operator()(const welcomed&) const {}
  void operator()(const entered&) const {}
  void operator()(const departed&) const {}
  void operator()(const told&) const {}
  void operator()(const goodbye&) const {}
  void operator()(const away_noted&) const {}
  void operator()(const user_modes_noted&) const {}
  void operator()(const made_operator&) const {}
};

/// Writes what the other members of the room see.
struct event_writer {
  const event_batch& batch;
  std::string& out;

  void operator()(const said& happening) const {
    const auto shown = shown_text(batch, happening);
    if (!shown)
      return;
    std::string text = "[" + safe_author(batch.who.name()) + "] ";
    append_in_one_line(*shown, text);
    append_frame(text, out);
  }
  void operator()(const joined&) const { notice(batch.who.name(), joined_words); }
  void operator()(const left&) const { notice(batch.who.name(), left_words); }
  void operator()(const kicked& happening) const { notice(happening.whom.name(), left_words); }
  void operator()(const renamed& happening) const {
    notice(happening.before->name, left_words);
    notice(batch.who.name(), joined_words);
  }
  // This protocol has no words for these.
  void operator()(const topic_set&) const {}
  void operator()(const modes_set&) const {}
  void operator()(const invited&) const {}
  void operator()(const away_set&) const {}
  void operator()(const real_name_set&) const {}
  void operator()(const wall&) const {}
  void operator()(const redacted&) const {}

  void notice(std::string_view name, std::string_view words) const {
    append_frame(safe_author_in_notice(name) + std::string{words}, out);
  }
};

class framed_dialect final : public dialect {
 public:
  std::string_view name() const override { return dialect_name; }
  delivery_policy policy(const event_batch&, reader_class) const override {
    return delivery_policy::all_but_own_connection;
  }
  std::optional<std::string> nick_stem(std::string_view user) const override {
    return foreign_nick_stem(user, dialect_name);
  }
  bool announces_members() const override { return true; }

  std::unique_ptr<decoder> make_decoder() const override {
    return std::make_unique<framed_decoder>();
  }

  void encode_reply(const outcome& result, const standing&, std::string& out) const override {
    std::visit(reply_writer{out}, result);
  }

  void encode_events(const event_batch& batch, reader_class, std::string& out) const override {
    const event_writer write{batch, out};
    for (const auto& happening : batch.events)
      std::visit(write, happening);
  }
};

}  // namespace

std::unique_ptr<const dialect> make_dialect() {
  return std::make_unique<framed_dialect>();
}

}  // namespace confab::framed
