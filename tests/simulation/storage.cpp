#include "tests/simulation/storage.hpp"

#include "tests/simulation/language.hpp"

#include <algorithm>
#include <utility>

namespace confab::simulation {

namespace {

const said* text_in(const event_batch& row) {
  return std::get_if<said>(&row.events.front());
}

storage_failure unreadable() {
  return {storage_trouble::failed, "the simulated disk cannot be read"};
}

class writer final : public history_writer {
 public:
  explicit writer(simulated_storage_ptr storage)
      : storage_(std::move(storage)), life_(storage_->life()) {}

  storage_outcome keep(std::span<const std::shared_ptr<const event_batch>> batches) override {
    if (is_gone())
      return unreadable();
    return storage_->keep(batches);
  }
  storage_result<text_origin> origin_of(const std::string& room, const message_id& id) override {
    const auto* row = storage_->find(room, id);
    return row != nullptr && text_in(*row) != nullptr ? text_origin{row->who.who, row->at.first_ms}
                                                      : text_origin{};
  }
  storage_result<bool> redact(const std::string& room, const message_id& id) override {
    if (is_gone())
      return unreadable();
    return storage_->remove(room, id);
  }
  storage_result<bool> tidy(const history_retention&, std::int64_t) override { return false; }
  storage_size size() const override { return storage_->size(); }
  storage_result<std::uint64_t> keep_missing(const missing_events& missing,
                                             const history_retention&, std::int64_t) override {
    if (is_gone())
      return unreadable();
    return storage_->keep_missing(missing);
  }

 private:
  bool is_gone() const { return storage_->life() != life_; }

  simulated_storage_ptr storage_;
  std::size_t life_;
};

class reader final : public history_reader {
 public:
  explicit reader(simulated_storage_ptr storage) : storage_(std::move(storage)) {}

  /// Nobody asks for anything but the last texts.
  storage_result<history_page> page(const std::string& room, const history_query& query) override {
    return storage_->latest(room, query.count_max, query.texts_only);
  }
  storage_result<std::vector<history_target>> targets(std::span<const std::string>, std::int64_t,
                                                      std::int64_t, std::size_t) override {
    return std::vector<history_target>{};
  }
  storage_result<history_page> search(const std::string&, const history_search&,
                                      const std::function<bool()>&) override {
    return history_page{};
  }
  storage_result<std::vector<history_digest>> digests(const digest_question& which) override {
    return storage_->digests(which);
  }
  storage_result<held_events> held(const held_question& which, const missing_bounds&) override {
    return storage_->held(which);
  }
  storage_result<std::vector<event_range>> missing(const std::vector<event_range>& there,
                                                   std::int64_t, const history_retention&,
                                                   std::int64_t) override {
    return storage_->missing(there);
  }
  storage_result<missing_events> fetch(const missing_question& which,
                                       const missing_bounds&) override {
    return storage_->fetch(which);
  }

 private:
  simulated_storage_ptr storage_;
};

}  // namespace

storage_outcome simulated_storage::keep(
    std::span<const std::shared_ptr<const event_batch>> batches) {
  const bool fails = fails_now();
  ++calls_;
  for (const auto& batch : batches) {
    ++batches_;
    for (std::size_t i = 0; i < batch->events.size(); ++i) {
      if (!is_kept(batch->events[i]))
        continue;
      // A storage knows nothing of connections.
      auto row = std::make_shared<event_batch>(part_of(*batch, i, 1));
      row->who.from = {};
      if (const auto* text = text_in(*row))
        tried_.push_back({row->room, std::string{mark_of(text->text)}, text->text, batch->who.from,
                          calls_, batches_, !fails, never});
      if (!fails)
        add(std::move(row));
    }
  }
  if (!fails || hides_failures_)
    return std::nullopt;
  return storage_failure{storage_trouble::full, "the simulated disk is full"};
}

std::uint64_t simulated_storage::last_run() const {
  std::uint64_t result = 0;
  for (const auto& [arrival, row] : rows_)
    result = std::max(result, row->at.run);
  return result;
}

void simulated_storage::calm() {
  faults_.calm_calls_max = 0;
  faults_.failed_reads_percent = 0;
}

void simulated_storage::stay_full() {
  is_full_ = true;
  faults_.failed_reads_percent = 0;
}

bool simulated_storage::cannot_be_read() {
  return faults_.failed_reads_percent > 0 && random_.chance(faults_.failed_reads_percent);
}

bool simulated_storage::fails_now() {
  if (is_full_)
    return true;
  if (faults_.calm_calls_max == 0)
    return false;
  if (left_of_spell_ == 0) {
    failing_ = !failing_;
    left_of_spell_ =
        random_.between(1, failing_ ? faults_.spell_calls_max : faults_.calm_calls_max);
  }
  --left_of_spell_;
  return failing_;
}

storage_result<history_page> simulated_storage::latest(const std::string& room,
                                                       std::size_t count_max, bool texts_only) {
  if (cannot_be_read())
    return unreadable();
  history_page result;
  for (auto row = rows_.rbegin(); row != rows_.rend() && result.size() < count_max; ++row)
    if (row->second->room == room && (!texts_only || text_in(*row->second) != nullptr))
      result.push_back(row->second);
  std::reverse(result.begin(), result.end());
  return result;
}

simulated_storage::id_key simulated_storage::key_of(const event_batch& row) {
  return {row.at.run, row.at.room, row.at.sequence};
}

/// Returns whether it is new. One that is not compared keeps all that it is given.
bool simulated_storage::add(std::shared_ptr<const event_batch> row) {
  const bool is_new = arrival_of_.try_emplace(key_of(*row), arrivals_ + 1).second;
  if (is_new || !pieces_)
    rows_.emplace(++arrivals_, std::move(row));
  return is_new;
}

const event_batch* simulated_storage::find(const std::string& room, const message_id& which) const {
  const auto known = arrival_of_.find({which.run, which.room, which.sequence});
  const auto row = known != arrival_of_.end() ? rows_.find(known->second) : rows_.end();
  return row != rows_.end() && row->second->room == room ? row->second.get() : nullptr;
}

bool simulated_storage::remove(const std::string& room, const message_id& which) {
  const auto* row = find(room, which);
  if (row == nullptr)
    return false;
  if (const auto* text = text_in(*row))
    taken_back_.emplace(mark_of(text->text));
  return remember({room, which, row->at.first_ms});
}

/// Returns whether it is new that this text was taken back.
bool simulated_storage::remember(const removed_text& text) {
  const auto [known, is_new] = arrival_of_.try_emplace(
      {text.which.run, text.which.room, text.which.sequence}, arrivals_ + 1);
  if (!is_new && rows_.erase(known->second) == 0)
    return false;
  known->second = ++arrivals_;
  removed_.emplace(arrivals_, text);
  return true;
}

std::shared_ptr<const event_batch> simulated_storage::any_text(dice& random) const {
  std::vector<std::shared_ptr<const event_batch>> texts;
  for (const auto& [arrival, row] : rows_)
    if (text_in(*row) != nullptr)
      texts.push_back(row);
  return texts.empty() ? nullptr : texts[random.below(texts.size())];
}

void simulated_storage::stamp(moment now) {
  for (; stamped_ < tried_.size(); ++stamped_)
    tried_[stamped_].when = now;
}

archive_seen simulated_storage::seen() const {
  archive_seen result;
  result.reads_may_fail = faults_.failed_reads_percent > 0;
  result.tried = tried_;
  result.taken_back = taken_back_;
  for (const auto& each : tried_)
    if (!each.kept)
      result.unkept.insert(each.mark);
  for (const auto& [arrival, row] : rows_)
    if (const auto* text = text_in(*row))
      result.held.push_back({row->room, text->text});
  return result;
}

std::shared_ptr<history_writer> writer_of(simulated_storage_ptr storage) {
  return std::make_shared<writer>(std::move(storage));
}

std::shared_ptr<history_reader> reader_of(simulated_storage_ptr storage) {
  return std::make_shared<reader>(std::move(storage));
}

}  // namespace confab::simulation
