#include "tests/simulation/language.hpp"
#include "tests/simulation/model.hpp"

#include <algorithm>
#include <set>

namespace confab::simulation {

namespace {

/// What the memberships tell about the rooms that there were.
class rooms_known {
 public:
  rooms_known(const history& run, const account& known) : run_(run), known_(known) {}

  /// Somebody was in the room all the time, or it was made to stay.
  bool existed(const std::string& room, moment first, moment last) const {
    const bool all_stay = names_until(never).size() <= run_.rules.kept_vacant_max;
    return std::any_of(known_.stays.begin(), known_.stays.end(), [&](const stay& each) {
      return each.room_known && each.room == room &&
             (was_there(each, first, last) || (all_stay && each.made && each.entered <= first));
    });
  }

  /// Somebody other than who tells it had asked to come in by then.
  bool may_have_existed(const std::string& room, moment last, const testimony* told) const {
    return std::any_of(known_.stays.begin(), known_.stays.end(), [&](const stay& each) {
      const bool own = told != nullptr && told->what == testimony::kind::existing &&
                       each.client == told->client && each.asked == told->asked && !each.made &&
                       each.entered == told->done;
      return !own && (!each.room_known || each.room == room) && each.asked <= last;
    });
  }

  std::set<std::string> names_until(moment last) const {
    std::set<std::string> names;
    for (const auto& each : known_.stays)
      if (each.asked <= last)
        names.insert(each.room);
    return names;
  }

 private:
  const history& run_;
  const account& known_;
};

void check_list(const testimony& told, const rooms_known& rooms, std::set<std::string> names,
                const std::string& who, findings& found) {
  std::size_t start = 0;
  std::set<std::string> listed;
  for (auto end = told.rooms.find('\n'); end != std::string::npos;
       start = end + 1, end = told.rooms.find('\n', start))
    listed.insert(told.rooms.substr(start, end - start));
  for (const auto& room : listed)
    if (!rooms.may_have_existed(room, told.done, nullptr))
      found.push_back(who + ": room '" + room + "' was listed and nobody had made it");
  for (const auto& room : names)
    if (!listed.contains(room) && rooms.existed(room, told.asked, told.done))
      found.push_back(who + ": room '" + room + "' was not listed");
}

void check_testimony(const testimony& told, const history& run, const rooms_known& rooms,
                     findings& found) {
  const auto who = name_of(run.clients[told.client]) + " at " + std::to_string(told.asked);
  switch (told.what) {
    case testimony::kind::missing:
      if (rooms.existed(told.rooms, told.asked, told.done))
        found.push_back(who + ": room '" + told.rooms + "' was said not to exist");
      break;
    case testimony::kind::existing:
      if (!rooms.may_have_existed(told.rooms, told.done, &told))
        found.push_back(who + ": room '" + told.rooms + "' was said to exist");
      break;
    case testimony::kind::run_out:
      if (rooms.existed(told.rooms, told.asked, told.done) ||
          rooms.names_until(told.done).size() < run.rules.rooms_max)
        found.push_back(who + ": room '" + told.rooms + "' was refused as one too many");
      break;
    case testimony::kind::listed:
      if (told.done != never)
        check_list(told, rooms, rooms.names_until(told.done), who, found);
      break;
  }
}

}  // namespace

void check_existence(const history& run, const account& known, findings& found) {
  const rooms_known rooms{run, known};
  for (const auto& told : known.testimonies)
    check_testimony(told, run, rooms, found);
  for (const auto& made : known.stays)
    for (const auto& other : known.stays)
      if (made.made && made.room_known && &made != &other && made.room == other.room &&
          made.entered != never && was_there(other, made.asked, made.entered))
        found.push_back(name_of(run.clients[made.client]) + " at " + std::to_string(made.asked) +
                        ": room '" + made.room + "' was made though it existed");
}

}  // namespace confab::simulation
