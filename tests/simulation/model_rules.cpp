// What operators forbid, nobody does, whatever its protocol.

#include "tests/simulation/language.hpp"
#include "tests/simulation/model.hpp"

#include <algorithm>
#include <set>

namespace confab::simulation {

namespace {

std::string at(const record& who, moment when) {
  return name_of(who) + " at " + std::to_string(when) + ": ";
}

bool forbids_texts(const ruling& rule) {
  return rule.what == meaning::rule && (rule.change == "+m" || rule.change == "+b *!*@*");
}

/// Whether somebody may have taken the rule back by then.
bool may_be_over(const account& known, const ruling& rule, moment last) {
  const auto opposite = rule.change.starts_with("+l") ? "-l" : "-" + rule.change.substr(1);
  return std::any_of(known.rulings.begin(), known.rulings.end(), [&](const ruling& each) {
    return each.room == rule.room && each.change == opposite && each.asked <= last &&
           each.told >= rule.asked;
  });
}

/// Whether this client may have been made operator, or given voice.
bool may_have_part(const history& run, const account& known, std::size_t client, moment last) {
  return std::any_of(known.rulings.begin(), known.rulings.end(), [&](const ruling& each) {
    const bool gives = each.change.starts_with("+o") || each.change.starts_with("+v");
    return gives && each.asked <= last && may_have_nick(run, known, client, each.target);
  });
}

// -- coming in ----------------------------------------------------------------

/// A limit of members that plans have.
constexpr std::size_t members_max = 2;

bool may_be_invited(const history& run, const account& known, const stay& where) {
  return std::any_of(known.invitations.begin(), known.invitations.end(),
                     [&](const invitation& each) {
                       return each.room == where.room && each.asked <= where.entered &&
                              may_have_nick(run, known, where.client, each.target);
                     });
}

/// Who is in a room already may ask to come in again.
bool may_be_inside_already(const account& known, const stay& where) {
  return std::any_of(known.stays.begin(), known.stays.end(), [&](const stay& other) {
    return &other != &where && other.client == where.client && other.room == where.room &&
           other.asked <= where.entered && other.left >= where.asked;
  });
}

/// As many others as there may be were there all the time.
bool is_full(const account& known, const stay& where) {
  std::set<std::size_t> others;
  for (const auto& other : known.stays)
    if (other.client != where.client && other.room == where.room &&
        was_there(other, where.asked, where.entered))
      others.insert(other.client);
  return others.size() >= members_max;
}

bool keeps_out(const history& run, const account& known, const ruling& rule, const stay& where) {
  if (rule.what != meaning::rule)
    return false;
  if (rule.change.starts_with("+k"))
    return !where.has_key;
  const bool holds = rule.change == "+i" || rule.change == "+b *!*@*" ||
                     (rule.change.starts_with("+l") && is_full(known, where));
  return holds && !may_be_invited(run, known, where);
}

}  // namespace

/// The rule held all the time while this was said by somebody whom it concerns: who set it was
/// there before the author came, so the author did not found the room, and until the text was
/// answered, so the room has not begun anew.
bool must_refuse(const history& run, const account& known, const ruling& rule,
                 const utterance& text) {
  if (!forbids_texts(rule) || rule.room != text.room || rule.told > text.asked ||
      rule.client == text.client || may_be_over(known, rule, text.done) ||
      may_have_part(run, known, text.client, text.done))
    return false;
  return std::any_of(known.stays.begin(), known.stays.end(), [&](const stay& setter) {
    if (setter.client != rule.client || setter.room != rule.room ||
        !was_there(setter, rule.asked, text.done))
      return false;
    return std::any_of(known.stays.begin(), known.stays.end(), [&](const stay& author) {
      return author.client == text.client && author.room == text.room &&
             author.asked >= setter.entered && author.asked <= text.asked &&
             author.left >= text.asked;
    });
  });
}

/// The rule held all the time while somebody came in whom it concerns; who set it was there, so the
/// room has not begun anew.
bool must_keep_out(const history& run, const account& known, const ruling& rule,
                   const stay& where) {
  if (rule.room != where.room || rule.told > where.asked || rule.client == where.client ||
      !keeps_out(run, known, rule, where) || may_be_over(known, rule, where.entered) ||
      may_be_inside_already(known, where))
    return false;
  return std::any_of(known.stays.begin(), known.stays.end(), [&](const stay& setter) {
    return setter.client == rule.client && setter.room == rule.room &&
           was_there(setter, rule.asked, where.entered);
  });
}

void check_rules(const history& run, const account& known, findings& found) {
  for (const auto& text : known.texts)
    for (const auto& rule : known.rulings)
      if (text.done != never && must_refuse(run, known, rule, text))
        found.push_back(at(run.clients[text.client], text.asked) + "RULES: said text '" +
                        std::string{mark_of(text.text)} + "' though the room is " + rule.change +
                        " since " + std::to_string(rule.told));
}

void check_entries(const history& run, const account& known, findings& found) {
  for (const auto& where : known.stays)
    for (const auto& rule : known.rulings)
      if (where.entered != never && where.room_known && must_keep_out(run, known, rule, where))
        found.push_back(at(run.clients[where.client], where.asked) + "RULES: came into room " +
                        where.room + " though it is " + rule.change + " since " +
                        std::to_string(rule.told));
}

}  // namespace confab::simulation
