// MEMORY and WORK: what the server holds, and does in one step.

#include "tests/simulation/bounds.hpp"

#include "io/output/outbox.hpp"

#include <algorithm>
#include <utility>

namespace confab::simulation {

namespace {

/// A list of references has room for at least so many, and for twice as many as it had before it
/// grew, of which at least half are still of use.
std::size_t list_bytes_max(const outbox& out) {
  constexpr std::size_t ranges_min = 4;
  return sizeof(block_range) * std::max(ranges_min, 2 * test::pieces_waiting(out) + 2);
}

}  // namespace

bounds::bounds(const plan& design, const server& watched, std::vector<gateway_watch_ptr> notes)
    : plan_(design), server_(watched), notes_(std::move(notes)), members_(design.crowd.size()) {
  for (std::size_t i = 0; i < plan_.crowd.size(); ++i) {
    const auto& member = plan_.crowd[i];
    members_[i].batch_bytes_max.resize(plan_.gateways.size());
    if (!member.listens)
      continue;
    auto& group = audience_of(member.gateway, member.mood.stays.room);
    group.listeners.push_back(i);
    if (!member.is_author)
      group.readers.push_back(i);
  }
  for (auto& group : audiences_)
    group.turns_max = was_small(group) ? 0 : turns_of_large(group);
}

bounds::audience_watch& bounds::audience_of(std::size_t gateway, const std::string& room) {
  const auto found = std::find_if(
      audiences_.begin(), audiences_.end(),
      [&](const audience_watch& group) { return group.gateway == gateway && group.room == room; });
  if (found != audiences_.end())
    return *found;
  auto& added = audiences_.emplace_back();
  added.gateway = gateway;
  added.room = room;
  return added;
}

void bounds::begin_step(const crowd& clients) {
  for (const auto& notes : notes_)
    notes->begin_step();
  if (!judges_crowd_)
    return;
  for (std::size_t i = 0; i < members_.size(); ++i)
    members_[i].flushes_before = clients[i]->wire().flushes();
}

void bounds::end_step(std::optional<std::size_t> gateway, const crowd& clients) {
  check_memory(clients);
  if (judges_crowd_) {
    note_batches();
    note_queues(clients);
    check_batches(clients);
    if (gateway) {
      check_round(*gateway, clients);
      check_readers(*gateway, clients);
    }
    check_unoffered(clients);
  }
  for (const auto& notes : notes_)
    notes->batches.clear();
}

void bounds::find(const std::string& clause, const std::string& what) {
  if (breached_.insert(clause).second)
    findings_.push_back(clause + ": " + what);
}

/// Before a gateway queues a batch or a reply, what it holds fits into its credit, and the credit
/// of all gateways together is no more than the quota. So each may exceed its credit by what it
/// added last: the blocks of one batch or reply, whole, and one growth of the list of references of
/// each reader. A batch is seen to begin and a reply is not, so the replies of one step count as
/// one.
void bounds::check_memory(const crowd& clients) {
  std::size_t held = 0;
  std::size_t allowed = plan_.all.backlog_bytes_max;
  for (std::size_t i = 0; i < notes_.size(); ++i) {
    held += server_.memory(i).held_bytes();
    allowed += notes_[i]->largest_addition_bytes;
  }
  if (held <= allowed)
    return;
  for (const auto& each : clients)
    if (each->open())
      allowed += list_bytes_max(each->wire().out());
  if (held > allowed)
    find("MEMORY", "the gateways hold " + std::to_string(held) + " bytes for readers, more than " +
                       std::to_string(allowed));
}

void bounds::note_batches() {
  for (std::size_t gateway = 0; gateway < notes_.size(); ++gateway)
    for (const auto& batch : notes_[gateway]->batches) {
      if (batch.author >= members_.size())
        continue;
      auto& author = members_[batch.author];
      author.has_progressed = true;
      auto& bytes = author.batch_bytes_max[gateway];
      bytes = std::max(bytes, batch.bytes);
    }
}

/// A batch without its last text costs no more than a batch may: a text that exceeds the limit
/// stands at its end. Those count who get it; it was cut for those who read the batch before it,
/// and these are no fewer, for nobody comes.
void bounds::check_batches(const crowd& clients) {
  const auto limit = plan_.limits.work_bytes_per_batch;
  for (const auto& notes : notes_)
    for (const auto& batch : notes->batches) {
      const auto readers = open_readers(batch, clients);
      if (batch.bytes_without_last * readers > limit)
        find("WORK", "a batch of client " + std::to_string(batch.author) + " is " +
                         std::to_string(batch.bytes_without_last) +
                         " bytes without its last text, for " + std::to_string(readers) +
                         " readers");
    }
}

/// In one run of a gateway, its readers in large rooms are offered their output a limited number of
/// times, all of them together. Not judged where memory or a backlog may run out, since all is
/// flushed then before somebody is cut.
void bounds::check_round(std::size_t gateway, const crowd& clients) {
  if (plan_.anybody_may_be_cut())
    return;
  std::size_t served = 0;
  for (const auto& group : audiences_)
    if (group.gateway == gateway && is_large(group, clients))
      for (const auto reader : group.readers)
        served += clients[reader]->wire().flushes() - members_[reader].flushes_before;
  const auto allowed = readers_per_round_max(gateway);
  if (served > allowed)
    find("WORK", "one round has served " + std::to_string(served) +
                     " readers of large rooms, more than " + std::to_string(allowed));
}

/// Those who get a batch: members who listen, but for those who do not hear their own user.
std::size_t bounds::open_readers(const encoded_batch& batch, const crowd& clients) const {
  const auto is_reader = [&](std::size_t i) {
    const auto& speaks = *clients[i]->seen().speaks;
    const bool is_own = i == batch.author && !speaks.hears_own_connection();
    const bool has_own_name = clients[i]->user() == clients[batch.author]->user();
    return clients[i]->open() && !is_own && (speaks.hears_own_user() || !has_own_name);
  };
  std::size_t count = 0;
  for (const auto& group : audiences_)
    if (group.room == batch.room)
      count += static_cast<std::size_t>(
          std::count_if(group.listeners.begin(), group.listeners.end(), is_reader));
  return count;
}

std::size_t bounds::open_listeners(const std::string& room, const crowd& clients) const {
  std::size_t count = 0;
  for (const auto& group : audiences_)
    if (group.room == room)
      count += static_cast<std::size_t>(
          std::count_if(group.listeners.begin(), group.listeners.end(),
                        [&](std::size_t i) { return clients[i]->open(); }));
  return count;
}

std::size_t bounds::listeners_behind(std::size_t gateway) const {
  std::size_t count = 0;
  for (const auto& group : audiences_)
    count += group.gateway == gateway ? group.listeners.size() : 0;
  return count;
}

}  // namespace confab::simulation
