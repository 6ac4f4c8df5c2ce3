#include "actors/cluster/peer_link.hpp"

#include "actors/cluster/told_name.hpp"

#include <algorithm>
#include <iterator>
#include <type_traits>
#include <utility>

namespace confab {

namespace {

/// What the news are besides their strings.
constexpr std::size_t frame_bytes = 128;

std::size_t cost_of_identity(const identity& who) {
  return sizeof(identity) + who.name.size() + who.nick.size() + who.real_name.size() +
         who.away.size() + who.host.size();
}

struct event_cost {
  std::size_t operator()(const said& what) const {
    return what.text.size() + (what.tags ? what.tags->size() : 0);
  }
  std::size_t operator()(const left& what) const { return what.reason.size(); }
  std::size_t operator()(const kicked& what) const { return what.reason.size(); }
  std::size_t operator()(const topic_set& what) const { return what.topic.size(); }
  std::size_t operator()(const modes_set& what) const {
    std::size_t result = 0;
    for (const auto& each : what.changes)
      result += frame_bytes + each.parameter.size();
    return result;
  }
  template <class Other>
  std::size_t operator()(const Other&) const {
    return 0;
  }
};

std::size_t cost_of_events(const std::vector<event>& events) {
  std::size_t result = 0;
  for (const auto& each : events)
    result += sizeof(event) + std::visit(event_cost{}, each);
  return result;
}

struct news_cost {
  std::size_t operator()(const client_came& what) const { return cost_of_identity(what.who); }
  std::size_t operator()(const client_changed& what) const { return cost_of_identity(what.who); }
  std::size_t operator()(const client_went& what) const { return what.reason.size(); }
  std::size_t operator()(const room_news& what) const {
    return what.room.size() + cost_of_events(what.events);
  }
  std::size_t operator()(const private_news& what) const { return cost_of_events(what.events); }
  std::size_t operator()(const kill_news& what) const { return what.words.size(); }
  std::size_t operator()(const room_record& what) const {
    std::size_t result = what.room.size() + what.topic.size() +
                         what.members.size() * sizeof(room_part_record) +
                         what.modes.size() * frame_bytes;
    for (const auto& each : what.masks)
      result += sizeof(mask_record) + each.mask.size() + each.set_by.size();
    return result;
  }
  std::size_t operator()(const in_step&) const { return 0; }
};

}  // namespace

std::size_t cost_of(const cluster_news& news) {
  return frame_bytes + std::visit(news_cost{}, news);
}

bool is_departure(const cluster_news& news) {
  if (const auto* in_room = std::get_if<room_news>(&news)) {
    const auto* what =
        in_room->events.size() == 1 ? std::get_if<left>(&in_room->events.front()) : nullptr;
    return what != nullptr && what->quits;
  }
  return std::holds_alternative<client_went>(news);
}

peer_link::peer_link(link_settings settings) : settings_(std::move(settings)) {}

link_steps peer_link::connect() {
  link_steps steps;
  lose(steps);
  connected_ = true;
  hellos_ = 0;
  begin(steps);
  return steps;
}

link_steps peer_link::disconnect() {
  link_steps steps;
  lose(steps);
  connected_ = false;
  return steps;
}

link_steps peer_link::restart(std::string why) {
  link_steps steps;
  if (connected_)
    break_off(steps, std::move(why));
  return steps;
}

link_steps peer_link::tick() {
  link_steps steps;
  has_objected_ = false;
  if (!connected_)
    return steps;
  if (!up_)
    greet_again(steps);
  else if (auto why = what_takes_too_long(); !why.empty())
    break_off(steps, std::move(why));
  else if (quiet_ticks_ > 0)
    steps.to_send.push_back(hello());  // If it believes in another establishment, a new one begins.
  return steps;
}

void peer_link::greet_again(link_steps& steps) {
  steps.to_send.push_back(hello());
  if (++hellos_ <= settings_.patience.unanswered)
    return;
  hellos_ = 0;
  steps.broken = true;
  steps.why = "it does not answer";
}

/// What comes late because there is much of it does come, and what comes counts. A counterpart that
/// has much to do says again what it has taken. Nothing for this epoch comes from another process
/// that goes by the name of the counterpart.
std::string peer_link::what_takes_too_long() {
  const auto& patience = settings_.patience;
  const bool is_in_step = in_step_ != 0 && taken_ >= in_step_;
  quiet_ticks_ = std::exchange(heard_, false) || costs_.empty() ? 0 : quiet_ticks_ + 1;
  if (quiet_ticks_ > (is_in_step ? patience.quiet : patience.quiet_at_first))
    return "nothing has come from it for " + std::to_string(quiet_ticks_ - 1) +
           " s, although it was told something";
  if (!is_in_step)
    return {};
  added_at_ticks_.push_back(added_);
  if (added_at_ticks_.size() <= patience.under_way)
    return {};
  const auto oldest = added_at_ticks_.front();
  added_at_ticks_.pop_front();
  if (taken_ >= oldest)
    return {};
  return "what it was told " + std::to_string(patience.under_way) +
         " s ago has not reached its readers";
}

link_steps peer_link::receive(wire_message message) {
  link_steps steps;
  if (connected_)
    std::visit([&](auto& each) { receive(each, steps); }, message.what);
  return steps;
}

std::uint64_t peer_link::add(cluster_news news) {
  costs_.push_back({cost_of(news), in_step_ != 0 && !is_departure(news)});
  bytes_under_way_ += costs_.back().bytes;
  on_credit_ += costs_.back().needs_credit ? costs_.back().bytes : 0;
  ++added_;
  if (in_step_ == 0 && std::holds_alternative<in_step>(news))
    in_step_ = added_;
  waiting_.push_back(std::move(news));
  return added_;
}

link_steps peer_link::flush() {
  link_steps steps;
  if (!up_ || waiting_.empty())
    return steps;
  if (on_credit_ > settings_.credit_bytes)
    return restart("it is too slow: more than " + std::to_string(settings_.credit_bytes) +
                   " bytes of news are on their way");
  auto first = added_ - waiting_.size() + 1;
  for (std::size_t sent = 0; sent < waiting_.size();) {
    const auto count = next_count(sent);
    const auto begin = waiting_.begin() + static_cast<std::ptrdiff_t>(sent);
    steps.to_send.push_back(
        {wire_news{yours_,
                   first,
                   {std::make_move_iterator(begin),
                    std::make_move_iterator(begin + static_cast<std::ptrdiff_t>(count))}}});
    sent += count;
    first += count;
  }
  waiting_.clear();
  return steps;
}

link_steps peer_link::take(std::uint64_t up_to) {
  link_steps steps;
  if (connected_ && yours_ != 0)
    steps.to_send.push_back({wire_taken{yours_, up_to}});
  return steps;
}

/// How many of those that wait go into one message, from this one on.
std::size_t peer_link::next_count(std::size_t sent) const {
  const auto costs = costs_.end() - static_cast<std::ptrdiff_t>(waiting_.size() - sent);
  std::size_t count = 0;
  std::size_t bytes = 0;
  while (sent + count < waiting_.size() && count < settings_.news_each_max) {
    bytes += costs[static_cast<std::ptrdiff_t>(count)].bytes;
    if (count > 0 && bytes > settings_.bytes_each_max)
      break;
    ++count;
  }
  return count;
}

/// Whatever was on its way is of no link any more.
void peer_link::lose(link_steps& steps) {
  steps.lost = steps.lost || is_used();
  up_ = false;
  added_ = taken_ = received_ = 0;
  waiting_.clear();
  costs_.clear();
  bytes_under_way_ = on_credit_ = 0;
  in_step_ = 0;
  heard_ = false;
  quiet_ticks_ = 0;
  added_at_ticks_.clear();
}

/// The counterpart did what no counterpart does, or does nothing at all.
void peer_link::break_off(link_steps& steps, std::string why) {
  lose(steps);
  steps.broken = true;
  steps.why = std::move(why);
  begin(steps);
}

/// A new establishment, of which the counterpart does not know yet.
void peer_link::begin(link_steps& steps) {
  previous_ = mine_;
  mine_ = settings_.next_epoch();
  yours_ = 0;
  steps.to_send.push_back(hello());
}

wire_message peer_link::hello() const {
  return {wire_hello{settings_.own_node, wire_version, mine_}};
}

/// The counterpart has begun anew, or says again that it has. Whoever is not welcome yet says hello
/// again, behind the welcome: its own hello may have come there before the connection was known.
void peer_link::receive(const wire_hello& from, link_steps& steps) {
  if (from.node != settings_.other_node) {
    steps.broken = true;
    steps.why = "node " + told_name(from.node) + " speaks in its place";
  }
  if (from.node != settings_.other_node || from.mine == 0)
    return;
  const bool is_new = from.mine != yours_;
  if (is_used() && is_new) {
    lose(steps);
    begin(steps);
  }
  yours_ = from.mine;
  other_version_ = from.version;
  steps.to_send.push_back({wire_welcome{settings_.own_node, wire_version, mine_, yours_}});
  if (!up_ && is_new)
    steps.to_send.push_back(hello());  // The first one may have come before there was anybody.
}

void peer_link::receive(const wire_welcome& from, link_steps& steps) {
  if (up_ || from.node != settings_.other_node || from.yours != mine_ || from.mine == 0)
    return;
  if (yours_ != 0 && from.mine != yours_) {
    // The hello or this is late, and it cannot be told which: the next establishment can.
    lose(steps);
    begin(steps);
    return;
  }
  yours_ = from.mine;
  other_version_ = from.version;
  up_ = true;
  hellos_ = 0;
  steps.established = true;
}

/// Whoever means neither this establishment nor the one before it believes in one that is not: it
/// hears hello, once a tick at most. If it knows this one after all, its welcome ends that.
bool peer_link::is_for_this_one(link_epoch epoch, link_steps& steps) {
  if (epoch == mine_)
    return heard_ = true;
  if (up_ && epoch != previous_ && !std::exchange(has_objected_, true))
    steps.to_send.push_back(hello());
  return false;
}

void peer_link::receive(wire_news& from, link_steps& steps) {
  if (!is_for_this_one(from.yours, steps) || from.news.empty())
    return;
  if (from.first + from.news.size() <= received_ + 1)
    return;  // It came before.
  if (from.first != received_ + 1) {
    break_off(steps, "some of what it has told is missing");
    return;
  }
  steps.first_news = from.first;
  steps.news = std::move(from.news);
  received_ += steps.news.size();
}

void peer_link::receive(const wire_taken& from, link_steps& steps) {
  if (!is_for_this_one(from.yours, steps) || !up_ || from.up_to <= taken_)
    return;
  if (from.up_to > added_ - waiting_.size()) {
    break_off(steps, "it has taken what it was never told");
    return;
  }
  for (; taken_ < from.up_to; costs_.pop_front()) {
    ++taken_;
    bytes_under_way_ -= costs_.front().bytes;
    on_credit_ -= costs_.front().needs_credit ? costs_.front().bytes : 0;
  }
  steps.taken_up_to = taken_;
}

// Questions and answers have no place among the news: whoever asks waits for one answer at a time.
// As with news, the counterpart may know earlier than this side that the link is up.
void peer_link::receive(wire_question& from, link_steps& steps) {
  if (is_for_this_one(from.yours, steps))
    steps.question = std::move(from);
}

void peer_link::receive(wire_answer& from, link_steps& steps) {
  if (is_for_this_one(from.yours, steps) && up_)
    steps.answer = std::move(from);
}

}  // namespace confab
