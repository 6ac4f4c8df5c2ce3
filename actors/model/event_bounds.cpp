#include "actors/model/event_bounds.hpp"

#include <algorithm>
#include <string_view>
#include <variant>

namespace confab {
namespace {

constexpr const char* wrong_time = "a time that is before 1970 or after 9999";
constexpr const char* wrong_number = "an id that cannot be";
constexpr const char* long_name = "a name that is too long";
constexpr const char* long_words = "words that are too long";
constexpr const char* nobody = "somebody is missing";

const char* problem_of_time(std::int64_t first_ms, std::int64_t last_ms) {
  const bool is_possible = first_ms >= 0 && first_ms <= last_ms && last_ms < kept_time_ms_end;
  return is_possible ? nullptr : wrong_time;
}

const char* problem_of_id(std::uint64_t run, std::uint64_t room, std::uint64_t sequence,
                          std::uint64_t count) {
  const bool is_possible = run < kept_number_end && room < kept_number_end && count > 0 &&
                           count < kept_sequence_end && sequence < kept_sequence_end - count;
  return is_possible ? nullptr : wrong_number;
}

const char* problem_of_name(std::string_view name) {
  return name.size() <= kept_name_bytes_max ? nullptr : long_name;
}

const char* problem_of_words(std::string_view words) {
  return words.size() <= kept_words_bytes_max ? nullptr : long_words;
}

const char* problem_of_somebody(const identity_ptr& who) {
  if (!who)
    return nobody;
  for (const std::string_view each :
       {std::string_view{who->name}, std::string_view{who->nick}, std::string_view{who->user},
        std::string_view{who->host}, std::string_view{who->real_name},
        std::string_view{who->account}, who->dialect})
    if (const auto* problem = problem_of_name(each))
      return problem;
  return problem_of_words(who->away);
}

struct problem_visitor {
  const char* operator()(const said& it) const {
    if (it.text.size() > kept_text_bytes_max)
      return "a text that is too long";
    return it.tags ? problem_of_words(*it.tags) : nullptr;
  }
  const char* operator()(const left& it) const { return problem_of_words(it.reason); }
  const char* operator()(const kicked& it) const {
    const auto* problem = problem_of_somebody(it.whom.who);
    return problem != nullptr ? problem : problem_of_words(it.reason);
  }
  const char* operator()(const renamed& it) const { return problem_of_somebody(it.before); }
  const char* operator()(const topic_set& it) const { return problem_of_words(it.topic); }
  const char* operator()(const modes_set& it) const {
    if (it.changes.size() > kept_changes_max)
      return "too many modes at once";
    const char* problem = nullptr;
    for (const auto& each : it.changes)
      problem = problem != nullptr ? problem : problem_of_words(each.parameter);
    return problem;
  }
  template <class Other>
  const char* operator()(const Other&) const {
    return nullptr;
  }
};

}  // namespace

const char* problem_of_kept(const event_batch& batch) {
  if (batch.events.empty())
    return "nothing happens";
  if (const auto* problem = problem_of_time(batch.at.first_ms, batch.at.last_ms))
    return problem;
  if (const auto* problem =
          problem_of_id(batch.at.run, batch.at.room, batch.at.sequence, batch.events.size()))
    return problem;
  if (const auto* problem = problem_of_name(batch.room))
    return problem;
  if (const auto* problem = problem_of_somebody(batch.who.who))
    return problem;
  for (const auto& each : batch.events)
    if (const auto* problem = std::visit(problem_visitor{}, each))
      return problem;
  return nullptr;
}

const char* problem_of_kept(const event_range& range) {
  if (const auto* problem = problem_of_time(range.first_ms, range.last_ms))
    return problem;
  if (const auto* problem = problem_of_id(range.run, range.number, range.first, range.count))
    return problem;
  return problem_of_name(range.room);
}

const char* problem_of_kept(const removed_text& text) {
  if (const auto* problem = problem_of_time(text.time_ms, text.time_ms))
    return problem;
  if (const auto* problem = problem_of_id(text.which.run, text.which.room, text.which.sequence, 1))
    return problem;
  return problem_of_name(text.room);
}

}  // namespace confab
