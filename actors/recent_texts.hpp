#pragma once

#include "actors/model/events.hpp"
#include "actors/model/history.hpp"
#include "actors/model/message_id.hpp"

#include <cstddef>
#include <deque>
#include <memory>

namespace confab {

/// The last texts of a room, for those who come in.
class recent_texts {
 public:
  /// Remembers no more than so many.
  explicit recent_texts(std::size_t texts_max) : texts_max_(texts_max) {}

  /// These were said to all, as one batch.
  void add(const std::shared_ptr<const event_batch>& batch);

  /// These, oldest first, are the last ones that are kept. What was not added so far comes to where
  /// its time says: before all that was said here, and among what was said on other nodes.
  void merge(const history_page& kept);

  /// A text was taken back.
  void forget(const message_id& which);

  /// All of them, oldest first. Null: there are none.
  std::shared_ptr<const history_page> all() const;

 private:
  void drop_too_many();

  std::size_t texts_max_;
  std::size_t texts_ = 0;
  std::deque<std::shared_ptr<const event_batch>> batches_;  ///< Of texts only, oldest first.
};

}  // namespace confab
