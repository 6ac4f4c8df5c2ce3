#include "tests/simulation/cables.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <caf/all.hpp>

namespace confab::simulation {

namespace {

/// What was on its way when a cable was cut arrives all the same, in so many of 100 cases.
constexpr std::size_t straggler_percent = 90;

/// What is late comes before what is not, in so many.
constexpr std::size_t late_first_percent = 10;

/// A question that is not answered for so long may be asked again.
constexpr double seconds_to_give_up = 50;

/// As many are kept.
constexpr std::size_t stragglers_max = 30;

const char* word_for(const wire_message& message) {
  struct namer {
    const char* operator()(const wire_hello&) const { return "hello"; }
    const char* operator()(const wire_welcome&) const { return "welcome"; }
    const char* operator()(const wire_news&) const { return "news"; }
    const char* operator()(const wire_taken&) const { return "taken"; }
    const char* operator()(const wire_question&) const { return "question"; }
    const char* operator()(const wire_answer&) const { return "answer"; }
  };
  return std::visit(namer{}, message.what);
}

std::string way(std::size_t from, std::size_t to) {
  return cables::name_of(from) + "->" + cables::name_of(to);
}

}  // namespace

void cables::add(std::size_t from, std::size_t to, peer_actor peer, wire_actor end) {
  auto& of = line(from, to);
  of.peer = std::move(peer);
  of.end = std::move(end);
}

link_epoch cables::next_epoch(std::size_t from, std::size_t to) {
  auto& of = line(from, to);
  end_telling(of);
  of.epoch = ++epochs_;
  ++of.beginnings;
  of.question = 0;
  line(to, from).arrivals = 0;
  return of.epoch;
}

void cables::take(std::size_t from, std::size_t to, wire_message message) {
  auto& of = line(from, to);
  if (!of.connected)
    return;
  if (const auto* hello = std::get_if<wire_hello>(&message.what))
    of.sent_epoch = hello->mine;
  if (const auto* news = std::get_if<wire_news>(&message.what))
    note_sent(from, to, *news);
  if (const auto* question = std::get_if<wire_question>(&message.what))
    note_asked(from, to, *question);
  if (const auto* answer = std::get_if<wire_answer>(&message.what))
    if (const auto* part = std::get_if<kept_part>(&answer->what))
      if (part->events.size() + part->removed.size() > events_each_max_)
        find("PIECES: " + way(from, to) + " tells " +
             std::to_string(part->events.size() + part->removed.size()) +
             " events at once, more than " + std::to_string(events_each_max_));
  of.queue.push_back(std::move(message));
}

/// From then on the other node is told of all that happens.
void cables::note_sent(std::size_t from, std::size_t to, const wire_news& news) {
  auto& of = line(from, to);
  if (news.first == 1) {
    of.costs.clear();
    of.bytes = 0;
    of.next_number = 1;
    of.is_in_step = false;
  }
  if (news.first != of.next_number || of.sent_epoch != of.epoch || news.yours != epoch_of(to, from))
    return;  // Sent before it has begun anew; or the other one has, and does not take it.
  for (const auto& each : news.news) {
    const auto number = of.next_number++;
    if (of.is_in_step && !is_departure(each)) {
      of.costs.emplace_back(number, cost_of(each));
      of.bytes += of.costs.back().second;
    }
    if (!of.is_in_step && std::holds_alternative<in_step>(each) && !is_gone_[to]) {
      of.is_in_step = true;
      tellings_.push_back({from, to, now_, never});
      of.telling = tellings_.size();
    }
  }
  if (of.bytes > credit_bytes_)
    find("CREDIT: " + way(from, to) + " has " + std::to_string(of.bytes) +
         " bytes on their way, more than " + std::to_string(credit_bytes_));
}

void cables::find(const std::string& what) {
  if (finding_.empty())
    finding_ = what;
}

void cables::note_asked(std::size_t from, std::size_t to, const wire_question& question) {
  auto& of = line(from, to);
  if (question.yours != epoch_of(to, from) || of.sent_epoch != of.epoch)
    return;  // Sent before one of the two has begun anew.
  if (of.question != 0 && seconds_ < of.asked_seconds + seconds_to_give_up)
    find("PIECES: " + way(from, to) + " asks question " + std::to_string(question.number) +
         " though question " + std::to_string(of.question) + " is not answered");
  of.question = question.number;
  of.asked_seconds = seconds_;
}

void cables::note_answered(std::size_t from, std::size_t to, const wire_answer& answer) {
  auto& asked = line(to, from);
  if (answer.yours == asked.epoch && answer.number == asked.question)
    asked.question = 0;
}

void cables::note_taken(cable& of, const wire_taken& taken) {
  if (taken.yours != of.epoch)
    return;
  while (!of.costs.empty() && of.costs.front().first <= taken.up_to) {
    of.bytes -= of.costs.front().second;
    of.costs.pop_front();
  }
}

void cables::end_telling(cable& of) {
  if (of.telling != 0)
    tellings_[std::exchange(of.telling, 0) - 1].until = now_;
}

std::string cables::deliver(std::size_t from, std::size_t to, std::deque<wire_message>& source,
                            std::size_t which, const char* how) {
  auto message = std::move(source[which]);
  source.erase(source.begin() + static_cast<std::ptrdiff_t>(which));
  auto& back = line(to, from);
  if (const auto* taken = std::get_if<wire_taken>(&message.what))
    note_taken(back, *taken);
  if (const auto* answer = std::get_if<wire_answer>(&message.what))
    note_answered(from, to, *answer);
  auto told = std::string{word_for(message)} + " goes " + way(from, to) + how;
  if (tamper_ != nullptr)
    tamper_(*this, from, to, message);
  caf::anon_send(back.peer, wire_atom::value, std::move(message));
  return told;
}

std::string cables::carry(dice& random) {
  const auto first = random.below(lines_.size());
  const bool prefers_stale = random.chance(late_first_percent);
  for (const bool stale : {prefers_stale, !prefers_stale})
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const auto which = (first + i) % lines_.size();
      auto& of = lines_[which];
      const auto from = which / nodes_;
      const auto to = which % nodes_;
      if (stale && !of.stale.empty())
        return deliver(from, to, of.stale, random.below(of.stale.size()), " late");
      if (!stale && !of.queue.empty() && !of.held)
        return deliver(from, to, of.queue, 0, "");
    }
  return {};
}

std::string cables::meddle(dice& random) {
  if (!wishes_.empty()) {
    const auto [from, to] = wishes_.back();
    wishes_.pop_back();
    if (is_gone_[from] || is_gone_[to])
      return "node " + name_of(is_gone_[from] ? from : to) + " is not there";
    plug(from, to, random);
    plug(to, from, random);
    return "cable " + way(from, to) + " is new, as wanted";
  }
  const auto one = random.below(nodes_);
  const auto other = (one + 1 + random.below(nodes_ - 1)) % nodes_;
  if (is_gone_[one] || is_gone_[other])
    return "node " + name_of(is_gone_[one] ? one : other) + " is not there";
  const bool is_down = !line(one, other).connected || !line(other, one).connected;
  if (is_down && random.chance(50)) {
    plug(one, other, random);
    plug(other, one, random);
    return "cable " + way(one, other) + " is plugged in";
  }
  if (line(one, other).held && !line(one, other).queue.empty() && random.chance(40)) {
    lose(one, other, random);
    lose(other, one, random);
    return "cable " + way(one, other) + " is cut while it hangs";
  }
  switch (random.below(8)) {
    case 0:
      lose(one, other, random);
      lose(other, one, random);
      return "cable " + way(one, other) + " is cut";
    case 1:
      lose(one, other, random);
      return "cable " + way(one, other) + " is lost at one end";
    case 2:
      plug(one, other, random);
      return "cable " + way(one, other) + " is new at one end";
    case 3:
    case 4:
      line(one, other).held = true;
      return "cable " + way(one, other) + " hangs";
    default:
      line(one, other).held = false;
      if (random.chance(90))
        for (const auto& each : line(one, other).queue)
          line(one, other).stale.push_back(each);
      return "cable " + way(one, other) + " carries";
  }
}

void cables::lose(std::size_t from, std::size_t to, dice& random) {
  auto& of = line(from, to);
  if (!std::exchange(of.connected, false))
    return;
  end_telling(of);
  for (auto& each : std::exchange(of.queue, {}))
    if (random.chance(straggler_percent) && of.stale.size() < stragglers_max)
      of.stale.push_back(std::move(each));
  caf::anon_send(of.peer, lost_atom::value);
}

void cables::plug(std::size_t from, std::size_t to, dice& random) {
  lose(from, to, random);
  auto& of = line(from, to);
  of.connected = true;
  caf::anon_send(of.peer, linked_atom::value, of.end);
}

/// What it has sent may come all the same. Whoever was not told goes on to send.
void cables::lose_node(std::size_t which, bool others_notice, dice& random) {
  is_gone_[which] = true;
  for (std::size_t other = 0; other < nodes_; ++other) {
    if (other == which)
      continue;
    lose(which, other, random);
    end_telling(line(other, which));
    line(which, other).held = line(other, which).held = false;
    if (others_notice)
      lose(other, which, random);
  }
}

void cables::bring_back(std::size_t which, bool joined, dice& random) {
  is_gone_[which] = false;
  for (std::size_t other = 0; other < nodes_; ++other)
    if (joined && other != which && !is_gone_[other]) {
      plug(which, other, random);
      plug(other, which, random);
    }
}

void cables::join_all(dice& random, std::size_t anew_percent) {
  wishes_.clear();
  for (auto& each : lines_)
    each.held = false;
  for (std::size_t one = 0; one < nodes_; ++one)
    for (std::size_t other = one + 1; other < nodes_; ++other)
      if (!line(one, other).connected || !line(other, one).connected ||
          random.chance(anew_percent)) {
        plug(one, other, random);
        plug(other, one, random);
      }
}

}  // namespace confab::simulation
