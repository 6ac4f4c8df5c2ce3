#include "actors/registry.hpp"

#include "actors/model/case_mapping.hpp"
#include "actors/publishing.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include <caf/all.hpp>

namespace confab {

namespace {

/// How many rooms a page of their list holds.
constexpr std::size_t rooms_per_page = 256;

}  // namespace

registry_state::registry_state(self_pointer<registry_actor> self, registry_context context)
    : self_(self),
      context_(std::move(context)),
      run_(std::max(static_cast<std::uint64_t>(context_.now_ms()), context_.run_after + 1)) {}

void registry_state::join(join_request request) {
  const auto refuse = [&](refusal why) {
    self_->send(request.member.session, refuse_atom::value, why);
  };
  const auto room_name = name_of(request.room, request.folds_name);
  const bool exists = rooms_.contains(room_name);
  if (exists && request.mode == join_mode::must_not_exist)
    return refuse(refusal::room_exists);
  if (!exists && request.mode == join_mode::must_exist)
    return refuse(refusal::no_such_room);
  if (!exists && rooms_.size() >= context_.limits.rooms_max && !request.member.reply.elsewhere)
    return refuse(refusal::too_many_rooms);
  request.member.keeps_room |= request.mode == join_mode::must_not_exist;
  auto& to = find_or_make(room_name, request);
  to.kept |= request.member.keeps_room;
  ++to.sent;
  const auto from = rooms_.find(request.from);
  if (from != rooms_.end()) {
    // By way of the room it leaves: so it is out of the one before it is in the other, and neither
    // room can end while the member is on the way.
    request.member.leaves = from->second.room;
    if (from->second.room != to.room)
      ++from->second.sent;
  }
  self_->send(to.room, join_atom::value, std::move(request.member));
}

void registry_state::list(const session_actor& session, const std::string& behind) {
  room_page page;
  page.first = behind.empty();
  auto next = rooms_.upper_bound(behind);
  for (; next != rooms_.end() && page.rooms.size() < rooms_per_page; ++next) {
    page.rooms.push_back(next->second.summary);
    page.rooms.back().name = next->first;
  }
  page.last = next == rooms_.end();
  self_->send(session, list_atom::value, std::move(page));
}

void registry_state::say(const session_actor& session, event_batch& batch, receipt& reply) {
  const auto found = find(batch.room, true);
  if (found == rooms_.end()) {
    self_->send(session, refuse_atom::value, refusal::no_such_room, std::move(reply));
    return;
  }
  ++found->second.sent;
  self_->send(found->second.room, say_atom::value, session, std::move(batch), std::move(reply));
  self_->send(found->second.room, arrive_atom::value);
}

void registry_state::request(room_request wish) {
  const auto found = find(wish.room, wish.folds_name);
  if (found == rooms_.end()) {
    wish.reply.answer = refusal_of(refusal::no_such_room, std::move(wish.room));
    return send_receipt(self_, std::move(wish.reply));
  }
  ++found->second.sent;
  self_->send(found->second.room, request_atom::value, std::move(wish));
  self_->send(found->second.room, arrive_atom::value);
}

void registry_state::summarize(caf::actor_id room, room_summary summary) {
  const auto found = rooms_.find(summary.name);
  if (found != rooms_.end() && found->second.room.id() == room)
    found->second.summary = std::move(summary);
}

void registry_state::vacant(const std::string& room_name, caf::actor_id room,
                            std::size_t arrivals) {
  const auto found = rooms_.find(room_name);
  if (found == rooms_.end() || found->second.room.id() != room || found->second.sent != arrivals)
    return;  // Ended already, or somebody is on the way: it will say so again.
  if (found->second.kept)
    keep_vacant(room_name, found->second);
  else
    end(found);
}

void registry_state::tell_all_to(known_peer peer, sync_round round) {
  std::vector<std::string> names;
  names.reserve(rooms_.size());
  for (auto& [name, room] : rooms_) {
    names.push_back(name);
    ++room.sent;
    self_->send(room.room, sync_atom::value, peer, round);
  }
  self_->send(peer.actor, sync_atom::value, std::move(names), round);
  const auto is_it = [&](const known_peer& each) { return each.id == peer.id; };
  if (std::none_of(peers_.begin(), peers_.end(), is_it))
    peers_.push_back(std::move(peer));
}

void registry_state::forget_texts(const std::vector<removed_text>& texts) {
  for (const auto& each : texts)
    if (const auto found = rooms_.find(each.room); found != rooms_.end())
      self_->send(found->second.room, redact_atom::value, each.which, event_batch_ptr{});
}

void registry_state::merge(const room_record_ptr& there, const author& told_by) {
  if (const auto found = rooms_.find(there->room); found != rooms_.end()) {
    found->second.kept |= there->stays_when_vacant;
    ++found->second.sent;
    self_->send(found->second.room, merge_atom::value, there, told_by);
    return;
  }
  if (!there->stays_when_vacant)
    return;
  join_request nobody;
  nobody.room = there->room;
  nobody.member.keeps_room = true;
  auto& made = find_or_make(there->room, nobody);
  made.kept = true;
  keep_vacant(there->room, made);
}

registry_report registry_state::report() const {
  registry_report result;
  for (const auto& [room_name, room] : rooms_)
    ++result.rooms[room.made_by];
  result.vacant_kept_rooms = vacant_kept_.size();
  return result;
}

room_page registry_state::largest(std::size_t count) const {
  std::vector<table::const_iterator> found;
  found.reserve(rooms_.size());
  for (auto each = rooms_.begin(); each != rooms_.end(); ++each)
    found.push_back(each);
  const auto shown = std::min(count, found.size());
  const auto end = found.begin() + static_cast<std::ptrdiff_t>(shown);
  std::partial_sort(found.begin(), end, found.end(), [](const auto& one, const auto& other) {
    return std::tie(other->second.summary.members, one->first) <
           std::tie(one->second.summary.members, other->first);
  });
  room_page page{{}, true, shown == found.size()};
  for (auto each = found.begin(); each != end; ++each) {
    page.rooms.push_back((*each)->second.summary);
    page.rooms.back().name = (*each)->first;
  }
  return page;
}

void registry_state::close() {
  for (const auto& [room_name, room] : rooms_)
    self_->send(room.room, close_atom::value);
  rooms_.clear();
  by_folded_name_.clear();
}

/// Whether this is the lobby for those to whom the case of A-Z does not matter.
bool registry_state::means_lobby(const std::string& room_name) const {
  return same_name(room_name, context_.limits.lobby);
}

/// The name of the room that is meant. If the case of A-Z does not matter, that is the oldest room
/// that differs in nothing else; but the lobby is the lobby, whether there is one yet or not, so
/// nobody can stand in its place.
const std::string& registry_state::name_of(const std::string& room_name, bool folds_name) const {
  if (!folds_name)
    return room_name;
  if (means_lobby(room_name))
    return context_.limits.lobby;
  const auto found = by_folded_name_.find(folded(room_name));
  return found != by_folded_name_.end() ? found->second.front() : room_name;
}

registry_state::table::iterator registry_state::find(const std::string& room_name,
                                                     bool folds_name) {
  return rooms_.find(name_of(room_name, folds_name));
}

registry_state::row& registry_state::find_or_make(const std::string& room_name,
                                                  const join_request& request) {
  const auto [found, made] = rooms_.try_emplace(room_name);
  auto& room = found->second;
  if (made) {
    room_setup setup{.name = room_name,
                     .run = run_,
                     .number = ++rooms_made_ * context_.nodes + context_.node_number,
                     .nodes = context_.nodes,
                     .registry = handle_of<registry_actor>(self_),
                     .directory = context_.directory,
                     .archive = context_.archive,
                     .protects_topic = request.protects_topic,
                     .makes_operators = !means_lobby(room_name),
                     .replay_texts = context_.replay_texts,
                     .now_ms = context_.now_ms,
                     .rules = context_.limits.rules,
                     .stays_when_vacant = request.member.keeps_room,
                     .peers = peers_};
    room.room = context_.spawn_room(self_->system(), std::move(setup));
    room.made_by = request.member.who.from.gateway;
    by_folded_name_[folded(room_name)].push_back(room_name);
  }
  if (room.vacant) {
    room.vacant = false;
    std::erase(vacant_kept_, room_name);
  }
  return room;
}

void registry_state::keep_vacant(const std::string& room_name, row& room) {
  if (room.vacant)
    return;
  room.vacant = true;
  vacant_kept_.push_back(room_name);
  if (vacant_kept_.size() <= context_.limits.kept_vacant_max)
    return;
  const auto longest_vacant = std::move(vacant_kept_.front());
  vacant_kept_.pop_front();
  end(rooms_.find(longest_vacant));
}

void registry_state::end(table::iterator room) {
  self_->send(room->second.room, close_atom::value);
  const auto same = by_folded_name_.find(folded(room->first));
  std::erase(same->second, room->first);
  if (same->second.empty())
    by_folded_name_.erase(same);
  rooms_.erase(room);
}

}  // namespace confab
