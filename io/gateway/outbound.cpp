#include "io/gateway/outbound.hpp"

#include "io/gateway/framing.hpp"

#include <new>
#include <span>
#include <utility>

namespace confab {

namespace {

/// Replies that one connection gets before it is the next one's turn.
constexpr std::size_t reply_bytes_per_turn = 256 * 1024;

}  // namespace

/// A batch as readers of one class get it.
struct outbound::encoding {
  reader_form form;
  delivery_policy policy = delivery_policy::everything;
  std::string bytes;                    ///< As the dialect writes it.
  std::string framed;                   ///< The same, as it is sent, if that is something else.
  shared_stream* stream = nullptr;      ///< That holds it; null: each reader gets a copy.
  std::span<const block_range> ranges;  ///< Where it stands there.
  bool written = false;

  std::string_view sent() const { return form.framing == output_form::lines ? bytes : framed; }
};

/// One batch on its way to its readers.
struct outbound::delivery {
  std::string_view bytes;               ///< What each reader gets.
  std::span<const block_range> ranges;  ///< Where it stands; none: each reader gets a copy.
  audience_queue& queue;
};

outbound::outbound(connection_table& connections, const dialect& speaks, gateway_id id,
                   outbound_limits limits, output_memory& memory, gateway_report& counts,
                   owner& gateway)
    : connections_(connections),
      speaks_(speaks),
      id_(id),
      limits_(limits),
      memory_(memory),
      counts_(counts),
      gateway_(gateway),
      scheduler_(memory, limits.flush) {}

outbound::~outbound() = default;

outbound::publication outbound::publish(const event_batch& batch, const audience& readers,
                                        deadline_clock::time_point now, std::string* own_copy) {
  encodings_used_ = 0;
  publication result;
  encoding* form = nullptr;
  for (const auto key : readers) {
    auto* reader = connections_.find(key);
    if (reader == nullptr || reader->leaving)
      continue;
    if (form == nullptr || form->form != reader->form())
      form = &encoding_for(batch, reader->form());
    if (form->policy == delivery_policy::own_in_own_form && client_id{id_, key} == batch.who.from)
      form = &encoding_for(batch, {speaks_.own_class(reader->reader), reader->framing});
    if (form->bytes.empty() || !should_receive(*reader, batch, form->policy))
      continue;
    if (own_copy != nullptr && key == batch.who.from.connection && id_ == batch.who.from.gateway) {
      counts_.deliveries_out += batch.events.size();
      *own_copy += form->bytes;
      result.readers = readers.size();  // It may be the only one; it is a reader all the same.
      continue;
    }
    if (result.queue == nullptr) {
      keep_within_credit();
      result.queue = &scheduler_.queue_for(batch.room, readers.size());
      reader = connections_.find(key);
      if (reader == nullptr)
        continue;  // Cut: memory was short.
    }
    if (!form->written && !write(*form, *result.queue, readers.size()))
      throw std::bad_alloc{};  // Nobody is left to cut.
    counts_.deliveries_out += batch.events.size();
    result.work_bytes += form->sent().size();
    deliver(key, {form->sent(), form->ranges, *result.queue}, now);
  }
  for (std::size_t i = 0; i < encodings_used_; ++i)
    if (encodings_[i]->stream != nullptr)
      encodings_[i]->stream->written();
  if (result.queue != nullptr)
    result.readers = readers.size();
  return result;
}

/// The batch as readers of this form get it.
outbound::encoding& outbound::encoding_for(const event_batch& batch, reader_form form) {
  for (std::size_t i = 0; i < encodings_used_; ++i)
    if (encodings_[i]->form == form)
      return *encodings_[i];
  if (encodings_used_ == encodings_.size())
    encodings_.push_back(std::make_unique<encoding>());
  auto& fresh = *encodings_[encodings_used_++];
  fresh.form = form;
  fresh.policy = speaks_.policy(batch, form.reader);
  fresh.bytes.clear();
  fresh.framed.clear();
  fresh.stream = nullptr;
  fresh.ranges = {};
  fresh.written = false;
  speaks_.encode_events(batch, form.reader, fresh.bytes);
  return fresh;
}

/// A large audience shares what is written here; a small one gets copies. Returns false when there
/// is no memory.
bool outbound::write(encoding& form, audience_queue& queue, std::size_t readers) {
  form.written = true;
  frame_output(form.bytes, form.form.framing, form.framed);
  if (scheduler_.is_small(readers))
    return true;
  form.stream = &queue.stream_of(form.form);
  return with_memory([&] { form.ranges = form.stream->write(form.sent()); });
}

void outbound::complete(const connection& whose, receipt& reply, std::string_view own_copy) const {
  reply.bytes.insert(0, own_copy);
  if (reply.asked && reply.answer)
    for (const auto& part : *reply.answer)
      speaks_.encode_answer(part, *reply.asked, reply.bytes);
  if (reply.asked && reply.asked->wants_marks())
    speaks_.mark_answers(*reply.asked, reply.bytes);
  if (reply.asked && reply.asked->wants_marks() && !reply.if_unkept.empty())
    speaks_.mark_answers(*reply.asked, reply.if_unkept);
  if (reply.replay)
    append_replay(whose, reply);
}

/// What was said in the room before, as far as the client would have got it.
void outbound::append_replay(const connection& whose, receipt& reply) const {
  history_page heard;
  for (const auto& each : *reply.replay)
    if (should_receive(whose, *each, speaks_.policy(*each, whose.reader)))
      heard.push_back(each);
  speaks_.encode_replay(heard, whose.reader, reply.bytes);
}

bool outbound::must_wait(const publication& which, waiting_author author) {
  author.readers = which.readers;
  author.work_bytes = which.work_bytes;
  return which.queue != nullptr && scheduler_.add_batch(*which.queue, std::move(author));
}

void outbound::deliver(connection_key key, const delivery& what, deadline_clock::time_point now) {
  auto* found = connections_.find(key);
  if (found == nullptr)
    return;
  auto& reader = *found;
  const bool queued = enqueue(key, [&] {
    auto& out = reader.wire->out();
    if (what.ranges.empty())
      out.append_copy(what.bytes);
    else
      out.append_shared(what.ranges);
  });
  if (!queued)
    return;
  if (note_output(reader, what.bytes.size(), now) && !std::exchange(reader.flush_queued, true))
    scheduler_.add_reader(what.queue, reader.key);
  check_backlog(reader);
}

void outbound::reply(connection& whose, std::string_view bytes, deadline_clock::time_point now) {
  if (bytes.empty())
    return;
  const auto key = whose.key;
  if (whose.framing != output_form::lines) {
    framed_reply_.clear();
    frame_output(bytes, whose.framing, framed_reply_);
    bytes = framed_reply_;
  }
  keep_within_credit();
  if (connections_.find(key) == nullptr ||
      !enqueue(key, [&] { whose.wire->out().append_copy(bytes); }))
    return;
  if (note_output(whose, bytes.size(), now) && !std::exchange(whose.reply_queued, true))
    scheduler_.add_writer(key);
  check_backlog(whose);
}

/// So many bytes were queued for a connection. Returns true if it has to be flushed: a full socket
/// asks for more by itself.
bool outbound::note_output(connection& whose, std::size_t bytes, deadline_clock::time_point now) {
  counts_.bytes_out += bytes;
  whose.last_active = now;
  if (whose.backlog.bucket == 0)
    return true;
  update_backlog(whose);
  return false;
}

/// Queues something for a connection. Returns false if the connection is gone: it was the slowest
/// when memory was short, or there is no memory even so.
template <class Append>
bool outbound::enqueue(connection_key key, Append append) {
  const bool queued = with_memory([&] {
    if (connections_.find(key) != nullptr)
      append();
  });
  auto* whose = connections_.find(key);
  if (!queued && whose != nullptr)
    gateway_.on_slow_reader(*whose, cut_reason::server_backlog);
  return queued && whose != nullptr;
}

/// A reader with too much to read is cut, unless its socket takes what is too much. No more is
/// offered to it here: others may be in the same place, and nobody else has a turn meanwhile.
void outbound::check_backlog(connection& reader) {
  if (reader.wire->out().size() <= limits_.backlog_bytes_max)
    return;
  reader.wire->flush_some(reader.wire->out().size() - limits_.backlog_bytes_max);
  update_backlog(reader);
  if (reader.wire->out().size() > limits_.backlog_bytes_max)
    gateway_.on_slow_reader(reader, cut_reason::slow_reader);
}

bool outbound::should_receive(const connection& reader, const event_batch& batch,
                              delivery_policy policy) const {
  switch (policy) {
    case delivery_policy::everything:
    case delivery_policy::own_in_own_form:
      return true;
    case delivery_policy::all_but_own_user:
      return !reader.who || reader.who->name != batch.who.name();
    case delivery_policy::all_but_own_connection:
      return client_id{id_, reader.key} != batch.who.from;
  }
  return true;
}

// -- flushing -----------------------------------------------------------------

bool outbound::flush_round(bool another_follows) {
  scheduler_.flush_round(*this, another_follows);
  return scheduler_.has_work();
}

flush_scheduler::flushed outbound::flush_reader(connection_key key, std::size_t bytes_max) {
  auto* reader = connections_.find(key);
  if (reader == nullptr)
    return {};
  reader->flush_queued = false;
  if (reader->leaving)
    return {};  // The link writes what it has by itself.
  const auto before = reader->wire->out().size();
  const bool more = reader->wire->flush_some(bytes_max);
  const auto after = reader->wire->out().size();
  reader->flush_queued = more;
  backlog_.update(*reader, more ? 0 : after);
  gateway_.on_progress(*reader);
  return {before - after, more};
}

void outbound::flush_writer(connection_key key) {
  auto* writer = connections_.find(key);
  if (writer == nullptr)
    return;
  writer->reply_queued = false;
  if (writer->leaving)
    return;
  const bool more = writer->wire->flush_some(reply_bytes_per_turn);
  if (more && !std::exchange(writer->reply_queued, true))
    scheduler_.add_writer(key);
  backlog_.update(*writer, more ? 0 : writer->wire->out().size());
  gateway_.on_progress(*writer);
}

void outbound::update_backlog(connection& whose) {
  backlog_.update(whose, whose.wire->out().size());
}

void outbound::remove(connection& gone) {
  backlog_.remove(gone);
  gone.wire->out().clear();
}

// -- memory -------------------------------------------------------------------

void outbound::keep_within_credit() {
  if (memory_.held_bytes() <= credit_.bytes())
    return;
  scheduler_.flush_until([this] { return memory_.held_bytes() <= credit_.bytes(); }, *this);
  // A little more than needed, or the next batch would have to cut again.
  constexpr std::size_t spare_divisor = 16;
  if (memory_.held_bytes() > credit_.bytes())
    cut_slowest_until(credit_.bytes() - credit_.bytes() / spare_divisor);
}

void outbound::cut_slowest_until(std::size_t held_bytes) {
  while (memory_.held_bytes() > held_bytes) {
    auto* slowest = backlog_.slowest();
    if (slowest == nullptr)
      return;
    gateway_.on_slow_reader(*slowest, cut_reason::server_backlog);
  }
}

/// Does what needs memory. When there is none, the slowest readers make room; returns false when
/// that does not help either.
template <class Allocating>
bool outbound::with_memory(Allocating work) {
  try {
    work();
    return true;
  } catch (const std::bad_alloc&) {
    scheduler_.flush_until([] { return false; }, *this);
    cut_slowest_until(memory_.held_bytes() / 2);
  }
  try {
    work();
    return true;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

}  // namespace confab
