#include "apps/bench/load_driver.hpp"

#include "apps/bench/clock.hpp"
#include "apps/bench/failure.hpp"

#include <algorithm>
#include <limits>

namespace confab::bench {
namespace {

constexpr int poll_ms = 100;
constexpr std::size_t flood_bytes = 64 * 1024;
constexpr std::uint32_t sequence_max = (std::uint32_t{1} << 30) - 1;

/// How long deliveries may stay away, with every text answered, until they count as lost.
constexpr std::uint64_t loss_after_ns = 3 * ns_per_second;

std::uint64_t audience_of(const protocol_adapter& protocol, const crowd_roster& crowd) {
  std::uint64_t audience = crowd.checking_receivers_per_room();
  if (protocol.reaches_other_senders() && crowd.senders_per_room() > 0)
    audience += crowd.senders_per_room() - 1;
  return audience + (protocol.answer() == answer_source::own_echo ? 1 : 0);
}

}  // namespace

load_driver::load_driver(connection_set& connections, const protocol_adapter& protocol,
                         const crowd_roster& crowd, const bench_options& options)
    : connections_(connections),
      protocol_(protocol),
      crowd_(crowd),
      options_(options),
      stamps_begin_ns_(now_ns()),
      audience_(audience_of(protocol, crowd)),
      answer_(protocol.answer()),
      ledger_(crowd.size(), crowd.senders_per_room()),
      stalled_(connections, crowd, options),
      senders_(crowd.senders()),
      text_(options.text_bytes, 'x') {
  for (auto& sender : senders_)
    sender.sent_at.resize(options.window);
}

void load_driver::rest(double seconds) {
  const auto end = now_ns() + from_seconds(seconds);
  for (auto time = now_ns(); time < end; time = now_ns())
    connections_.poll(*this, static_cast<int>((end - time) / 1'000'000) + 1);
}

round_result load_driver::run(std::uint32_t texts, double seconds) {
  begin(texts, seconds);
  wait_for_end();
  return finish();
}

void load_driver::begin(std::uint32_t texts, double seconds) {
  round_ = {};
  round_trip_.clear();
  ledger_.begin_round();
  begun_at_ns_ = last_arrival_ns_ = now_ns();
  sending_ends_ns_ = seconds > 0 ? begun_at_ns_ + from_seconds(seconds)
                                 : std::numeric_limits<std::uint64_t>::max();
  sending_ = 0;
  for (auto& sender : senders_) {
    const auto left = sequence_max - sender.next;
    sender.end = sender.next + (texts == 0 ? left : std::min(texts, left));
    sending_ += sender.next < sender.end ? 1 : 0;
  }
  if (options_.flood)
    connections_.stop_reading(crowd_.flooder_id());
  stalled_.stop_reading();
  for (connection_id id = 0; id < crowd_.receivers(); ++id)
    if (crowd_.skims(id) && options_.skim_every_ms > 0)
      connections_.leave_to_sweep(id);
    else if (crowd_.skims(id))
      connections_.skim(id);
  for (std::uint32_t number = 0; number < senders_.size(); ++number)
    send_texts(number);
}

bool load_driver::is_complete() const {
  return sending_ == 0 && unanswered_ == 0 && ledger_.deliveries() >= round_.expected;
}

void load_driver::wait_for_end() {
  progress_line progress(options_.shows_progress);
  silence_watchdog watchdog(options_.deadline_seconds);
  const auto pause_ns = static_cast<std::uint64_t>(options_.pause_ms) * ns_per_millisecond;
  const auto wait_ms = options_.pause_ms > 0 ? options_.pause_ms : poll_ms;
  while (!is_complete()) {
    const bool floods = options_.flood && connections_.output(crowd_.flooder_id()).empty();
    if (floods)
      send_flood();
    connections_.poll(*this, floods ? 0 : wait_ms);
    if (sending_ > 0 && stalled_.are_full())
      stop_sending();
    const auto time = now_ns();
    sweep(time);
    if (!answered_.empty() && time - last_arrival_ns_ >= pause_ns)
      send_answered();
    watchdog.feed(last_arrival_ns_);
    if (unanswered_ == 0 && sending_ == 0 && watchdog.silence(time) > loss_after_ns)
      return;
    watchdog.check(time, std::to_string(unanswered_) + " texts are not answered");
    show(progress, time);
  }
}

void load_driver::sweep(std::uint64_t time) {
  const auto pause_ns = std::uint64_t{options_.skim_every_ms} * ns_per_millisecond;
  if (pause_ns == 0 || time - swept_at_ns_ < pause_ns)
    return;
  swept_at_ns_ = time;
  connections_.sweep();
}

void load_driver::stop_sending() {
  for (auto& sender : senders_)
    sender.end = sender.next;
  sending_ = 0;
}

round_result load_driver::finish() {
  for (connection_id id = 0; id < crowd_.flooder_id(); ++id) {
    if (!crowd_.is_receiver(id) && !protocol_.reaches_other_senders())
      break;
    if (crowd_.stalls(id) || crowd_.skims(id))
      continue;
    const auto first = crowd_.room(id) * crowd_.senders_per_room();
    for (std::uint32_t i = 0; i < crowd_.senders_per_room(); ++i)
      if (answer_ == answer_source::own_echo || id != crowd_.sender_id(first + i))
        ledger_.count_missing(id, i, senders_[first + i].next);
  }
  round_.deliveries = ledger_.deliveries();
  round_.duration_ns = last_arrival_ns_ - begun_at_ns_;
  round_.lost = ledger_.lost();
  round_.out_of_order = ledger_.out_of_order();
  round_.strange = ledger_.strange();
  round_.delivery = ledger_.latency();
  round_.round_trip = round_trip_;
  round_.stalled = stalled_.result();
  round_.flooder_was_cut = options_.flood && !connections_.is_open(crowd_.flooder_id());
  return round_;
}

std::size_t load_driver::received(connection_id id, std::string_view bytes) {
  parsed_.clear();
  const auto used = protocol_.parse(bytes, parsed_);
  stalled_.count_read(id, used);
  const auto time = now_ns();
  if (!parsed_.error.empty())
    throw failure("the server told " + crowd_[id].user + ": " + parsed_.error);
  if (!parsed_.reply.empty()) {
    connections_.output(id) += parsed_.reply;
    connections_.flush(id);
  }
  take_texts(id, time);
  if (answer_ == answer_source::reply && !crowd_.is_receiver(id))
    for (; parsed_.answers > 0; --parsed_.answers)
      take_answer(crowd_.sender_number(id), time);
  if (options_.pause_ms == 0)
    send_answered();
  return used;
}

void load_driver::take_texts(connection_id id, std::uint64_t time) {
  const bool is_first = answer_ == answer_source::first_receiver && crowd_.is_receiver(id) &&
                        id % crowd_.receivers_per_room() == 0;
  for (const auto text : parsed_.texts) {
    const auto stamp = read_stamp(text);
    if (!stamp || text.size() < text_.size()) {
      ledger_.deliver_foreign();
      continue;
    }
    ledger_.deliver(id, crowd_.room(id), *stamp, time - stamps_begin_ns_);
    const bool is_own = answer_ == answer_source::own_echo && !crowd_.is_receiver(id) &&
                        stamp->sender == crowd_.sender_number(id);
    if (is_first || is_own)
      take_answer(stamp->sender, time);
  }
  last_arrival_ns_ = parsed_.texts.empty() ? last_arrival_ns_ : time;
}

void load_driver::take_answer(std::uint32_t number, std::uint64_t time) {
  if (number >= senders_.size() || senders_[number].unanswered == 0)
    return;
  auto& sender = senders_[number];
  round_trip_.record(time - sender.sent_at[(sender.next - sender.unanswered) % options_.window]);
  --sender.unanswered;
  --unanswered_;
  last_arrival_ns_ = time;
  if (!sender.is_listed) {
    sender.is_listed = true;
    answered_.push_back(number);
  }
}

void load_driver::send_answered() {
  for (const auto number : answered_) {
    senders_[number].is_listed = false;
    send_texts(number);
  }
  answered_.clear();
}

void load_driver::send_texts(std::uint32_t number) {
  auto& sender = senders_[number];
  if (sender.next == sender.end)
    return;
  const auto time = now_ns();
  if (time >= sending_ends_ns_)
    sender.end = sender.next;
  const auto id = crowd_.sender_id(number);
  auto& output = connections_.output(id);
  for (; sender.unanswered < options_.window && sender.next < sender.end; ++sender.next) {
    write_stamp(text_, {number, sender.next, time - stamps_begin_ns_});
    protocol_.say(crowd_[id], text_, output);
    sender.sent_at[sender.next % options_.window] = time;
    ++sender.unanswered;
    ++unanswered_;
    ++round_.texts;
    round_.expected += audience_;
  }
  sending_ -= sender.next == sender.end ? 1 : 0;
  connections_.flush(id);
}

void load_driver::send_flood() {
  const auto id = crowd_.flooder_id();
  if (!connections_.is_open(id))
    return;
  auto& output = connections_.output(id);
  while (output.size() < flood_bytes)
    protocol_.say(crowd_[id], text_, output);
  round_.flooded_bytes += output.size();
  connections_.flush(id);
}

void load_driver::show(progress_line& progress, std::uint64_t time) const {
  if (progress.is_due(time)) {
    const auto seconds = to_seconds(time - begun_at_ns_);
    const auto rate = static_cast<double>(ledger_.deliveries()) / (seconds > 0 ? seconds : 1);
    progress.show(std::to_string(ledger_.deliveries()) + " deliveries, " +
                      std::to_string(static_cast<std::uint64_t>(rate)) + " a second",
                  time);
  }
}

}  // namespace confab::bench
