#include "actors/archive.hpp"

#include "actors/publishing.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include <caf/all.hpp>

namespace confab {

namespace {

constexpr std::int64_t microseconds(std::chrono::milliseconds span) {
  return std::chrono::microseconds{span}.count();
}

/// Whether they are the same client, as far as a server without accounts can tell: it is known by
/// the same nick, from the same address.
bool is_same_client(const identity& one, const identity& other) {
  return one.nick == other.nick && one.host == other.host && one.dialect == other.dialect;
}

}  // namespace

archive_state::archive_state(self_pointer<archive_actor> self, archive_settings settings)
    : self_(self), settings_(std::move(settings)) {
  if (settings_.on_begin != nullptr)
    settings_.on_begin();
  assert(settings_.writer && settings_.now_ms != nullptr && settings_.now_us != nullptr);
  wrote_us_ = settings_.now_us() - microseconds(2 * tidying_put_off);
  tidy_in(settings_.tidy_interval);
}

void archive_state::keep(event_batch_ptr batch, const receipt& reply, std::size_t readers) {
  deliveries_ += batch->events.size() * readers;
  batches_.push_back(std::move(batch));
  authors_.push_back({reply.gateway, reply.connection});
  work_soon();
}

void archive_state::recall(history_request request) {
  if (batches_.empty() && redactions_.empty())
    return self_->send(settings_.reader, recall_atom::value, std::move(request));
  recalls_.push_back(std::move(request));
}

void archive_state::redact(redaction request) {
  redactions_.push_back(std::move(request));
  work_soon();
}

/// A question waits for what was to be kept before it: whoever is told that nothing is missing has
/// not to look again. What is kept for another node has a transaction of its own: no author waits
/// for more than one of these, and it is as small as a peer may make it.
void archive_state::compare(comparison request) {
  if (std::find(peers_.begin(), peers_.end(), request.asker) == peers_.end())
    peers_.push_back(request.asker);
  const auto* missing = std::get_if<missing_events>(&request.what);
  if (missing == nullptr) {
    if (batches_.empty() && redactions_.empty())
      return self_->send(settings_.reader, compare_atom::value, std::move(request));
    questions_.push_back(std::move(request));
    return;
  }
  make_room();
  auto kept = settings_.writer->keep_missing(*missing, settings_.retention, settings_.now_ms());
  comparison_result result{request.ticket, not_compared{}};
  const auto* failure = std::get_if<storage_failure>(&kept);
  if (failure == nullptr)
    result.what = std::get<std::uint64_t>(kept);
  note(failure != nullptr ? storage_outcome{*failure} : std::nullopt);
  self_->send(request.asker, compare_atom::value, std::move(result));
}

void archive_state::tell_peers() {
  for (const auto& each : peers_)
    self_->send(each, compare_atom::value, comparison_result{0, not_compared{}});
}

/// By a message, so that all that is in the mailbox by then is written together.
void archive_state::work_soon() {
  if (!std::exchange(working_soon_, true))
    self_->send(handle_of<archive_actor>(self_), tick_atom::value);
}

void archive_state::work() {
  working_soon_ = false;
  if (rest_first())
    return work_soon();
  make_room();
  write();
  for (auto& each : std::exchange(redactions_, {}))
    carry_out(each);
  for (auto& each : std::exchange(recalls_, {}))
    self_->send(settings_.reader, recall_atom::value, std::move(each));
  for (auto& each : std::exchange(questions_, {}))
    self_->send(settings_.reader, compare_atom::value, std::move(each));
}

/// Returns true when time has passed, in which more has come. Nobody who wants to read waits for
/// that.
bool archive_state::rest_first() {
  const auto span_us =
      std::min(static_cast<std::int64_t>(deliveries_ / deliveries_per_us), rest_us_max);
  deliveries_ = 0;
  if (settings_.rest == nullptr || span_us < rest_us_min || !recalls_.empty() ||
      std::exchange(rested_, true)) {
    rested_ = false;
    return false;
  }
  settings_.rest(span_us);
  return true;
}

/// If much more is kept than may be, something is removed before more is kept: authors wait for
/// that, and the disk does not fill up, however fast they are.
void archive_state::make_room() {
  const auto bytes_max = settings_.retention.bytes_max;
  if (bytes_max == 0)
    return;
  for (int turn = 0; turn < tidying_turns_max; ++turn) {
    if (settings_.writer->size().bytes <= bytes_max + bytes_max / 8)
      return;
    const auto more = settings_.writer->tidy(settings_.retention, settings_.now_ms());
    if (std::holds_alternative<storage_failure>(more))
      return;
  }
}

void archive_state::write() {
  if (batches_.empty())
    return;
  const auto batches = std::exchange(batches_, {});
  const auto begin_us = settings_.now_us();
  const auto failure = settings_.writer->keep(batches);
  wrote_us_ = settings_.now_us();
  counts_.commit_us.add(static_cast<std::uint64_t>(wrote_us_ - begin_us));
  counts_.commit_batches.add(batches.size());
  (failure ? counts_.batches_unkept : counts_.batches_kept) += batches.size();
  note(failure);
  for (const auto& each : std::exchange(authors_, {})) {
    if (each.gateway)
      self_->send(each.gateway, kept_atom::value, each.connection, !failure);
  }
}

/// Removes a text, if whoever wants that may do it. Returns why it is kept, if it is.
std::optional<refusal> archive_state::take_back(const redaction& request) {
  auto& writer = *settings_.writer;
  const auto found = writer.origin_of(request.room, request.which);
  if (const auto* failure = std::get_if<storage_failure>(&found)) {
    note(*failure);
    return refusal::no_history;
  }
  const auto& origin = std::get<text_origin>(found);
  if (!origin.who)
    return refusal::no_such_text;
  if (!request.may_rule && origin.said_ms < request.rules_from_ms &&
      !is_same_client(*origin.who, *request.who.who))
    return refusal::not_the_author;
  const auto removed = writer.redact(request.room, request.which);
  if (const auto* failure = std::get_if<storage_failure>(&removed)) {
    note(*failure);
    return refusal::no_history;
  }
  return std::nullopt;
}

/// What was taken back on another node is told here even if it cannot be removed now: that comes
/// when the histories are compared.
void archive_state::carry_out(redaction& request) {
  const auto refused = take_back(request);
  const bool comes_later = request.reply.elsewhere && refused == refusal::no_history;
  if (refused && !comes_later) {
    request.reply.answer = refusal_of(*refused, request.room);
    return send_receipt(self_, std::move(request.reply));
  }
  auto told = std::make_shared<event_batch>(event_batch{request.room, request.who, {}});
  told->events.emplace_back(redacted{request.which, std::move(request.reason)});
  told->at.first_ms = told->at.last_ms = settings_.now_ms();
  // The room may have ended meanwhile; the answer is owed even so.
  request.reply.answer = answer_of(deed_answer{told});
  send_receipt(self_, std::move(request.reply));
  self_->send(request.where, redact_atom::value, request.which, event_batch_ptr{std::move(told)});
}

/// Tells of the first failure in a row, and of its end.
void archive_state::note(const storage_outcome& result) {
  if (counts_.failing == result.has_value())
    return;
  counts_.failing = result.has_value();
  if (!result)
    tell_peers();
  if (settings_.on_trouble)
    settings_.on_trouble(result ? &*result : nullptr);
}

// -- what can wait ------------------------------------------------------------

void archive_state::tidy() {
  const auto begin_us = settings_.now_us();
  const bool is_writing =
      !batches_.empty() || begin_us - wrote_us_ < microseconds(2 * tidying_put_off);
  if (is_writing && begin_us < tidy_us_)
    return tidy_in(tidying_put_off);
  const auto result = settings_.writer->tidy(settings_.retention, settings_.now_ms());
  const auto end_us = settings_.now_us();
  tidy_us_ = end_us + (end_us - begin_us) * tidying_part;
  const auto* more = std::get_if<bool>(&result);
  if (more != nullptr && *more)
    self_->send(handle_of<archive_actor>(self_), flush_atom::value);
  else
    tidy_in(settings_.tidy_interval);
}

void archive_state::tidy_in(std::chrono::milliseconds span) {
  if (settings_.tidy_interval.count() > 0)
    self_->delayed_send(handle_of<archive_actor>(self_), span, flush_atom::value);
}

archive_report archive_state::report() const {
  auto result = counts_;
  const auto size = settings_.writer->size();
  result.events = size.events;
  result.rooms = size.rooms;
  result.bytes = size.bytes;
  return result;
}

void archive_state::close() {
  peers_.clear();
  questions_.clear();
  rested_ = true;  // Nothing more comes that is worth a rest.
  work();
  self_->send(settings_.reader, close_atom::value);
}

}  // namespace confab
