// RULES and PRIVATE: what clauses of one node say, as far as several nodes promise it.

#include "tests/simulation/language.hpp"
#include "tests/simulation/model_nodes.hpp"

#include <algorithm>

namespace confab::simulation {

namespace {

std::string at(const record& who, moment when) {
  return name_of(who) + " at " + std::to_string(when) + ": ";
}

/// Whether the room may have been made, or have become empty, on two nodes at once. Then what holds
/// in the older of the two comes to hold in both, some time later.
bool may_have_been_two(const history& run, const account& known, const std::string& room,
                       moment last) {
  const auto at_once = [](moment begin, moment end, moment other_begin, moment other_end) {
    return begin <= other_end && other_begin <= end;
  };
  const auto node_of = [&run](const stay& each) { return run.clients[each.client].node; };
  return std::any_of(known.stays.begin(), known.stays.end(), [&](const stay& one) {
    return one.room == room && one.asked <= last &&
           std::any_of(known.stays.begin(), known.stays.end(), [&](const stay& other) {
             return other.room == room && node_of(other) != node_of(one) &&
                    (at_once(one.asked, one.entered, other.asked, other.entered) ||
                     (other.leaving != never &&
                      at_once(one.asked, one.entered, other.leaving, other.left)));
           });
  });
}

/// Nothing came from another node that could have changed the rule: neither what somebody did
/// there, however long ago, nor what a room looked like there when a link was made, or later.
bool is_left_alone(const history& run, const account& known, const ruling& rule, moment last) {
  const auto node = run.clients[rule.client].node;
  for (std::size_t other = 0; other < run.nodes.count; ++other)
    if (!was_telling(run, other, node, rule.asked, last))
      return false;
  if (may_have_been_two(run, known, rule.room, last))
    return false;
  const auto opposite = rule.change.starts_with("+l") ? "-l" : "-" + rule.change.substr(1);
  return std::none_of(known.rulings.begin(), known.rulings.end(), [&](const ruling& each) {
    return run.clients[each.client].node != node && each.change == opposite && each.asked <= last;
  });
}

/// How many are in a room, each node counts as far as it knows.
bool counts_members(const ruling& rule) {
  return rule.change.starts_with("+l");
}

void check_rule(const history& run, const account& known, const ruling& rule, findings& found) {
  const auto node = run.clients[rule.client].node;
  for (const auto& text : known.texts)
    if (text.done != never && text.room_known && run.clients[text.client].node == node &&
        must_refuse(run, known, rule, text) && is_left_alone(run, known, rule, text.done))
      found.push_back(at(run.clients[text.client], text.asked) + "RULES: said text '" +
                      std::string{mark_of(text.text)} + "' though the room is " + rule.change +
                      " since " + std::to_string(rule.told));
  for (const auto& where : known.stays)
    if (where.entered != never && where.room_known && run.clients[where.client].node == node &&
        must_keep_out(run, known, rule, where) && is_left_alone(run, known, rule, where.entered))
      found.push_back(at(run.clients[where.client], where.asked) + "RULES: came into room " +
                      where.room + " though it is " + rule.change + " since " +
                      std::to_string(rule.told));
}

// -- private texts ------------------------------------------------------------

std::string base_of(const std::string& nick) {
  return folded_nick(nick.substr(0, nick.find('/')));
}

/// Of two clients with one nick, one has another one on some nodes.
bool may_be_meant(const account& known, std::size_t reader, const private_text& text) {
  return std::any_of(known.bearings.begin(), known.bearings.end(), [&](const bearing& each) {
    return each.client == reader && base_of(each.nick) == base_of(text.target);
  });
}

/// Somebody whom nobody else can be taken for had the nick all the time, on a node that was told;
/// and its own node has told since before: else the author's one may know it from an earlier link,
/// as one that is about to leave.
bool must_come(const history& run, const account& known, const private_text& text,
               const std::map<std::size_t, std::string>& lasting) {
  const auto from = run.clients[text.client].node;
  return std::any_of(known.bearings.begin(), known.bearings.end(), [&](const bearing& each) {
    const auto nick = lasting.find(each.client);
    const auto node = run.clients[each.client].node;
    return each.client != text.client && nick != lasting.end() &&
           nick->second == folded_nick(text.target) && each.taken <= text.asked &&
           each.losing > text.done && was_telling(run, from, node, text.asked, text.done) &&
           was_telling(run, node, from, each.taken, text.done) &&
           std::min(run.clients[each.client].hung_up, run.clients[each.client].ending) > text.done;
  });
}

void check_private_text(const history& run, const account& known, const private_text& text,
                        const std::map<std::size_t, std::string>& lasting, findings& found) {
  std::size_t times = 0;
  const auto start = "PRIVATE: text " + text.mark + " to " + text.target;
  for (const auto& reader : run.clients)
    for (const auto& seen : reader.sights) {
      if (seen.what != sight::kind::told || mark_of(seen.body) != text.mark ||
          (reader.hears_itself && reader.number == text.client))
        continue;
      ++times;
      if (!may_be_meant(known, reader.number, text) || seen.when < text.asked)
        found.push_back(at(reader, seen.when) + start + " is not for this reader, or not now");
    }
  const auto who = at(run.clients[text.client], text.asked);
  if (times > 1)
    found.push_back(who + start + " came " + std::to_string(times) + " times");
  if (text.refused && times > 0)
    found.push_back(who + start + " was refused and came");
  if (!text.refused && text.done != never && times == 0 && must_come(run, known, text, lasting))
    found.push_back(who + start + " was lost");
}

}  // namespace

void check_rules_of_nodes(const history& run, const account& known, findings& found) {
  for (const auto& rule : known.rulings)
    if (rule.what == meaning::rule && !counts_members(rule))
      check_rule(run, known, rule, found);
}

void check_private_texts_of_nodes(const history& run, const account& known, findings& found) {
  const auto lasting = lasting_nicks(run, known);
  for (const auto& text : known.private_texts)
    check_private_text(run, known, text, lasting, found);
}

}  // namespace confab::simulation
