#include "io/gateway/request_flow.hpp"

#include "io/gateway/batch_limit.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include <caf/all.hpp>

namespace confab {

void request_flow::open(connection& newcomer) {
  newcomer.last_active = newcomer.last_input = gateway_.now();
  if (limits_.input_bytes.per_second > 0)
    newcomer.throttle.start(limits_.input_bytes, newcomer.last_active);
  if (newcomer.counts_lines)
    newcomer.lines.start(limits_.input_lines, newcomer.last_active);
  read_on(newcomer);
}

void request_flow::on_input(connection& source, std::vector<char> input) {
  counts_.bytes_in += input.size();
  const bool counts_bytes = limits_.input_bytes.per_second > 0;
  source.last_active =
      counts_bytes || source.counts_lines ? gateway_.now() : gateway_.activity_time();
  source.last_input = source.last_active;
  source.probed = false;
  if (counts_bytes)
    source.throttle.spend(input.size(), limits_.input_bytes, source.last_active);
  source.wire->pause_input();
  const auto due = source.counts_lines ? spend_lines(source, input) : input.size();
  if (due == input.size())
    return hand_over(source, std::move(input));
  source.kept = std::make_unique<kept_input>(kept_input{std::move(input)});
  incidents_.limit_reached(source, limit::input_rate, source.last_active);
  if (due > 0)
    hand_over_kept(source, due);
  else
    read_on(source);
}

/// Charges the client for the lines that it may have carried out now, and says how many bytes they
/// are: with what follows them, if that is no whole line.
std::size_t request_flow::spend_lines(connection& source, std::span<const char> input) {
  const auto now = gateway_.now();
  const auto allowed = source.lines.available(limits_.input_lines, now);
  std::size_t lines = 0;
  auto next = input.begin();
  auto end = std::find(next, input.end(), '\n');
  for (; end != input.end() && lines < allowed; ++lines) {
    next = end + 1;
    end = std::find(next, input.end(), '\n');
  }
  source.lines.spend(lines, limits_.input_lines, now);
  return end == input.end() ? input.size() : static_cast<std::size_t>(next - input.begin());
}

void request_flow::hand_over(connection& source, std::vector<char> input) {
  source.request_in_flight = true;
  ++in_flight_;
  gateway_.hand_input(source, std::move(input));
}

/// The first bytes of what is kept.
void request_flow::hand_over_kept(connection& source, std::size_t bytes) {
  const auto part = source.kept->rest().first(bytes);
  std::vector<char> input{part.begin(), part.end()};
  source.kept->handed_bytes += bytes;
  if (source.kept->rest().empty())
    source.kept = nullptr;
  hand_over(source, std::move(input));
}

void request_flow::on_reply(receipt& reply) {
  auto* whose = connections_.find(reply.connection);
  if (whose == nullptr)
    return;
  // Others hear that a client leaves before it has its last word.
  if (reply.next == next_step::hang_up && whose->acks_outstanding > 0 && !whose->pending)
    whose->pending = std::make_unique<pending_reply>(pending_reply{std::move(reply), {}});
  else
    apply(*whose, reply);
}

void request_flow::publish(const event_batch* batch, const audience* readers, receipt& reply,
                           std::size_t elsewhere) {
  outbound::publication published;
  std::string own_copy;
  const bool confirms = limits_.echo_confirms && reply.texts > 0 && reply.keeps > 0;
  const bool apart = confirms || (reply.asked && reply.asked->wants_marks());
  if (batch != nullptr && readers != nullptr)
    published =
        output_.publish(*batch, *readers, gateway_.activity_time(), apart ? &own_copy : nullptr);
  auto* author = connections_.find(reply.connection);
  if (author == nullptr || !reply.gateway)
    return;
  if (output_.must_wait(published, {gateway_actor{}, author->key}))
    ++author->handovers_outstanding;
  author->batch_readers += published.readers;
  author->acks_outstanding += static_cast<std::int32_t>(elsewhere);
  // The reply to a join or leave has its place in the room's order, and waits for nobody; what the
  // client does next waits like the reply to a text. So does what the client hears of itself, where
  // that confirms nothing.
  if (author->acks_outstanding == 0 || reply.texts == 0 || (!own_copy.empty() && !confirms))
    apply(*author, reply, own_copy);
  else
    author->pending =
        std::make_unique<pending_reply>(pending_reply{std::move(reply), std::move(own_copy)});
}

void request_flow::on_queued(connection_key key, std::size_t readers) {
  auto* author = connections_.find(key);
  if (author == nullptr)
    return;
  --author->acks_outstanding;
  author->batch_readers += readers;
  if (author->acks_outstanding > 0)
    return;
  if (const auto last = std::move(author->pending))
    apply(*author, last->reply, last->own_copy);
  else
    on_progress(*author);
}

void request_flow::on_kept(connection_key key, bool kept) {
  auto* author = connections_.find(key);
  if (author == nullptr || author->leaving)
    return;
  confirmations_of(*author).note(kept);
  if (write_confirmed(*author))
    on_progress(*author);
}

void request_flow::on_handed_over(connection_key key) {
  auto* author = connections_.find(key);
  if (author == nullptr)
    return;
  --author->handovers_outstanding;
  on_progress(*author);
}

/// The bytes of the receipt are queued, and its session or its client may go on: not before the
/// client reads its replies and its texts were handed over.
void request_flow::apply(connection& whose, receipt& reply, std::string_view own_copy) {
  counts_.texts_in += reply.texts;
  if (reply.texts > 0)
    whose.batch_bytes_max =
        batch_bytes_for(limits_.work_bytes_per_batch, std::exchange(whose.batch_readers, 0));
  if (whose.leaving)
    return;  // Closed meanwhile: nothing may follow the end of its output.
  output_.complete(whose, reply, own_copy);
  const auto next = reply.next;
  whose.settling = whose.settling || reply.settles;
  if (wait_for_archive(whose, reply)) {
    if (!write_confirmed(whose))
      return;
  } else {
    if (!write_reply(whose, reply.bytes))
      return;
    if (next == next_step::hang_up)
      return gateway_.hang_up(whose);
  }
  if (next == next_step::nothing || next == next_step::hang_up)
    return;  // Its session goes on by itself, or has ended.
  whose.deferred_step = next;
  on_progress(whose);
}

confirmations& request_flow::confirmations_of(connection& whose) {
  if (!whose.unconfirmed) {
    whose.unconfirmed = std::make_unique<confirmations>();
    ++unconfirmed_;
  }
  return *whose.unconfirmed;
}

/// Whether the reply has to wait: for what it confirms itself, or for one before it. If all that
/// has been dealt with already, its time has come.
bool request_flow::wait_for_archive(connection& whose, receipt& reply) {
  if (!whose.unconfirmed && reply.keeps == 0)
    return false;
  auto& waiting = confirmations_of(whose);
  waiting.expect(reply.keeps);
  if (!waiting.waiting() && (reply.texts == 0 || reply.keeps == 0)) {
    write_confirmed(whose);  // Nothing is written; there may be nothing left to remember.
    return false;
  }
  waiting.add(std::move(reply.bytes), std::move(reply.if_unkept), reply.keeps,
              reply.next == next_step::hang_up);
  return true;
}

/// Returns false if the connection is gone afterwards: cut.
bool request_flow::write_reply(connection& whose, std::string_view bytes) {
  const auto key = whose.key;
  output_.reply(whose, bytes, gateway_.activity_time());
  if (connections_.find(key) == nullptr)
    return false;
  if (whose.wire->out().size() > limits_.unread_replies_bytes_max) {
    whose.paused_for_backlog = true;
    incidents_.limit_reached(whose, limit::unread_replies, gateway_.now());
  }
  return true;
}

/// Writes the replies whose time has come. Returns false if the connection is gone afterwards, or
/// is about to go.
bool request_flow::write_confirmed(connection& whose) {
  while (const auto ready = whose.unconfirmed->take()) {
    if (!write_reply(whose, ready->bytes))
      return false;
    if (ready->hangs_up) {
      gateway_.hang_up(whose);
      return false;
    }
  }
  if (whose.unconfirmed->idle()) {
    whose.unconfirmed = nullptr;
    --unconfirmed_;
    gateway_.on_request_done();
  }
  return true;
}

void request_flow::on_progress(connection& whose) {
  const auto unread_bytes = whose.wire->out().size();
  if (draining_ || unread_bytes <= limits_.unread_replies_bytes_max / 2)
    whose.paused_for_backlog = false;
  if (!whose.deferred_step || whose.paused_for_backlog || whose.handovers_outstanding > 0 ||
      whose.acks_outstanding > 0 || whose.leaving)
    return;
  if (whose.unconfirmed &&
      (whose.settling || whose.unconfirmed->has_expected(limits_.unconfirmed_batches_max)))
    return;
  whose.settling = false;
  take_step(whose, *std::exchange(whose.deferred_step, std::nullopt));
}

void request_flow::take_step(connection& whose, next_step next) {
  whose.batch_readers = 0;
  if (next == next_step::continue_requests) {
    gateway_.continue_session(whose);
    return;
  }
  if (std::exchange(whose.request_in_flight, false))
    --in_flight_;
  read_on(whose);
  gateway_.on_request_done();
}

/// Lets the client send more, unless it has to wait for something. What it has sent before comes
/// first.
void request_flow::read_on(connection& ready) {
  if (ready.request_in_flight)
    return;
  if (draining_) {
    if (ready.kept)
      hand_over_kept(ready, ready.kept->rest().size());  // It was read, so it is answered.
    return;
  }
  if (ready.throttled)
    return;
  auto wait = limits_.input_bytes.per_second > 0 ? ready.throttle.wait_span(limits_.input_bytes)
                                                 : std::chrono::milliseconds{};
  if (wait.count() > 0) {
    incidents_.limit_reached(ready, limit::input_rate, gateway_.now());
  } else if (ready.kept) {
    if (const auto due = spend_lines(ready, ready.kept->rest()); due > 0)
      return hand_over_kept(ready, due);
    wait = ready.lines.span_until_available(limits_.input_lines, gateway_.now());
  }
  if (wait.count() > 0) {
    ready.throttled = true;
    gateway_.wait_for_input(ready, wait);
    return;
  }
  ready.last_input = gateway_.activity_time();  // Nobody has listened so far.
  ready.probed = false;
  ready.wire->resume_input();
}

void request_flow::end_of_wait(connection& whose, deadline_clock::time_point now) {
  whose.throttled = false;
  whose.last_active = now;
  whose.throttle.paid(now);
  read_on(whose);
}

void request_flow::drain() {
  draining_ = true;
  connections_.for_each([this](connection& each) {
    each.wire->pause_input();
    on_progress(each);
    read_on(each);
  });
}

void request_flow::abandon(connection& whose) {
  whose.kept = nullptr;
  if (std::exchange(whose.unconfirmed, nullptr)) {
    --unconfirmed_;
    gateway_.on_request_done();
  }
  if (std::exchange(whose.request_in_flight, false)) {
    --in_flight_;
    gateway_.on_request_done();
  }
}

}  // namespace confab
