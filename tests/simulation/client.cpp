#include "tests/simulation/client.hpp"

#include "tests/simulation/irc_line.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace confab::simulation {

namespace {

constexpr auto everything = std::string::npos;

/// A client remembers so many others.
constexpr std::size_t met_max = 6;

/// Pieces of texts that a careless server could mistake for something else.
constexpr std::array<std::string_view, 10> awkward_pieces = {":",
                                                             "delivery:a:b:c",
                                                             "ok:",
                                                             " has joined",
                                                             "[x] ",
                                                             "\t",
                                                             "\xc3\xa9\xf0\x9f\x99\x82",
                                                             "\xff\x80",
                                                             std::string_view{"\0", 1},
                                                             "\rx"};

}  // namespace

temper random_temper(dice& random) {
  temper mood;
  const bool speaks = random.chance(55);
  mood.wanted = role{.speaks = speaks, .listens = !speaks};
  mood.patient = random.chance(40);
  mood.burst_max = random.chance(10) ? 60 : random.between(1, 6);
  mood.piece_percent = random.chance(50) ? 0 : random.between(5, 90);
  mood.stall_percent = random.chance(70) ? 0 : random.between(5, 40);
  mood.end_percent = random.chance(50) ? 0 : random.between(1, 8);
  mood.say_percent = speaks ? random.between(30, 95) : random.between(5, 30);
  mood.never_reads = random.chance(4);
  mood.lingers = random.chance(5);
  mood.silent = random.chance(3);
  mood.wants_more = random.chance(40);
  return mood;
}

client::client(std::size_t number, gateway_id gateway, const language& speaks, temper mood,
               std::vector<std::string> rooms, test::simulated_link_ptr wire, dice& random)
    : speaks_(speaks),
      mood_(mood),
      rooms_(std::move(rooms)),
      user_(speaks.user_name(number, random)),
      wire_(std::move(wire)) {
  record_.number = number;
  record_.gateway = gateway;
  record_.speaks = &speaks;
  record_.hears_itself = mood_.wants_more && speaks.has_nicks();
  for (auto& room : speaks.room_names())
    rooms_.push_back(std::move(room));
  if (mood_.lingers)
    wire_->peer_lingers();
  if (mood_.never_reads && mood_.stays.room.empty())
    read_no_more();
}

void client::indulge() {
  if (mood_.never_reads)
    read_no_more();
}

void client::read_no_more() {
  wire_->peer_takes(0);
  reads_ = false;
  stalled_ = true;
}

std::string client::act(dice& random) {
  if (!open() || reset_)
    return {};
  if (random.chance(mood_.end_percent))
    return end(random);
  if (random.chance(mood_.stall_percent))
    return stall(random);
  if (unsent_.empty() && may_ask())
    think(random);
  return send(random);
}

void client::settle(dice& random) {
  if (!open() || reset_)
    return;
  if (!settled() && unsent_.empty())
    ask(next_wish(random), random);
  send_all();
}

void client::takes_little_at_once(std::size_t bytes) {
  wire_->takes_at_once(bytes);
  stalled_ = true;
}

void client::read_all() {
  reads_ = true;
  wire_->peer_takes(everything);
}

void client::send_all() {
  if (mood_.silent || reset_)
    return;
  wire_->peer_sends(unsent_);
  sent_ += unsent_.size();
  unsent_.clear();
}

void client::speak(dice& random) {
  if (!open() || reset_ || done_ || !named_)
    return;
  ask(meaning::say, random);
  send_all();
}

void client::leave(dice& random) {
  if (!open() || reset_)
    return;
  end(random);
  send_all();
}

void client::reset() {
  if (reset_ || !open())
    return;
  wire_->peer_resets();
  reset_ = true;
}

std::string client::end(dice& random) {
  if (done_ || random.chance(35)) {
    reset();
    return "resets";
  }
  if (!mood_.silent && random.chance(60))
    send_all();
  done_ = true;
  if (random.chance(50) && unsent_.empty()) {
    ask(meaning::quit, random);
    if (random.chance(30))
      ask(meaning::say, random);  // Nobody may hear it.
    return "quits";
  }
  unsent_.clear();
  wire_->peer_ends_input();
  ended_ = true;
  return "sends no more";
}

std::string client::stall(dice& random) {
  if (mood_.never_reads)
    return {};
  if (reads_) {
    reads_ = false;
    stalled_ = true;
    const auto some = random.chance(50) ? 0 : random.below(mood_.stays.window_bytes_max);
    wire_->peer_takes(some);
    return "reads " + std::to_string(some) + " bytes more";
  }
  read_all();
  return "reads on";
}

std::string client::send(dice& random) {
  if (unsent_.empty() || mood_.silent)
    return {};
  const auto count =
      random.chance(mood_.piece_percent) ? random.between(1, unsent_.size()) : unsent_.size();
  wire_->peer_sends(std::string_view{unsent_}.substr(0, count));
  sent_ += count;
  auto what = "sends " + unsent_.substr(0, count);
  unsent_.erase(0, count);
  return what;
}

bool client::may_ask() const {
  if (!mood_.stays.room.empty() && settled() && texts_ >= mood_.stays.texts_max)
    return false;
  return !done_ && (!mood_.patient || settled_requests_ == record_.requests.size());
}

void client::think(dice& random) {
  const auto count = random.between(1, mood_.patient ? 1 : mood_.burst_max);
  for (std::size_t i = 0; i < count; ++i)
    ask(next_wish(random), random);
}

meaning client::next_wish(dice& random) const {
  if (!named_ && (speaks_.first_is_name() || !mood_.stays.room.empty() || random.chance(90)))
    return meaning::log_in;
  if (!mood_.stays.room.empty())
    return settled() ? meaning::say : mood_.stays.founds_room ? meaning::create : meaning::join;
  if (!joined_ && random.chance(80))
    return random.chance(30) ? meaning::create : meaning::join;
  if (!put_out_of_.empty() && random.chance(80))
    return meaning::join;
  // Who was put out must not hear what is said next.
  const bool talks_on = latest_wish_ == meaning::kick && random.chance(70);
  if (talks_on || random.chance(mood_.say_percent))
    return meaning::say;
  constexpr std::array rest = {meaning::join, meaning::join,     meaning::join,
                               meaning::join, meaning::create,   meaning::leave,
                               meaning::list, meaning::nonsense, meaning::log_in};
  const auto more = rules_ ? speaks_.wishes_of_operators() : speaks_.more_wishes();
  if (!more.empty())
    return random.one_of(more);
  // Where the first thing is the name, a second name would be a text.
  return random.one_of(std::span{rest}.first(rest.size() - (speaks_.first_is_name() ? 1 : 0)));
}

/// An operator is busy where it rules, and most texts are said where the client is.
const std::string& client::next_room(meaning wish, dice& random) const {
  static const std::string ruled{ruled_room};
  if (!mood_.stays.room.empty())
    return mood_.stays.room;
  const bool is_about_own = wish == meaning::say || wish == meaning::invite;
  if (is_about_own && !latest_room_.empty() && random.chance(60))
    return latest_room_;
  return rules_ && random.chance(60) ? ruled : random.one_of(rooms_);
}

void client::ask(meaning wish, dice& random) {
  const auto left = wish == meaning::join ? std::exchange(put_out_of_, {}) : std::string{};
  const auto room = left.empty() ? next_room(wish, random) : left;
  latest_wish_ = wish;
  if (wish == meaning::join || wish == meaning::create)
    latest_room_ = room;
  was_ruled_ |= latest_room_ == ruled_room;
  const words about{user_, room, make_text(wish, random), mood_.wants_more, was_ruled_, met_};
  for (auto& [meant, bytes] : speaks_.write(wish, about, mood_.wanted, random)) {
    named_ |= meant.what == meaning::log_in && meant.valid && !meant.subject.empty();
    // Of a crowd, clients of IRC do not count as settled, so they go again: the clauses on work and
    // service do not know yet what they are told beside the texts.
    const bool names_room = meant.room.empty() ? !meant.subject.empty() : mood_.stays.room.empty();
    joined_ |=
        (meant.what == meaning::join || meant.what == meaning::create) && meant.valid && names_room;
    meant.begins = composed_;
    composed_ += bytes.size();
    meant.ends = composed_;
    record_.requests.push_back(std::move(meant));
    unsent_ += bytes;
  }
}

/// Begins with its mark, and ends with a letter, so that no protocol takes away from it. What is no
/// text has a mark as well, which no text uses.
std::string client::make_text(meaning wish, dice& random) {
  const auto& habit = mood_.stays;
  if (!habit.room.empty() && wish != meaning::say)
    return "w" + std::to_string(record_.number) + "." + std::to_string(++wishes_) + ";e";
  auto text = "t" + std::to_string(record_.number) + "." + std::to_string(++texts_) + ";";
  if (!habit.room.empty())
    return text.append(random.between(0, habit.text_bytes_max), 'l') + "e";
  const auto pieces = random.below(4);
  for (std::size_t i = 0; i < pieces; ++i)
    text += random.one_of(awkward_pieces);
  if (random.chance(15))
    text.append(random.between(150, 250), 'l');
  return text + "e";
}

void client::observe(moment now, double seconds) {
  if (record_.closed != never)
    return;
  if (reset_)
    record_.hung_up = std::min(record_.hung_up, now);
  note_written(now, seconds);
  note_handed(now, seconds);
  note_ending(now, seconds);
}

void client::meet(const std::string& name) {
  if (name.empty() || name == user_ || std::find(met_.begin(), met_.end(), name) != met_.end())
    return;
  if (met_.size() == met_max)
    met_.erase(met_.begin());
  met_.push_back(name);
}

/// What was put into the outbound queue, whether the client has read it or not.
void client::note_written(moment now, double seconds) {
  const auto got = wire_->peer_got();
  const auto got_before = received_;
  received_ += got.size();
  const auto written = received_ + wire_->waiting();
  if (written <= parsed_)
    return;
  if (record_.ending == never && !wire_->finishing() && !wire_->closed())
    record_.seconds_when_active = seconds;  // The last words do not count.
  const auto known_of_got = std::min(parsed_ - got_before, got.size());
  unparsed_ += std::string_view{got}.substr(known_of_got);
  unparsed_ += wire_->queued(parsed_ > received_ ? parsed_ - received_ : 0);
  parsed_ = written;
  std::string_view rest = unparsed_;
  while (auto next = speaks_.read(rest)) {
    next->when = now;
    for (const auto& name : speaks_.names_in(*next))
      meet(name);
    rules_ = rules_ || speaks_.makes_operator(*next);
    note_kick(*next);
    record_.sights.push_back(std::move(*next));
  }
  unparsed_ = std::string{rest};
}

/// Only IRC says who was put out.
void client::note_kick(const sight& seen) {
  if (!mood_.comes_back || !speaks_.has_nicks() || seen.what != sight::kind::happened)
    return;
  const auto line = parse_irc_line(seen.body);
  if (line.is("KICK") && line.parameter(1) == user_ && line.parameter(0).starts_with('#'))
    put_out_of_ = line.parameter(0).substr(1);
}

void client::note_handed(moment now, double seconds) {
  const auto handed = sent_ - wire_->unread();
  auto& requests = record_.requests;
  while (handed_requests_ < requests.size() && requests[handed_requests_].ends <= handed)
    requests[handed_requests_++].handed = now;
  if (std::exchange(inputs_, wire_->inputs()) != wire_->inputs())
    record_.seconds_when_active = record_.seconds_when_heard = seconds;
  note_torn(handed, now);
  const bool idle = wire_->reading() && !wire_->closed() && !wire_->finishing();
  if (idle && record_.admitted == never) {
    record_.admitted = now;
    record_.seconds_when_admitted = record_.seconds_when_active = seconds;
    record_.seconds_when_heard = seconds;
  }
  while (idle && settled_requests_ < handed_requests_)
    requests[settled_requests_++].settled = now;
  record_.late_output = std::max(record_.late_output, wire_->late_output());
  if (ended_ && !wire_->end_unread() && record_.input_ended == never)
    record_.input_ended = now;
}

/// A request of which the gateway has a part may have consequences already.
void client::note_torn(std::size_t handed, moment now) {
  const auto& requests = record_.requests;
  const bool torn =
      handed_requests_ < requests.size() && requests[handed_requests_].begins < handed;
  if (!torn) {
    record_.torn_since = never;
  } else if (record_.torn_since == never || record_.torn != handed_requests_) {
    record_.torn = handed_requests_;
    record_.torn_since = now;
  }
}

void client::note_ending(moment now, double seconds) {
  if (record_.ending == never && (wire_->finishing() || wire_->closed())) {
    record_.ending = now;
    record_.seconds_when_ending = seconds;
  }
  if (!wire_->closed())
    return;
  record_.closed = now;
  record_.backlog_when_closed = wire_->dropped();
  record_.always_read = !stalled_;
}

}  // namespace confab::simulation
