// What a client with a nick may have, and as much of it as there may be.

#include "tests/simulation/nick_follower.hpp"

#include <algorithm>
#include <utility>

namespace confab::simulation {

namespace {

std::vector<std::string> split_at_commas(const std::string& list) {
  std::vector<std::string> result;
  for (std::size_t start = 0; start < list.size();) {
    const auto end = std::min(list.find(',', start), list.size());
    result.push_back(list.substr(start, end - start));
    start = end + 1;
  }
  return result;
}

std::string joined(const std::vector<std::string>& words) {
  std::string result;
  for (const auto& word : words)
    result += (result.empty() ? "" : ",") + word;
  return result;
}

std::vector<std::string>::iterator find_nick(std::vector<std::string>& nicks,
                                             const std::string& nick) {
  return std::find_if(nicks.begin(), nicks.end(), [&](const std::string& each) {
    return folded_nick(each) == folded_nick(nick);
  });
}

/// The nicks behind `+ ` or `- `, each once.
std::vector<std::string> nicks_of(const request& made) {
  const auto start = std::min<std::size_t>(2, made.subject.size());
  std::vector<std::string> result;
  for (auto& nick : split_at_commas(made.subject.substr(start)))
    if (find_nick(result, nick) == result.end())
      result.push_back(std::move(nick));
  return result;
}

}  // namespace

void nick_follower::exceed(const std::string& what, moment when) {
  found_.push_back(name_of(who_) + " at " + std::to_string(when) + ": BOUNDS: " + what);
}

/// Nobody is refused a room as one too many before there are so many.
void nick_follower::judge_list_of_rooms(const request& made) {
  if (count("405") > 0 && stays_.size() < run_.rules.rooms_each_max)
    complain(made, "BOUNDS: was refused as one room too many in " + std::to_string(stays_.size()));
}

/// What holds for all names holds for nicks, too.
void nick_follower::judge_nick_size(const request& made) {
  const auto bytes_max = std::min(irc_nick_bytes_max, run_.rules.name_bytes_max);
  if ((count("432") > 0) != (made.subject.size() > bytes_max))
    complain(made, "BOUNDS: a nick of " + std::to_string(made.subject.size()) +
                       " bytes was answered as it should not be");
}

/// The list is this client's own, so it is known what becomes of each nick.
void nick_follower::judge_watch(const request& made) {
  if (made.subject == "C") {
    watched_.clear();
    return;
  }
  std::vector<std::string> refused;
  for (const auto& nick : nicks_of(made)) {
    const auto found = find_nick(watched_, nick);
    if (made.subject.front() == '-') {
      if (found != watched_.end())
        watched_.erase(found);
    } else if (found == watched_.end() && watched_.size() >= run_.rules.watched_nicks_each_max) {
      refused.push_back(nick);
    } else {
      if (found == watched_.end())
        watched_.push_back(nick);
      if (!told_of_.contains(folded_nick(nick)))
        complain(made, "was not told whether " + nick + " is there");
    }
  }
  std::string told;
  for (const auto& line : numerics_)
    if (line.is("734"))
      told += line.parameter(2);
  if (told != joined(refused))
    complain(made, "BOUNDS: was told that there is no place for '" + told + "' instead of '" +
                       joined(refused) + "'");
}

void nick_follower::judge_watched(const request& made) {
  std::vector<std::string> told;
  for (const auto& line : numerics_)
    if (line.is("732"))
      for (const auto& nick : split_at_commas(line.parameter(1)))
        told.push_back(nick);
  if (count("733") != 1 || told != watched_)
    complain(made, "BOUNDS: watches '" + joined(told) + "' instead of '" + joined(watched_) + "'");
}

/// What is refused does not happen.
void nick_follower::judge_rule(const request& made) {
  if (count("478") == 0)
    return;
  known_.refused_entries.push_back({who_.number, made.room, made.subject, made.handed, done_});
  if (was_event("MODE"))
    complain(made, "BOUNDS: was refused and happened");
}

void nick_follower::judge_count(const request& made, std::string_view row, std::string_view end,
                                std::size_t rows_max) {
  const auto rows = count(row);
  const auto refused = count("403") + count("442");
  if (count(end) + refused != 1)
    complain(made, "was not answered as it should");
  if (rows > rows_max)
    complain(made, "BOUNDS: was told " + std::to_string(rows) + " rows of " + std::string{row});
}

/// Somebody whom it watches comes or goes, or it has asked for that.
void nick_follower::take_watched(const irc_line& line, const sight& seen) {
  const bool asks = begin_ < who_.requests.size() && who_.requests[begin_].what == meaning::watch;
  auto asked_for = asks ? nicks_of(who_.requests[begin_]) : std::vector<std::string>{};
  for (const auto& whom : split_at_commas(line.parameter(1))) {
    const auto nick = whom.substr(0, whom.find('!'));
    told_of_.insert(folded_nick(nick));
    if (find_nick(watched_, nick) == watched_.end() &&
        find_nick(asked_for, nick) == asked_for.end())
      stray(seen);
  }
}

/// Entries of a list that were set while the client was there, and not taken back.
void nick_follower::take_mode(const std::string& room, const irc_line& line, const sight& seen) {
  const auto change = line.parameter(1);
  if (change.size() != 2 || std::string_view{"beI"}.find(change[1]) == std::string_view::npos)
    return;
  auto& entries = entries_[room];
  const auto entry = change.substr(1) + ' ' + line.parameter(2);
  if (change.front() == '-')
    entries.erase(entry);
  else
    entries.insert(entry);
  if (entries.size() > run_.rules.list_entries_max)
    exceed("room " + room + " holds " + std::to_string(entries.size()) + " entries", seen.when);
}

}  // namespace confab::simulation
