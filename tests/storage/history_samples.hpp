#pragma once

#include "actors/history_storage.hpp"
#include "io/storage/open_history.hpp"
#include "tests/support/temporary_folder.hpp"

#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <unistd.h>
#include <variant>
#include <vector>

/// What the tests of the history share: a folder, events, and how they are compared.
namespace confab::test {

/// A folder in memory, if there is a place for that.
class scratch_folder : public temporary_folder {
 public:
  scratch_folder() : temporary_folder(place()) {}

 private:
  static std::filesystem::path place() {
    const std::filesystem::path memory = "/dev/shm";
    return ::access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path();
  }
};

/// What the tests' dialects are called; another one is ''.
inline std::string_view dialect_of(std::string_view name) {
  for (const std::string_view each : {"irc", "tagged"})
    if (each == name)
      return each;
  return {};
}

inline history_settings settings_of(const std::string& path) {
  history_settings result;
  result.path = path;
  result.dialect_of = dialect_of;
  return result;
}

/// The opened history; throws its problem.
inline history_files opened(const history_settings& settings) {
  auto result = open_history(settings);
  if (auto* problem = std::get_if<std::string>(&result))
    throw std::runtime_error{*problem};
  return std::move(std::get<history_files>(result));
}
inline history_files opened(const std::string& path) {
  return opened(settings_of(path));
}

/// The value of a result; throws what went wrong.
template <class Value>
Value value_of(storage_result<Value> result) {
  if (auto* failure = std::get_if<storage_failure>(&result))
    throw std::runtime_error{failure->detail};
  return std::move(std::get<Value>(result));
}

inline identity_ptr somebody(const std::string& nick) {
  auto result = std::make_shared<identity>();
  result->name = nick + " by name";
  result->dialect = "irc";
  result->nick = nick;
  result->user = "user";
  result->host = "0123456789ab.ip";
  result->real_name = "Some Body";
  return result;
}

inline kicked kick(const identity_ptr& whom, const std::string& reason) {
  kicked result;
  result.whom.who = whom;
  result.reason = reason;
  return result;
}

/// A batch in a life (`run`, `number`) of a room.
inline std::shared_ptr<event_batch> batch(const std::string& room, const identity_ptr& who,
                                          std::vector<event> events, stamp at) {
  auto result = std::make_shared<event_batch>();
  result->room = room;
  result->who.who = who;
  result->events = std::move(events);
  if (at.last_ms < at.first_ms)
    at.last_ms = at.first_ms + static_cast<std::int64_t>(result->events.size()) - 1;
  result->at = at;
  return result;
}

using batches = std::vector<std::shared_ptr<const event_batch>>;

/// `count` texts "text N" of a room, the first with this sequence, one each ms from `sequence` on.
inline batches texts(const std::string& room, std::uint64_t sequence, std::size_t count,
                     std::uint64_t run = 1, std::uint64_t number = 1) {
  static const auto who = somebody("alice");
  batches result;
  for (std::size_t i = 0; i < count; ++i, ++sequence) {
    const auto time_ms = static_cast<std::int64_t>(sequence) + 1'000'000;
    result.push_back(batch(room, who, {said{"text " + std::to_string(sequence)}},
                           {time_ms, time_ms, run, number, sequence}));
  }
  return result;
}

/// The same texts in one batch.
inline batches texts_at_once(const std::string& room, std::uint64_t sequence, std::size_t count,
                             std::uint64_t run = 1, std::uint64_t number = 1) {
  const auto each = texts(room, sequence, count, run, number);
  auto result = std::make_shared<event_batch>(*each.front());
  for (std::size_t i = 1; i < each.size(); ++i)
    result->events.push_back(each[i]->events[0]);
  result->at.last_ms = each.back()->at.last_ms;
  return {result};
}

inline std::string described(const identity_ptr& who) {
  if (!who)
    return "nobody";
  return who->name + '|' + std::string{who->dialect} + '|' + who->nick + '|' + who->user + '|' +
         who->host + '|' + who->real_name + '|' + who->account + '|' + (who->bot ? 'b' : '-') +
         (who->invisible ? 'i' : '-') + (who->hears_wallops ? 'w' : '-') +
         (who->server_operator ? 'o' : '-');
}

/// All that is kept of an event of a batch, as one string.
inline std::string described(const event_batch& batch, std::size_t index) {
  struct words {
    std::string operator()(const said& it) const {
      return "said " + std::to_string(static_cast<int>(it.kind)) + ' ' + it.text +
             (it.tags ? " tags " + *it.tags : "");
    }
    std::string operator()(const joined&) const { return "joined"; }
    std::string operator()(const left& it) const {
      return (it.quits ? "quit " : "left ") + it.reason;
    }
    std::string operator()(const kicked& it) const {
      return "kicked " + described(it.whom.who) + ' ' + it.reason;
    }
    std::string operator()(const renamed& it) const { return "renamed " + described(it.before); }
    std::string operator()(const topic_set& it) const { return "topic " + it.topic; }
    std::string operator()(const modes_set& it) const {
      std::string result = "modes";
      for (const auto& each : it.changes)
        result += std::string{' '} + (each.add ? '+' : '-') + each.letter + ' ' +
                  std::to_string(each.parameter.size()) + ' ' + each.parameter;
      return result;
    }
    std::string operator()(const invited&) const { return "invited"; }
    std::string operator()(const away_set&) const { return "away"; }
    std::string operator()(const real_name_set&) const { return "real name"; }
    std::string operator()(const wall&) const { return "wall"; }
    std::string operator()(const redacted&) const { return "redacted"; }
  };
  return batch.room + ' ' + std::to_string(batch.at.run) + '/' + std::to_string(batch.at.room) +
         '/' + std::to_string(batch.at.sequence + index) + " at " +
         std::to_string(batch.at.time_ms(index)) + ' ' + described(batch.who.who) + ": " +
         std::visit(words{}, batch.events.at(index));
}

inline std::vector<std::string> described(const history_page& page) {
  std::vector<std::string> result;
  for (const auto& each : page)
    result.push_back(described(*each, 0));
  return result;
}

/// The texts of a page, without all else.
inline std::vector<std::string> words_of(const history_page& page) {
  std::vector<std::string> result;
  for (const auto& each : page)
    result.push_back(std::get<said>(each->events.at(0)).text);
  return result;
}

/// All that is kept of a room.
inline history_page all_of(history_reader& reader, const std::string& room) {
  history_query query;
  query.count_max = 100'000;
  query.texts_only = false;
  return value_of(reader.page(room, query));
}

/// Does what can wait until nothing is left. Returns in how many calls.
inline std::size_t tidied(history_writer& writer, const history_retention& limits = {},
                          std::int64_t now_ms = 2'000'000) {
  std::size_t calls = 1;
  while (value_of(writer.tidy(limits, now_ms))) {
    if (++calls > 100'000)
      throw std::runtime_error{"tidy does not end"};
  }
  return calls;
}

}  // namespace confab::test
