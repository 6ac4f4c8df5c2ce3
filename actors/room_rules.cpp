#include "actors/room_rules.hpp"

#include "actors/model/case_mapping.hpp"
#include "actors/model/mask.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <iterator>
#include <numeric>
#include <system_error>
#include <utility>

namespace confab {
namespace {

/// The letters of each kind, in the order of CHANMODES.
constexpr std::string_view list_letters = "beI";
constexpr std::string_view flag_letters = "Cimnst";

/// The letters that `may_speak` looks at.
constexpr std::string_view speaking_letters = "bemn";

constexpr char ctcp_mark = '\x01';

bool is_one_of(std::string_view letters, char letter) {
  return letters.find(letter) != std::string_view::npos;
}

std::string_view ctcp_word(std::string_view text) {
  text.remove_prefix(1);
  return text.substr(0, text.find_first_of(" \x01"));
}

/// Whether this is a message from program to program; `/me` is not.
bool is_forbidden_ctcp(std::string_view text) {
  return text.starts_with(ctcp_mark) && !same_name(ctcp_word(text), "ACTION");
}

bool matches_any(const std::vector<list_entry>& masks, std::string_view whom) {
  return std::any_of(masks.begin(), masks.end(),
                     [whom](const list_entry& each) { return matches(each.mask, whom); });
}

/// 0 if this is no number.
std::size_t parsed_limit(std::string_view text) {
  std::size_t result = 0;
  const auto* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, result);
  return error == std::errc{} && stopped == end ? result : 0;
}

}  // namespace

room_rules::room_rules(bool protects_topic, room_rule_limits limits)
    : protects_topic_(protects_topic), limits_(limits), flags_(protects_topic ? "nt" : "n") {}

void room_rules::reset() {
  const auto before = version_;
  *this = room_rules{protects_topic_, limits_};
  version_ = before + 1;
}

std::optional<refusal> room_rules::may_enter(const author& who, std::string_view key,
                                             std::size_t members) const {
  if (who.who->server_operator)
    return std::nullopt;
  if (!key_.empty() && key != key_)
    return refusal::wrong_key;
  if (is_invited(who.from))
    return std::nullopt;
  if (has('i') && !matches_any(list('I'), hostmask(*who.who)))
    return refusal::invite_only;
  if (is_banned(who))
    return refusal::banned;
  if (members_max_ != 0 && members >= members_max_)
    return refusal::room_full;
  return std::nullopt;
}

std::optional<refusal> room_rules::may_speak(const author& who, const room_part& part) const {
  if (who.who->server_operator)
    return std::nullopt;
  if (!part.inside && has('n'))
    return refusal::not_in_room;
  const bool has_part = part.inside && (part.room_operator || part.has_voice);
  if (!has_part && (has('m') || is_banned(who)))
    return refusal::may_not_speak;
  return std::nullopt;
}

std::optional<refusal> room_rules::may_say(const author& who, std::string_view text) const {
  if (!who.who->server_operator && has('C') && is_forbidden_ctcp(text))
    return refusal::may_not_speak;
  return std::nullopt;
}

bool room_rules::has(char letter) const {
  if (letter == 'k')
    return !key_.empty();
  if (letter == 'l')
    return members_max_ != 0;
  return is_one_of(flags_, letter);
}

room_rules::made room_rules::apply(mode_change& change, std::string_view set_by,
                                   std::int64_t now_ms) {
  made result;
  if (is_one_of(list_letters, change.letter))
    result = change.add ? add_to_list(change, set_by, now_ms) : made{remove_from_list(change)};
  else if (change.letter == 'k')
    result.changed = apply_key(change);
  else if (change.letter == 'l')
    result.changed = apply_limit(change);
  else
    result.changed = apply_flag(change);
  if (result.changed && is_one_of(speaking_letters, change.letter))
    ++version_;
  return result;
}

std::vector<mode_change> room_rules::modes() const {
  std::vector<mode_change> result;
  if (has('k'))
    result.push_back({true, 'k', key_});
  if (has('l'))
    result.push_back({true, 'l', std::to_string(members_max_)});
  for (const char letter : flags_)
    result.push_back({true, letter, {}});
  return result;
}

const std::vector<list_entry>& room_rules::list(char letter) const {
  const auto index = list_letters.find(letter);
  assert(index < lists_.size());
  return lists_[index];
}

bool room_rules::set_topic(std::string topic, std::string set_by, std::int64_t now_ms) {
  if (topic == topic_)
    return false;
  topic_ = std::move(topic);
  topic_by_ = std::move(set_by);
  topic_ms_ = now_ms;
  return true;
}

void room_rules::invite(const client_id& whom) {
  use_invitation(whom);  // It becomes the newest.
  invitations_.push_back(whom);
  if (invitations_.size() > limits_.pending_invitations_max)
    invitations_.pop_front();
}

bool room_rules::is_invited(const client_id& whom) const {
  return std::find(invitations_.begin(), invitations_.end(), whom) != invitations_.end();
}

void room_rules::use_invitation(const client_id& whom) {
  std::erase(invitations_, whom);
}

bool room_rules::is_banned(const author& who) const {
  if (list('b').empty())
    return false;
  const auto whom = hostmask(*who.who);
  return matches_any(list('b'), whom) && !matches_any(list('e'), whom);
}

std::vector<list_entry>& room_rules::list_of(char letter) {
  const auto index = list_letters.find(letter);
  assert(index < lists_.size());
  return lists_[index];
}

std::size_t room_rules::list_entries() const {
  return std::accumulate(
      lists_.begin(), lists_.end(), std::size_t{0},
      [](std::size_t sum, const std::vector<list_entry>& each) { return sum + each.size(); });
}

room_rules::made room_rules::add_to_list(const mode_change& change, std::string_view set_by,
                                         std::int64_t now_ms) {
  auto& entries = list_of(change.letter);
  const bool known = std::any_of(entries.begin(), entries.end(), [&change](const list_entry& each) {
    return same_name(each.mask, change.parameter);
  });
  if (known || change.parameter.empty())
    return {};
  if (list_entries() >= limits_.list_entries_max)
    return {false, refusal::list_full};
  entries.push_back({change.parameter, std::string{set_by}, now_ms});
  return {true};
}

bool room_rules::remove_from_list(mode_change& change) {
  auto& entries = list_of(change.letter);
  const auto found = std::find_if(
      entries.begin(), entries.end(),
      [&change](const list_entry& each) { return same_name(each.mask, change.parameter); });
  if (found == entries.end())
    return false;
  change.parameter = std::move(found->mask);
  entries.erase(found);
  return true;
}

bool room_rules::apply_key(mode_change& change) {
  if (!change.add)
    change.parameter.clear();  // Whatever it was: it need not be told.
  else if (change.parameter.empty())
    return false;
  return std::exchange(key_, change.parameter) != change.parameter;
}

bool room_rules::apply_limit(mode_change& change) {
  const auto wanted = change.add ? parsed_limit(change.parameter) : 0;
  if (change.add && wanted == 0)
    return false;
  change.parameter = change.add ? std::to_string(wanted) : "";
  return std::exchange(members_max_, wanted) != wanted;
}

bool room_rules::apply_flag(mode_change& change) {
  if (!is_one_of(flag_letters, change.letter) || has(change.letter) == change.add)
    return false;
  change.parameter.clear();
  if (change.add)
    flags_.insert(std::lower_bound(flags_.begin(), flags_.end(), change.letter), change.letter);
  else
    std::erase(flags_, change.letter);
  return true;
}

}  // namespace confab
