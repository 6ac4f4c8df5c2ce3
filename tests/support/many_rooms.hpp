#pragma once

#include "actors/dialect.hpp"
#include "tests/support/fake_gateway.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

/// A dialect for tests whose clients are in several rooms. Lines of words:
///
/// `nick N` logs in, then renames; `join R KEY`, `make R`, which makes a room that stays, `enter
/// R`, which makes none, `leave R`, `say R TEXT`, `topic R TEXT`, `kick R N`, `invite R N`,
/// `mode R +X`, `away TEXT`, `real NAME`, `oper N PASSWORD`, `wall TEXT`, `wallops` to hear such
/// texts and `deaf` not to, `quit`; all else is a mistake.
namespace confab::test {

class many_rooms_decoder final : public decoder {
 public:
  std::optional<command> next(std::string_view& input, const standing& now) override {
    const auto end = input.find('\n');
    if (end == std::string_view::npos) {
      tail_ += std::exchange(input, {});
      return std::nullopt;
    }
    const auto line = std::exchange(tail_, {}) + std::string{input.substr(0, end)};
    input.remove_prefix(end + 1);
    return command_of(line, now);
  }

  const asking* asks() const override { return &asking_; }

 private:
  static std::string take_word(std::string& line) {
    const auto end = std::min(line.find(' '), line.size());
    auto result = line.substr(0, end);
    line.erase(0, end + 1);
    return result;
  }

  static command command_of(std::string line, const standing& now) {
    const auto verb = take_word(line);
    if (verb == "away")
      return set_away{line};
    if (verb == "real")
      return set_real_name{line};
    if (verb == "wall")
      return say_to_all{line};
    if (verb == "wallops" || verb == "deaf")
      return set_user_modes{{{verb == "wallops", 'w', {}}}};
    const auto object = take_word(line);
    if (verb == "nick" && !now.logged_in())
      return log_in{object, {true, true}};
    if (verb == "nick")
      return rename{object};
    if (verb == "join")
      return join_room{object, join_mode::open_or_make, line, true};
    if (verb == "make")
      return join_room{object, join_mode::must_not_exist, line, true};
    if (verb == "enter")
      return join_room{object, join_mode::must_exist, line, true};
    if (verb == "move")  // As in protocols whose clients are in one room at a time.
      return join_room{object, join_mode::open_or_make, line, false};
    if (verb == "leave")
      return leave_room{object};
    if (verb == "say")
      return say{line, object};
    if (verb == "topic")
      return set_topic{object, line};
    if (verb == "kick")
      return kick{object, line, "because"};
    if (verb == "invite")
      return invite{line, object};
    if (verb == "mode")
      return change_modes{object, {{line.front() == '+', line.back(), {}}}};
    if (verb == "oper")
      return become_operator{object, line};
    if (verb == "quit")
      return quit{};
    return reject{"what?"};
  }

  std::string tail_;
  asking asking_;
};

class many_rooms_dialect final : public dialect {
 public:
  std::string_view name() const override { return "many"; }
  delivery_policy policy(const event_batch&, reader_class) const override {
    return delivery_policy::everything;
  }
  bool announces_members() const override { return true; }
  bool folds_names() const override { return true; }
  std::optional<std::string> nick_stem(std::string_view) const override { return std::nullopt; }
  std::unique_ptr<decoder> make_decoder() const override {
    return std::make_unique<many_rooms_decoder>();
  }
  void encode_reply(const outcome&, const standing&, std::string&) const override {}
  void encode_answer(const answer_part& part, const asking&, std::string& out) const override {
    out += std::visit(outcome_words{}, std::get<outcome>(part)) + "\n";
  }
  // The gateway of these tests has words of its own: this is what a session tells its client
  // itself.
  void encode_events(const event_batch& batch, reader_class, std::string& out) const override {
    for (const auto& each : batch.events)
      out += std::visit(event_describer{batch.who}, each) + " again\n";
  }

 private:
  /// A word for each outcome that these clients run into.
  struct outcome_words {
    std::string operator()(const welcomed& what) const { return "welcome " + what.who->nick; }
    std::string operator()(const entered& what) const { return "in " + what.room; }
    std::string operator()(const departed& what) const { return "out of " + what.room; }
    std::string operator()(const told&) const { return "ok"; }
    std::string operator()(const goodbye&) const { return "bye"; }
    std::string operator()(const away_noted&) const { return "away"; }
    std::string operator()(const made_operator&) const { return "operator"; }
    std::string operator()(const refused& what) const {
      return "no " + refusal_word(what.why) + " " + what.subject;
    }
    std::string operator()(const rejected& what) const { return what.why; }
    template <class Other>
    std::string operator()(const Other&) const {
      return "?";
    }
  };
};

}  // namespace confab::test
