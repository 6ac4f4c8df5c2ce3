#include "tests/simulation/language.hpp"
#include "tests/simulation/model.hpp"

#include <algorithm>
#include <map>

namespace confab::simulation {

namespace {

/// Notices of one kind about one client that a reader saw.
std::vector<moment> notices(const record& reader, sight::kind what, const std::string& name) {
  std::vector<moment> times;
  for (const auto& seen : reader.sights)
    if (seen.what == what && seen.author == name)
      times.push_back(seen.when);
  return times;
}

/// A reader that was there before and after gets a notice; it may come late.
void check_complete(const history& run, const stay& where, const stay& other,
                    const std::string& name, findings& found) {
  const auto& reader = run.clients[where.client];
  const bool stays_open =
      reader.ending > run.quiet && reader.hung_up > run.quiet && reader.input_ended > run.quiet;
  if (!stays_open || other.room != where.room || !other.room_known)
    return;
  const auto seen = [&](sight::kind what, moment from) {
    const auto times = notices(reader, what, name);
    return std::any_of(times.begin(), times.end(), [&](moment when) { return when >= from; });
  };
  if (other.entered <= run.quiet && was_there(where, other.asked, other.entered) &&
      !seen(sight::kind::joined, other.asked))
    found.push_back(name_of(reader) + " was not told that " + name + " has joined at " +
                    std::to_string(other.asked));
  if (other.left <= run.quiet && was_there(where, other.leaving, other.left) &&
      !seen(sight::kind::left, other.leaving))
    found.push_back(name_of(reader) + " was not told that " + name + " has left at " +
                    std::to_string(other.leaving));
}

/// While a reader stays in a room, others come and go in turns, and speak only when they are there.
void check_turns(const record& reader, const stay& where, findings& found) {
  std::map<std::string, sight::kind> last;
  for (const auto& seen : reader.sights) {
    const bool notice = seen.what == sight::kind::joined || seen.what == sight::kind::left;
    if ((!notice && seen.what != sight::kind::said) || seen.when <= where.entered ||
        seen.when >= where.leaving)
      continue;
    const auto before = last.find(seen.author);
    if (before != last.end()) {
      const bool twice = notice && before->second == seen.what;
      const bool back_unseen =
          seen.what == sight::kind::said && before->second == sight::kind::left;
      const bool came_again =
          seen.what == sight::kind::joined && before->second == sight::kind::said;
      if (twice || back_unseen || came_again)
        found.push_back(name_of(reader) + " at " + std::to_string(seen.when) + ": " + seen.author +
                        " does what it cannot do there now");
    }
    last[seen.author] = seen.what;
  }
}

}  // namespace

void check_notices(const history& run, const account& known, findings& found) {
  std::map<std::string, std::size_t> bearers;  // A name that several use says nothing.
  for (const auto& user : known.users)
    ++bearers[user];
  for (const auto& where : known.stays) {
    const auto& reader = run.clients[where.client];
    if (!reader.speaks->has_notices() || where.entered == never || !where.room_known)
      continue;
    const bool all_differ = std::all_of(bearers.begin(), bearers.end(), [](const auto& row) {
      return row.second == 1 || row.first.empty();
    });
    if (all_differ)
      check_turns(reader, where, found);
    const auto has_one_name = [&](const stay& other) {
      return bearers[known.users[other.client]] == 1 &&
             std::count_if(known.bearings.begin(), known.bearings.end(),
                           [&](const bearing& each) { return each.client == other.client; }) <= 1;
    };
    for (const auto& other : known.stays)
      if (other.client != where.client && has_one_name(other))
        check_complete(run, where, other, reader.speaks->shown_name(known.users[other.client]),
                       found);
  }
}

}  // namespace confab::simulation
