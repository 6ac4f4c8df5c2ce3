// What all clients together may have.

#include "tests/simulation/language.hpp"
#include "tests/simulation/model.hpp"

#include <algorithm>
#include <set>

namespace confab::simulation {

namespace {

std::string at(const record& who, moment when) {
  return name_of(who) + " at " + std::to_string(when) + ": BOUNDS: ";
}

/// A connection counts until the server has begun to end it.
void check_connections(const history& run, findings& found) {
  for (const auto& newcomer : run.clients) {
    if (newcomer.admitted == never)
      continue;
    const auto there = std::count_if(run.clients.begin(), run.clients.end(), [&](const auto& each) {
      return each.admitted <= newcomer.admitted &&
             std::min(each.hung_up, each.ending) > newcomer.admitted;
    });
    if (static_cast<std::size_t>(there) > run.rules.connections_max)
      found.push_back(at(newcomer, newcomer.admitted) + "is one of " + std::to_string(there) +
                      " connections");
  }
}

void check_rooms_listed(const history& run, const testimony& told, findings& found) {
  const auto rooms = std::count(told.rooms.begin(), told.rooms.end(), '\n');
  if (told.what == testimony::kind::listed && static_cast<std::size_t>(rooms) > run.rules.rooms_max)
    found.push_back(at(run.clients[told.client], told.asked) + "was told of " +
                    std::to_string(rooms) + " rooms");
}

/// An entry is refused only if as many different ones may have been set.
void check_entry(const history& run, const account& known, const entry_refused& refused,
                 findings& found) {
  std::set<std::string> set;
  for (const auto& each : known.rulings) {
    const bool adds = each.change.starts_with("+b") || each.change.starts_with("+e") ||
                      each.change.starts_with("+I");
    if (adds && each.room == refused.room && each.asked <= refused.done)
      set.insert(each.change);
  }
  if (set.size() < run.rules.list_entries_max)
    found.push_back(at(run.clients[refused.client], refused.asked) + "entry " + refused.change +
                    " was refused though there was room");
}

/// Who has left or has another nick is remembered, the latest ones.
void check_whowas(const history& run, const account& known, const whowas_seen& seen,
                  findings& found) {
  const auto gone = static_cast<std::size_t>(
      std::count_if(known.farewells.begin(), known.farewells.end(), [&](const farewell& each) {
        return each.done <= seen.asked && folded_nick(each.nick) != folded_nick(each.new_nick);
      }));
  const auto start = at(run.clients[seen.client], seen.asked);
  if (seen.entries > run.rules.whowas_entries_max)
    found.push_back(start + "was told of " + std::to_string(seen.entries) + " who were there");
  if (seen.entries < std::min(gone, run.rules.whowas_entries_max))
    found.push_back(start + "was told of " + std::to_string(seen.entries) + " who were there of " +
                    std::to_string(gone));
}

}  // namespace

void check_bounds(const history& run, const account& known, findings& found) {
  check_connections(run, found);
  for (const auto& told : known.testimonies)
    check_rooms_listed(run, told, found);
  for (const auto& refused : known.refused_entries)
    check_entry(run, known, refused, found);
  for (const auto& seen : known.whowas)
    check_whowas(run, known, seen, found);
}

}  // namespace confab::simulation
