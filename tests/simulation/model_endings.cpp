#include "tests/simulation/language.hpp"
#include "tests/simulation/model.hpp"

#include <algorithm>

namespace confab::simulation {

namespace {

/// The server looks at its deadlines once a second.
constexpr double clock_grace_seconds = 2;

/// The server may have ended a connection since its client said nothing.
bool was_silent(const record& who) {
  const auto seconds_max = who.speaks->silence_seconds_max();
  return seconds_max > 0 &&
         has_passed(seconds_max, who.seconds_when_heard, who.seconds_when_ending);
}

/// Where operators rule, somebody may have been put out, and its connection ended with that.
bool may_have_been_put_out(const account& known, const record& who) {
  return who.speaks->ends_where_refused() &&
         std::any_of(known.rulings.begin(), known.rulings.end(), [&](const ruling& each) {
           return each.what == meaning::kick && each.asked <= who.ending &&
                  each.target.find('/' + std::string{who.speaks->family()}) != std::string::npos;
         });
}

/// The connection had to end, or might.
bool had_reason(const history& run, const account& known, const record& who) {
  const bool by_client = who.hung_up <= who.ending || who.input_ended <= who.ending;
  const bool never_named = !known.logged_in[who.number] &&
                           has_passed(run.rules.login_deadline_seconds, who.seconds_when_admitted,
                                      who.seconds_when_ending);
  const bool line_too_long =
      who.torn < who.requests.size() && who.requests[who.torn].too_long && !who.speaks->refusal();
  const bool lobby_refused = known.lobby_refused[who.number] || may_have_been_put_out(known, who);
  const bool idle =
      (run.rules.idle_seconds_max > 0 &&
       has_passed(run.rules.idle_seconds_max, who.seconds_when_active, who.seconds_when_ending)) ||
      was_silent(who);
  const bool shut_down = (run.server_shut_down && who.ending > run.quiet) ||
                         who.ending >= std::min(who.node_ends, who.node_killed);
  return by_client || known.over[who.number] || was_cut(run.rules, who) || never_named || idle ||
         line_too_long || lobby_refused || shut_down;
}

void check_ending(const history& run, const account& known, const record& who, findings& found) {
  if (who.ending != never && !had_reason(run, known, who))
    found.push_back(name_of(who) + " was closed at " + std::to_string(who.ending) +
                    " for no reason");
  const bool overdue = run.seconds_when_quiet > who.seconds_when_admitted + clock_grace_seconds +
                                                    run.rules.login_deadline_seconds;
  if (!run.server_shut_down && who.ending > run.quiet && who.hung_up > run.quiet &&
      !known.logged_in[who.number] && overdue)
    found.push_back(name_of(who) + " never logged in and is still there");
  const bool heard_out =
      who.closed != never && who.hung_up > who.closed && !was_cut(run.rules, who);
  if (heard_out && who.always_read && who.backlog_when_closed > 0)
    found.push_back(name_of(who) + " lost " + std::to_string(who.backlog_when_closed) +
                    " bytes at the end though it was reading");
}

}  // namespace

void check_endings(const history& run, const account& known, findings& found) {
  for (const auto& who : run.clients)
    if (who.admitted != never)
      check_ending(run, known, who, found);
}

void check_ends_of_output(const history& run, findings& found) {
  for (const auto& who : run.clients)
    if (who.late_output > 0)
      found.push_back(name_of(who) + ": " + std::to_string(who.late_output) +
                      " bytes were written after the end of its output");
}

}  // namespace confab::simulation
