// Framed, as its clients know it: docs/dialects/framed.md.

#include "io/dialects/framed/framed.hpp"
#include "io/text/printable.hpp"
#include "tests/simulation/language.hpp"
#include "tests/simulation/shown.hpp"

#include <algorithm>
#include <utility>

namespace confab::simulation {

namespace {

constexpr std::size_t frame_size = 200;
/// Less than this of a text may be missing only because the frame was full; a UTF-8 character has
/// at most four bytes.
constexpr std::size_t full_frame_least = frame_size - 3;

constexpr std::string_view invalid_control =
    " is not a valid control message. Valid messages are /create, /list, and /join.";
constexpr std::string_view no_channel =
    "Not currently in any channel. Must join a channel before sending messages.";
constexpr std::string_view not_allowed_in = "You are not allowed in ruled.";
constexpr std::string_view not_allowed_to_speak = "You are not allowed to speak in ruled.";
constexpr const char* not_kept = "The server could not keep your message, so it may be lost.";
constexpr std::string_view no_name = "The first message must be a name.";

std::string safe_name(const std::string& name) {
  auto result = without_controls(in_one_line(name), '_');
  std::replace(result.begin(), result.end(), '[', '(');
  std::replace(result.begin(), result.end(), ']', ')');
  return result;
}

/// A frame is judged by what it holds, for the first one is a name, whatever it is.
std::string content_of(const request& what) {
  switch (what.what) {
    case meaning::join:
      return what.subject.empty() ? "/join" : "/join " + what.subject;
    case meaning::create:
      return what.subject.empty() ? "/create" : "/create " + what.subject;
    case meaning::list:
      return "/list";
    default:
      return what.subject;
  }
}

draft draft_of(request meant) {
  draft result{std::move(meant), std::string(frame_size, ' ')};
  const auto content = content_of(result.meant);
  result.bytes.replace(0, content.size(), content);
  return result;
}

effect complaint(const std::string& got, const std::string& expected) {
  effect result;
  result.complaint = "answered '" + got + "' instead of '" + expected + "'";
  return result;
}

/// The one answer that is right.
effect expect(reply_reader& replies, const std::string& expected) {
  const auto* got = replies.take();
  const std::string cut{without_padding(std::string_view{expected}.substr(0, frame_size))};
  return got == nullptr || got->body == cut ? effect{} : complaint(got->body, cut);
}

bool is_barrier_answer(const sight& reply) {
  return reply.body.starts_with("/barrier") && reply.body.ends_with(invalid_control);
}

class framed_language final : public language {
 public:
  std::string_view name() const override { return "framed"; }

  std::shared_ptr<const dialect> make_dialect() const override { return framed::make_dialect(); }

  /// What may succeed without a word is followed by a nonsensical request, whose answer comes after
  /// it.
  std::vector<draft> write(meaning wish, const words& about, role, dice& random) const override {
    request meant{.what = wish, .subject = {}};
    switch (wish) {
      case meaning::log_in:
        meant.subject = random.chance(3) ? "" : about.user;
        return {draft_of(std::move(meant))};
      case meaning::join:
      case meaning::create:
        meant.subject = random.chance(3) ? "" : about.room;
        return {draft_of(std::move(meant)), barrier(about)};
      case meaning::list:
        return {draft_of(std::move(meant)), barrier(about)};
      case meaning::say:
        meant.subject = about.text.substr(0, frame_size);
        meant.subject = std::string{without_padding(meant.subject)};
        // Where it may be refused, a text may be answered.
        if (about.was_ruled)
          return {draft_of(std::move(meant)), barrier(about)};
        return {draft_of(std::move(meant))};
      default:
        meant.what = meaning::nonsense;
        meant.subject = random.chance(50) ? "/" : "/leave it";
        return {draft_of(std::move(meant))};
    }
  }

  std::optional<sight> read(std::string_view& stream) const override {
    if (stream.size() < frame_size)
      return std::nullopt;
    const auto text = without_padding(stream.substr(0, frame_size));
    stream.remove_prefix(frame_size);
    constexpr std::string_view has_joined = " has joined";
    constexpr std::string_view has_left = " has left";
    const auto author_end = text.find("] ");
    if (text.starts_with('[') && author_end != std::string_view::npos)
      return sight{sight::kind::said,
                   {},
                   in_one_word(std::string{text.substr(1, author_end - 1)}),
                   std::string{text.substr(author_end + 2)}};
    if (text.ends_with(has_joined))
      return sight{sight::kind::joined,
                   {},
                   std::string{text.substr(0, text.size() - has_joined.size())},
                   {}};
    if (text.ends_with(has_left))
      return sight{
          sight::kind::left, {}, std::string{text.substr(0, text.size() - has_left.size())}, {}};
    return sight{sight::kind::reply, {}, {}, std::string{text}};
  }

  effect follow(const request& what, position& where, reply_reader& replies,
                const house_rules& rules) const override {
    if (!where.logged_in)
      return follow_name(content_of(what), where, replies, rules);
    switch (what.what) {
      case meaning::join:
      case meaning::create:
        return follow_join(what, where, replies, rules);
      case meaning::list:
        return follow_list(replies);
      case meaning::nonsense:
        return follow_nonsense(what, replies);
      default:
        return follow_text(what, where, replies, rules);
    }
  }

  std::optional<std::string> refusal() const override { return "The server is full."; }

  std::string user_name(std::size_t number, dice& random) const override {
    const auto name = "f" + std::to_string(number);
    return random.chance(20) ? "[" + name + "]:!" : name;
  }

  std::vector<std::string> room_names() const override { return {"two words", ruled_room}; }

  std::string shown_name(const std::string& user) const override {
    return in_one_word(safe_name(user));
  }

  bool shows_text(const std::string& text, const std::string& shown, const std::string& user,
                  bool) const override {
    const auto whole = in_one_line(text);
    const auto start = safe_name(user).size() + std::string_view{"[] "}.size();
    if (shown == without_padding(whole))
      return true;
    return whole.starts_with(shown) && start + whole.size() > frame_size &&
           (start + shown.size() >= full_frame_least ||
            without_padding(whole.substr(0, full_frame_least - start)).size() <= shown.size());
  }

  bool hears_own_connection() const override { return false; }
  bool hears_own_user() const override { return true; }
  bool has_notices() const override { return true; }

 private:
  static draft barrier(const words& about) {
    // As unique as the text that was not said.
    return draft_of(
        {.what = meaning::nonsense, .subject = "/barrier-" + std::string{mark_of(about.text)}});
  }

  static effect follow_name(const std::string& name, position& where, reply_reader& replies,
                            const house_rules& rules) {
    if (name.empty())
      return expect(replies, std::string{no_name});
    if (name.size() > rules.name_bytes_max)
      return expect(replies, "This name is too long: " + safe_name(name));
    where.logged_in = true;
    where.user = name;
    where.may = role{.speaks = true, .listens = true};
    return {};
  }

  static effect follow_join(const request& what, position& where, reply_reader& replies,
                            const house_rules& rules) {
    const bool is_join = what.what == meaning::join;
    if (what.subject.empty())
      return expect(
          replies, is_join ? "/join command must be followed by the name of a channel to join."
                           : "/create command must be followed by the name of a channel to create");
    if (what.subject.size() > rules.name_bytes_max)
      return expect(replies, "This name is too long: " + safe_name(what.subject));
    const auto refusal =
        is_join
            ? "No channel named " + what.subject + " exists. Try '/create " + what.subject + "'?"
            : "Room " + what.subject + " already exists, so cannot be created.";
    const auto run_out = "There are too many channels, so " + what.subject + " cannot be created.";
    effect result;
    result.room = what.subject;
    const auto* next = replies.peek();
    if (next != nullptr && what.subject == ruled_room && next->body == not_allowed_in) {
      replies.take();
      return result;
    }
    if (next != nullptr && (next->body == refusal || next->body == run_out)) {
      result.refused_room = true;
      replies.take();
      return result;
    }
    result.what = effect::kind::entered;
    where.room = what.subject;
    where.room_is_known = next != nullptr;
    return result;
  }

  static effect follow_list(reply_reader& replies) {
    effect result;
    result.what = effect::kind::listed;
    while (replies.peek() != nullptr && !is_barrier_answer(*replies.peek())) {
      result.room += replies.take()->body;
      result.room += '\n';
    }
    if (replies.peek() == nullptr)
      result.what = effect::kind::nothing;  // It may have been cut off: it says nothing.
    return result;
  }

  static effect follow_nonsense(const request& what, reply_reader& replies) {
    const auto word = what.subject.substr(0, what.subject.find(' '));
    return expect(replies, word + std::string{invalid_control});
  }

  /// Who was put out finds that out when it says something.
  static effect follow_text(const request& what, position& where, reply_reader& replies,
                            const house_rules& rules) {
    if (rules.is_unkept(mark_of(what.subject))) {
      auto result = expect(replies, not_kept);
      if (!result.complaint.empty())
        result.complaint.insert(0, "KEPT: ");
      result.what = effect::kind::spoke;
      result.unkept = true;
      return result;
    }
    const auto* next = where.room == ruled_room ? replies.peek() : nullptr;
    if (next != nullptr && (next->body == no_channel || next->body == not_allowed_to_speak)) {
      effect result;
      if (replies.take()->body == no_channel) {
        result.what = effect::kind::left;
        where.room.clear();
      }
      return result;
    }
    if (what.subject.empty() || !where.room.empty()) {
      effect result;
      result.what = effect::kind::spoke;
      return result;
    }
    return expect(replies, std::string{no_channel});
  }
};

}  // namespace

language_ptr make_framed() {
  return std::make_shared<framed_language>();
}

std::vector<language_ptr> all_languages() {
  return {make_tagged_2022(), make_tagged_2023(), make_oneroom(), make_framed(), make_irc()};
}

}  // namespace confab::simulation
