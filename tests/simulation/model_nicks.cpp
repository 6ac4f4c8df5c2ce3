// What holds between clients that have nicks.

#include "tests/simulation/irc_line.hpp"
#include "tests/simulation/language.hpp"
#include "tests/simulation/model.hpp"

#include <algorithm>
#include <set>
#include <string_view>

namespace confab::simulation {

namespace {

bool same_nick(const std::string& one, const std::string& other) {
  return folded_nick(one) == folded_nick(other);
}

std::string at(const record& who, moment when) {
  return name_of(who) + " at " + std::to_string(when) + ": ";
}

/// No two clients have one nick, and nobody is refused a nick that nobody can have had.
void check_claim(const history& run, const account& known, const claim_refused& claim,
                 findings& found) {
  const bool justified =
      std::any_of(known.bearings.begin(), known.bearings.end(), [&](const bearing& each) {
        return each.client != claim.client && same_nick(each.nick, claim.nick) &&
               each.asked <= claim.done && each.lost >= claim.asked;
      });
  if (!justified)
    found.push_back(at(run.clients[claim.client], claim.asked) + "NICKS: nick " + claim.nick +
                    " was refused though nobody had it");
}

// -- farewells ----------------------------------------------------------------

/// Whether both were in one room all the time. Who asked to be renamed or to leave the server may
/// have been put out before that happened.
bool share_a_room(const account& known, const farewell& news, std::size_t reader) {
  const auto was_in = [&](const stay& where, std::size_t client) {
    return where.client == client && where.room_known && where.entered <= news.asked;
  };
  const auto author_was_in = [&](const stay& where) {
    return was_in(where, news.client) &&
           (news.new_nick.empty() ? where.leaving == news.asked && where.left == never
                                  : where.leaving > news.done);
  };
  return std::any_of(known.stays.begin(), known.stays.end(), [&](const stay& one) {
    return author_was_in(one) &&
           std::any_of(known.stays.begin(), known.stays.end(), [&](const stay& other) {
             return other.room == one.room && was_in(other, reader) &&
                    other.leaving > news.done + 1;
           });
  });
}

std::size_t times_told(const record& reader, const farewell& news) {
  return static_cast<std::size_t>(
      std::count_if(reader.sights.begin(), reader.sights.end(), [&](const sight& seen) {
        if (seen.what != sight::kind::happened || seen.author != news.nick ||
            seen.when < news.asked || seen.when > news.done)
          return false;
        const auto line = parse_irc_line(seen.body);
        return news.new_nick.empty() ? line.is("QUIT")
                                     : line.is("NICK") && line.parameter(0) == news.new_nick;
      }));
}

/// Clients that take the same two nicks in turns may all have asked for that at once.
std::size_t same_farewells(const account& known, const farewell& news) {
  return static_cast<std::size_t>(
      std::count_if(known.farewells.begin(), known.farewells.end(), [&](const farewell& each) {
        return each.nick == news.nick && each.new_nick == news.new_nick &&
               each.asked <= news.done && each.done >= news.asked;
      }));
}

}  // namespace

void check_nicks(const history& run, const account& known, findings& found) {
  for (const auto& claim : known.refused_claims)
    check_claim(run, known, claim, found);
  for (const auto& one : known.bearings)
    for (const auto& other : known.bearings)
      if (one.client < other.client && same_nick(one.nick, other.nick) &&
          std::max(one.taken, other.taken) < std::min(one.losing, other.losing))
        found.push_back(at(run.clients[other.client], other.taken) + "NICKS: has nick " +
                        other.nick + " beside client " + std::to_string(one.client));
}

void check_private_texts(const history& run, const account& known, findings& found) {
  for (const auto& text : known.private_texts) {
    const auto bears = [&](const bearing& each) { return same_nick(each.nick, text.target); };
    std::size_t times = 0;
    bool somebody_has_gone = false;
    bool surely_there = false;
    bool heard_itself = false;
    for (const auto& name : known.bearings) {
      if (!bears(name))
        continue;
      const auto& reader = run.clients[name.client];
      somebody_has_gone |= reader.hears_itself && name.client == text.client;
      somebody_has_gone |= std::min({reader.hung_up, reader.ending}) <= text.done;
      surely_there |= name.taken <= text.asked && name.losing > text.done;
    }
    for (const auto& reader : run.clients)
      for (const auto& seen : reader.sights) {
        if (seen.what != sight::kind::told || mark_of(seen.body) != text.mark)
          continue;
        if (reader.hears_itself && reader.number == text.client) {
          heard_itself = true;
          continue;
        }
        ++times;
        const bool right = std::any_of(
            known.bearings.begin(), known.bearings.end(),
            [&](const bearing& each) { return each.client == reader.number && bears(each); });
        if (!right || seen.when < text.asked || seen.when > text.done)
          found.push_back(at(reader, seen.when) + "PRIVATE: text " + text.mark + " to " +
                          text.target + " is not for this reader, or not now");
      }
    const auto start = at(run.clients[text.client], text.asked) + "PRIVATE: text " + text.mark +
                       " to " + text.target;
    if (times > 1)
      found.push_back(start + " came " + std::to_string(times) + " times");
    if (text.refused && times > 0)
      found.push_back(start + " was refused and came");
    if (run.clients[text.client].hears_itself && text.done != never && text.refused == heard_itself)
      found.push_back(start + (heard_itself ? " was refused and came back" : " did not come back"));
    if (text.refused && surely_there)
      found.push_back(start + " was refused though somebody has that nick");
    if (!text.refused && text.done != never && times == 0 && !somebody_has_gone)
      found.push_back(start + " was lost");
  }
}

void check_farewells(const history& run, const account& known, findings& found) {
  for (const auto& news : known.farewells)
    for (const auto& reader : run.clients) {
      if (!reader.speaks->has_nicks() || reader.number == news.client || news.done == never)
        continue;
      const auto times = times_told(reader, news);
      if (times > same_farewells(known, news) ||
          (times == 0 && share_a_room(known, news, reader.number)))
        found.push_back(at(reader, news.done) + "FAREWELLS: was told " + std::to_string(times) +
                        " times that " + news.nick +
                        (news.new_nick.empty() ? " quits" : " is " + news.new_nick));
    }
}

std::string roster_difference(const account& known, const roster_seen& seen,
                              bool (*is_of_other_protocol)(const std::string& nick)) {
  std::set<std::string> expected;
  for (const auto& other : known.rosters)
    if (other.room == seen.room)
      expected.insert(folded_nick(known.nicks_in_the_end[other.client]));
  std::set<std::string> shown;
  for (const auto& nick : seen.nicks)
    if (!is_of_other_protocol(nick))
      shown.insert(nick);
  std::string difference;
  for (const auto& nick : expected)
    if (!shown.contains(nick))
      difference += " -" + nick;
  for (const auto& nick : shown)
    if (!expected.contains(nick))
      difference += " +" + nick;
  return difference;
}

void check_rosters(const history& run, const account& known, findings& found) {
  for (const auto& seen : known.rosters) {
    const auto difference = roster_difference(
        known, seen, [](const std::string& nick) { return nick.find('/') != std::string::npos; });
    if (!difference.empty())
      found.push_back(at(run.clients[seen.client], run.quiet) + "ROSTERS: sees in room " +
                      seen.room + difference);
  }
}

}  // namespace confab::simulation
