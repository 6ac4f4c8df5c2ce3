#include "io/gateway/request_flow.hpp"

#include "io/gateway/batch_limit.hpp"

#include <memory>
#include <utility>

#include <caf/all.hpp>

namespace confab {

void request_flow::open(connection& newcomer) {
  newcomer.last_active = gateway_.now();
  if (limits_.input_bytes_per_second_max > 0)
    newcomer.throttle.start(limits_.input_bytes_per_second_max, newcomer.last_active);
  read_on(newcomer);
}

void request_flow::begin(connection& source, std::size_t bytes) {
  counts_.bytes_in += bytes;
  const auto rate = limits_.input_bytes_per_second_max;
  source.last_active = rate > 0 ? gateway_.now() : gateway_.activity_time();
  if (rate > 0)
    source.throttle.spend(bytes, rate, source.last_active);
  source.request_in_flight = true;
  ++in_flight_;
  source.wire->pause_input();
}

void request_flow::on_reply(receipt& reply) {
  if (auto* whose = connections_.find(reply.connection))
    apply(*whose, reply);
}

void request_flow::publish(const event_batch& batch, const audience* readers, receipt& reply,
                           std::size_t elsewhere) {
  outbound::publication published;
  if (readers != nullptr)
    published = output_.publish(batch, *readers, gateway_.activity_time());
  auto* author = connections_.find(reply.connection);
  if (author == nullptr || !reply.gateway)
    return;
  author->awaits_handover = output_.must_wait(published, {gateway_actor{}, author->key});
  author->batch_readers += published.readers;
  author->acks_outstanding += static_cast<std::int32_t>(elsewhere);
  // The reply to a join or leave has its place in the room's order, and waits for nobody; what the
  // client does next waits like the reply to a text.
  if (author->acks_outstanding == 0 || reply.texts == 0)
    apply(*author, reply);
  else
    author->pending_receipt = std::make_unique<receipt>(std::move(reply));
}

void request_flow::on_queued(connection_key key, std::size_t readers) {
  auto* author = connections_.find(key);
  if (author == nullptr)
    return;
  --author->acks_outstanding;
  author->batch_readers += readers;
  if (author->acks_outstanding > 0)
    return;
  if (const auto reply = std::move(author->pending_receipt))
    apply(*author, *reply);
  else
    on_progress(*author);
}

void request_flow::on_handed_over(connection_key key) {
  auto* author = connections_.find(key);
  if (author == nullptr)
    return;
  author->awaits_handover = false;
  on_progress(*author);
}

/// The bytes of the receipt are queued, and its session or its client may go on: not before the
/// client reads its replies and its texts were handed over.
void request_flow::apply(connection& whose, receipt& reply) {
  counts_.texts_in += reply.texts;
  if (reply.texts > 0)
    whose.batch_bytes_max =
        batch_bytes_for(limits_.work_bytes_per_batch, std::exchange(whose.batch_readers, 0));
  if (whose.leaving)
    return;  // Closed meanwhile: nothing may follow the end of its output.
  const auto key = whose.key;
  output_.reply(whose, reply.bytes, gateway_.activity_time());
  if (connections_.find(key) == nullptr || reply.next == next_step::nothing)
    return;  // Cut, or its session goes on by itself.
  if (reply.next == next_step::hang_up) {
    gateway_.hang_up(whose);
    return;
  }
  if (whose.wire->out().size() > limits_.unread_replies_bytes_max) {
    whose.paused_for_backlog = true;
    incidents_.limit_reached(whose, limit::unread_replies, gateway_.now());
  }
  whose.deferred_step = reply.next;
  on_progress(whose);
}

void request_flow::on_progress(connection& whose) {
  const auto unread_bytes = whose.wire->out().size();
  if (draining_ || unread_bytes <= limits_.unread_replies_bytes_max / 2)
    whose.paused_for_backlog = false;
  if (!whose.deferred_step || whose.paused_for_backlog || whose.awaits_handover ||
      whose.acks_outstanding > 0 || whose.leaving)
    return;
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

/// Lets the client send more, unless it has to wait for something.
void request_flow::read_on(connection& ready) {
  if (ready.request_in_flight || ready.throttled || draining_)
    return;
  const auto rate = limits_.input_bytes_per_second_max;
  if (rate > 0) {
    if (const auto wait = ready.throttle.wait_span(rate); wait.count() > 0) {
      ready.throttled = true;
      incidents_.limit_reached(ready, limit::input_rate, gateway_.now());
      gateway_.wait_for_input(ready, wait);
      return;
    }
  }
  ready.wire->resume_input();
}

void request_flow::end_of_wait(connection& whose, deadline_clock::time_point now) {
  whose.throttled = false;
  whose.throttle.paid(now);
  read_on(whose);
}

void request_flow::drain() {
  draining_ = true;
  connections_.for_each([this](connection& each) {
    each.wire->pause_input();
    on_progress(each);
  });
}

void request_flow::abandon(connection& whose) {
  if (std::exchange(whose.request_in_flight, false)) {
    --in_flight_;
    gateway_.on_request_done();
  }
}

}  // namespace confab
