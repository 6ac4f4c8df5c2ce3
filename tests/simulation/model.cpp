#include "tests/simulation/model.hpp"

#include "tests/simulation/language.hpp"

#include <algorithm>

namespace confab::simulation {

findings judge(const history& run) {
  findings found;
  check_ends_of_output(run, found);
  const auto known = check_replies(run, found);
  // Without the right replies it is not known what the clients did.
  if (!found.empty())
    return found;
  check_deliveries(run, known, found);
  check_order(run, known, found);
  check_kept(run, known, found);
  check_replays(run, known, found);
  check_notices(run, known, found);
  check_existence(run, known, found);
  check_nicks(run, known, found);
  check_rules(run, known, found);
  check_entries(run, known, found);
  check_private_texts(run, known, found);
  check_farewells(run, known, found);
  check_rosters(run, known, found);
  check_bounds(run, known, found);
  check_endings(run, known, found);
  return found;
}

bool was_there(const stay& where, moment first, moment last) {
  return where.room_known && where.entered <= first && where.leaving > last;
}

std::string name_of(const record& who) {
  return "client " + std::to_string(who.number) + " (" + std::string{who.speaks->name()} + ")";
}

std::string folded_nick(std::string nick) {
  for (auto& byte : nick)
    if (byte >= 'A' && byte <= 'Z')
      byte = static_cast<char>(byte - 'A' + 'a');
  return nick;
}

std::optional<std::size_t> text_seen(const account& known, const sight& seen,
                                     const std::string& start, findings& found) {
  if (seen.what == sight::kind::garbage)
    found.push_back(start + "cannot read '" + seen.body + "'");
  if (seen.what != sight::kind::said)
    return std::nullopt;
  const auto text = known.text_of_mark.find(mark_of(seen.body));
  if (text != known.text_of_mark.end())
    return text->second;
  found.push_back(start + "nobody said '" + seen.body + "'");
  return std::nullopt;
}

bool may_have_nick(const history& run, const account& known, std::size_t client,
                   const std::string& nick) {
  const auto& speaks = *run.clients[client].speaks;
  if (!speaks.has_nicks())
    return nick.find('/' + std::string{speaks.family()}) != std::string::npos;
  return std::any_of(known.bearings.begin(), known.bearings.end(), [&](const bearing& name) {
    return name.client == client && folded_nick(name.nick) == folded_nick(nick);
  });
}

bool may_stay_silent(const history& run, const record& who, moment handed, bool logged_in) {
  const auto due = handed <= run.quiet ? run.quiet : never;
  const bool gone = who.hung_up != never && who.hung_up <= due;
  const bool too_late =
      !logged_in && has_passed(run.rules.login_deadline_seconds, who.seconds_when_admitted,
                               who.seconds_when_ending);
  const bool idle =
      run.rules.idle_seconds_max > 0 &&
      has_passed(run.rules.idle_seconds_max, who.seconds_when_active, who.seconds_when_ending);
  const auto silence_max = who.speaks->silence_seconds_max();
  const bool silent = silence_max > 0 && who.closed != never &&
                      has_passed(silence_max, who.seconds_when_heard, who.seconds_when_ending);
  return gone || was_cut(run.rules, who) || idle || silent || (who.closed != never && too_late);
}

}  // namespace confab::simulation
