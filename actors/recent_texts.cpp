#include "actors/recent_texts.hpp"

#include <algorithm>
#include <iterator>
#include <variant>

namespace confab {

namespace {

/// What travels in one batch is of one kind.
bool holds_texts(const event_batch& batch) {
  const auto* first = batch.events.empty() ? nullptr : std::get_if<said>(&batch.events.front());
  return first != nullptr && first->kind != text_kind::tags_only && is_kept(batch);
}

/// Where in the batch the event of this name is, if it is there.
std::size_t index_of(const message_id& which, const event_batch& batch) {
  const auto& at = batch.at;
  const bool is_of_it = at.run == which.run && at.room == which.room &&
                        which.sequence >= at.sequence &&
                        which.sequence - at.sequence < batch.events.size();
  return is_of_it ? static_cast<std::size_t>(which.sequence - at.sequence) : batch.events.size();
}

}  // namespace

void recent_texts::add(const std::shared_ptr<const event_batch>& batch) {
  if (texts_max_ == 0 || !holds_texts(*batch))
    return;
  texts_ += batch->events.size();
  batches_.push_back(batch);
  drop_too_many();
}

/// No more is kept of a batch than is wanted: it may be large.
void recent_texts::drop_too_many() {
  while (texts_ > texts_max_) {
    const auto first = batches_.front();
    const auto too_many = std::min(texts_ - texts_max_, first->events.size());
    batches_.pop_front();
    texts_ -= too_many;
    if (too_many < first->events.size())
      batches_.push_front(std::make_shared<const event_batch>(
          part_of(*first, too_many, first->events.size() - too_many)));
  }
}

void recent_texts::merge(const history_page& kept) {
  const auto is_here = [this](const event_batch& each) {
    const message_id name{each.at.run, each.at.room, each.at.sequence};
    return std::any_of(batches_.begin(), batches_.end(), [&](const auto& known) {
      return index_of(name, *known) < known->events.size();
    });
  };
  auto place = batches_.begin();
  for (const auto& each : kept) {
    if (!holds_texts(*each) || is_here(*each))
      continue;
    place = std::find_if(place, batches_.end(), [&](const auto& known) {
      return known->at.first_ms >= each->at.first_ms;
    });
    place = std::next(batches_.insert(place, each));
    texts_ += each->events.size();
  }
  drop_too_many();
}

void recent_texts::forget(const message_id& which) {
  for (auto each = batches_.begin(); each != batches_.end(); ++each) {
    const auto batch = *each;
    const auto size = batch->events.size();
    const auto index = index_of(which, *batch);
    if (index == size)
      continue;
    --texts_;
    each = batches_.erase(each);
    if (index + 1 < size)
      each = batches_.insert(each,
                             std::make_shared<const event_batch>(part_of(*batch, index + 1, size)));
    if (index > 0)
      batches_.insert(each, std::make_shared<const event_batch>(part_of(*batch, 0, index)));
    return;
  }
}

std::shared_ptr<const history_page> recent_texts::all() const {
  if (batches_.empty())
    return nullptr;
  return std::make_shared<const history_page>(batches_.begin(), batches_.end());
}

}  // namespace confab
