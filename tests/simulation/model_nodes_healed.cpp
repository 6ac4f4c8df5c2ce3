// HEALED: all nodes have come to the same.

#include "tests/simulation/language.hpp"
#include "tests/simulation/model_nodes.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace confab::simulation {

namespace {

bool is_of_other_protocol(const std::string& nick) {
  constexpr std::array families = {"/tagged", "/framed", "/oneroom"};
  return std::any_of(families.begin(), families.end(),
                     [&](const char* family) { return nick.find(family) != std::string::npos; });
}

void check_links(const history& run, findings& found) {
  for (std::size_t from = 0; from < run.nodes.count; ++from)
    for (std::size_t to = 0; to < run.nodes.count; ++to)
      if (!was_telling(run, from, to, run.nodes.healed, run.quiet))
        found.push_back("HEALED: node " + run.nodes.names[from] + " does not tell node " +
                        run.nodes.names[to] + " what happens");
}

/// Whether a client was logged in when all was quiet.
bool was_there_in_the_end(const history& run, const account& known, const record& who) {
  if (who.speaks->has_nicks())
    return !known.nicks_in_the_end[who.number].empty();
  // Who asks for something for the first time now, to leave, may log in with that. A name that is
  // empty is none.
  const bool had_asked =
      std::any_of(who.requests.begin(), who.requests.end(), [&](const request& made) {
        return made.handed <= run.quiet && (made.what != meaning::log_in || !made.subject.empty());
      });
  return had_asked && known.logged_in[who.number] &&
         std::min({who.ending, who.hung_up, who.input_ended}) > run.quiet;
}

void check_stand_ins(const history& run, const account& known, findings& found) {
  const auto clients = static_cast<std::size_t>(
      std::count_if(run.clients.begin(), run.clients.end(), [&](const record& who) {
        return who.admitted != never && was_there_in_the_end(run, known, who);
      }));
  const auto expected = clients * (run.nodes.count - 1);
  if (run.nodes.stand_ins_at_end != expected)
    found.push_back("HEALED: there are " + std::to_string(run.nodes.stand_ins_at_end) +
                    " stand-ins instead of " + std::to_string(expected));
}

void check_nicks_in_the_end(const history& run, const account& known, findings& found) {
  std::map<std::string, std::size_t> bearers;
  for (const auto& who : run.clients) {
    const auto nick = folded_nick(known.nicks_in_the_end[who.number]);
    if (nick.empty())
      continue;
    const auto [bearer, is_first] = bearers.try_emplace(nick, who.number);
    if (!is_first)
      found.push_back("HEALED: " + name_of(who) + " has nick " + nick + " beside client " +
                      std::to_string(bearer->second));
  }
}

void check_members(const history& run, const account& known, findings& found) {
  for (const auto& seen : known.rosters) {
    const auto difference = roster_difference(known, seen, &is_of_other_protocol);
    if (!difference.empty())
      found.push_back("HEALED: " + name_of(run.clients[seen.client]) + " sees in room " +
                      seen.room + difference);
  }
}

/// Whether all nodes have known the room in one life: who made it was the first one there, has
/// stayed to the end, and all nodes have told each other everything all the time since. Otherwise
/// who is an operator in it may differ: it may have been made on two nodes at once, or have become
/// empty on one before the news came that somebody was there, or was set while two nodes met. Nodes
/// do not promise to agree on that (docs/cluster.md).
bool is_steady(const history& run, const account& known, const std::string& room) {
  const stay* first = nullptr;
  for (const auto& each : known.stays)
    if (each.room == room && (first == nullptr || each.asked < first->asked))
      first = &each;
  if (first == nullptr || first->entered == never || first->leaving <= run.quiet)
    return false;
  for (const auto& each : known.stays)
    if (&each != first && each.room == room && each.asked <= first->entered)
      return false;
  for (std::size_t from = 0; from < run.nodes.count; ++from)
    for (std::size_t to = 0; to < run.nodes.count; ++to)
      if (!was_telling(run, from, to, first->asked, run.quiet))
        return false;
  return true;
}

/// What counts of what a node shows: of rooms that are not steady, all but the parts of members. A
/// room that nobody is in shows the modes that it would have if it were new, and that depends on
/// who has made it on that node: they do not count.
std::set<std::string> what_counts(const history& run, const account& known, const node_view& view) {
  std::map<std::string, bool> steady;
  const auto room_is_steady = [&](const std::string& room) {
    const auto [found, is_new] = steady.try_emplace(room, false);
    if (is_new)
      found->second = is_steady(run, known, room);
    return found->second;
  };
  std::set<std::string> result;
  const auto is_deserted = [&](const std::string& room) {
    return std::none_of(view.lines.begin(), view.lines.end(), [&](const std::string& line) {
      return line.starts_with("in #" + room + ':');
    });
  };
  for (const auto& line : view.lines) {
    const auto sign = line.find('#');
    const auto end = line.find_first_of(" :", sign);
    if (line.starts_with("324 ") && is_deserted(line.substr(sign + 1, end - sign - 1)))
      continue;
    if (!line.starts_with("in ") || room_is_steady(line.substr(sign + 1, end - sign - 1))) {
      result.insert(line);
    } else {
      const auto nick = line.find_first_not_of("@+", end + 2);
      result.insert(line.substr(0, end + 2) + line.substr(nick));
    }
  }
  return result;
}

void check_views(const history& run, const account& known, findings& found) {
  if (run.nodes.views.empty())
    return;
  const auto first = what_counts(run, known, run.nodes.views.front());
  for (const auto& view : run.nodes.views) {
    const auto lines = what_counts(run, known, view);
    std::string difference;
    for (const auto& line : first)
      if (!lines.contains(line))
        difference += " -[" + line + "]";
    for (const auto& line : lines)
      if (!first.contains(line))
        difference += " +[" + line + "]";
    if (!difference.empty())
      found.push_back("HEALED: node " + run.nodes.names[view.node] + " does not show what node " +
                      run.nodes.names.front() + " shows:" + difference);
  }
}

}  // namespace

void check_healed(const history& run, const account& known, findings& found) {
  check_links(run, found);
  check_stand_ins(run, known, found);
  check_nicks_in_the_end(run, known, found);
  check_members(run, known, found);
  check_views(run, known, found);
}

/// To clients of IRC, which have words for it, and read them.
void check_farewells_of_nodes(const history& run, const account& known, findings& found) {
  for (const auto& who : run.clients) {
    if (!who.speaks->has_nicks() || who.admitted == never || who.node_ends == never ||
        who.node_killed != never ||
        std::min({who.hung_up, who.input_ended, who.ending}) < who.node_ends ||
        who.hung_up < who.ending || who.input_ended != never || known.over[who.number])
      continue;
    // Another reason may have come first.
    const auto told = [](const sight& each) { return each.body.starts_with("ERROR "); };
    if (who.ending == never)
      found.push_back(name_of(who) + ": FAREWELL: is there though its node was to end at " +
                      std::to_string(who.node_ends));
    else if (who.always_read && std::none_of(who.sights.begin(), who.sights.end(), told))
      found.push_back(name_of(who) + ": FAREWELL: was closed at " + std::to_string(who.ending) +
                      " and not told that its node ends");
  }
}

}  // namespace confab::simulation
