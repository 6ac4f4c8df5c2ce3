// The irc dialect's decoder: what lines become is the same however they are split, there is not too
// much of it, and nobody is deceived by it.

#include "io/dialects/irc/irc.hpp"
#include "io/dialects/irc/message.hpp"
#include "io/dialects/irc/names.hpp"
#include "tests/fuzz/decoding.hpp"
#include "tests/fuzz/invariant.hpp"
#include "tests/support/irc_conversation.hpp"
#include "tests/support/strict_reader.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

using namespace confab;
using namespace confab::irc;
using test::asked_command;
using test::irc_conversation;

namespace {

using talk = std::vector<asked_command>;

/// So many commands can one line become, whatever it holds: `JOIN a,b,..` in a batch.
constexpr std::size_t commands_per_line_max = line_text_bytes_max / 2;

/// Of one page, where messages are kept.
constexpr std::size_t history_messages_max = 100;

bool are_same_questions(const asking& left, const asking& right) {
  return left.nick == right.nick && left.reader == right.reader && left.verb == right.verb &&
         left.subject == right.subject && left.detail == right.detail &&
         left.label == right.label && left.batch == right.batch;
}

bool are_same_talks(const talk& left, const talk& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const asked_command& one, const asked_command& other) {
                      return fuzz::are_same(one.what, other.what) &&
                             are_same_questions(one.about, other.about);
                    });
}

void add(talk& into, talk more) {
  std::move(more.begin(), more.end(), std::back_inserter(into));
}

talk talk_in_bytes(irc_conversation client, std::string_view input) {
  talk result;
  for (std::size_t at = 0; at < input.size(); ++at)
    add(result, client.send(input.substr(at, 1)));
  return result;
}

talk talk_in_two(irc_conversation client, const fuzz::split_input& input) {
  auto result = client.send(input.front());
  add(result, client.send(input.back()));
  return result;
}

bool is_text(std::string_view text) {
  return test::is_utf8(text) &&
         text.find_first_of(std::string_view{"\n\0", 2}) == std::string_view::npos;
}

void check_answer(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto end = bytes.find("\r\n");
    fuzz::require(end != std::string_view::npos, "an answer is whole lines");
    const auto line = bytes.substr(0, end);
    bytes.remove_prefix(end + 2);
    const auto parsed = parse_line(line);
    const auto* read = std::get_if<message>(&parsed);
    fuzz::require(read != nullptr, "an answer can be read");
    fuzz::require(read->source == "srv.example" || read->command == "ERROR",
                  "an answer comes from the server");
    fuzz::require(read->tags.empty() || read->command == "BATCH", "a batch has the label");
  }
}

void check_room(const std::string& room) {
  fuzz::require(is_seen_from_irc(room), "a room can be seen from IRC");
}

/// What holds for each command. Those that are not named hold nothing that came from the client.
struct checker {
  void operator()(const log_in& wanted) const {
    fuzz::require(is_valid_nick(wanted.user), "a nick is valid");
    fuzz::require(clean_user(wanted.shown_user) == wanted.shown_user, "a user name is clean");
    fuzz::require(!wanted.real_name.empty() && is_text(wanted.real_name), "a real name is text");
  }
  void operator()(const confab::rename& wanted) const {
    fuzz::require(is_valid_nick(wanted.nick), "a nick is valid");
  }
  void operator()(const join_room& wanted) const { check_room(wanted.room); }
  void operator()(const leave_room& wanted) const { check_room(wanted.room); }
  void operator()(const set_topic& wanted) const { check_room(wanted.room); }
  void operator()(const kick& wanted) const { check_room(wanted.room); }
  void operator()(const invite& wanted) const { check_room(wanted.room); }
  void operator()(const ask_room& wanted) const { check_room(wanted.room); }
  void operator()(const change_modes& wanted) const {
    check_room(wanted.room);
    fuzz::require(!wanted.changes.empty(), "a change changes something");
  }
  void operator()(const say& wanted) const {
    check_room(wanted.room);
    check_text(wanted.text, wanted.kind, wanted.tags);
  }
  void operator()(const tell& wanted) const { check_text(wanted.text, wanted.kind, wanted.tags); }
  void operator()(const recall& wanted) const {
    check_room(wanted.room);
    std::visit([](const auto& wish) { check_count(wish.count_max); }, wanted.what);
  }
  void operator()(const ask_targets& wanted) const { check_count(wanted.count_max); }
  void operator()(const redact& wanted) const {
    check_room(wanted.room);
    fuzz::require(is_text(wanted.reason), "a reason is text");
  }
  void operator()(const respond& answered) const { check_answer(answered.bytes); }
  void operator()(const hang_up& answered) const { check_answer(answered.bytes); }
  void operator()(const reject&) const { fuzz::require(false, "mistakes are told in full"); }
  template <class Other>
  void operator()(const Other&) const {}

  static void check_count(std::size_t count) {
    fuzz::require(count > 0 && count <= history_messages_max, "a page has some messages");
  }

  static void check_text(const std::string& text, text_kind kind, const client_tags& tags) {
    fuzz::require(is_text(text), "a text is text");
    fuzz::require(text.empty() == (kind == text_kind::tags_only), "a text is not empty");
    fuzz::require(!tags || tags->starts_with('+'), "tags are for clients");
  }
};

void check_talk(const talk& heard, std::string_view input) {
  const auto lines = static_cast<std::size_t>(std::count(input.begin(), input.end(), '\n'));
  fuzz::require(heard.size() <= lines * commands_per_line_max, "a line is not too many commands");
  for (const auto& each : heard) {
    std::visit(checker{}, each.what);
    fuzz::require(each.about.label.empty() || each.about.batch.empty(),
                  "a command has a label or belongs to a batch");
  }
}

void check_client(const fuzz::split_input& input, irc_conversation (*make)()) {
  const auto whole = make().send(input.all);
  check_talk(whole, input.all);
  fuzz::require(are_same_talks(whole, talk_in_two(make(), input)),
                "split in two, the input has the same commands and questions");
  fuzz::require(are_same_talks(whole, talk_in_bytes(make(), input.all)),
                "in single bytes, it has the same commands and questions");
}

irc_conversation new_client() {
  return irc_conversation{};
}

irc_conversation client_with_labels() {
  auto chosen = irc_conversation::default_settings();
  chosen.history_messages_max = history_messages_max;
  auto result = irc_conversation::logged_in(std::move(chosen));
  result.send("CAP REQ :batch labeled-response message-tags\r\n");
  result.enter("cafe");
  result.become_operator_of_server();
  return result;
}

}  // namespace

void fuzz::try_input(const split_input& input) {
  static const auto irc = irc::make_dialect(irc_conversation::default_settings());
  check_client(input, new_client);
  check_client(input, client_with_labels);
  fuzz::check_decoder(*irc, input);
}
