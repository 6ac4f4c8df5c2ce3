#include "io/gateway/backlog_index.hpp"

#include "io/gateway/connection_table.hpp"

#include <bit>

namespace confab {

void backlog_index::update(connection& which, std::size_t backlog_bytes) {
  const auto bucket = static_cast<std::uint8_t>(std::bit_width(backlog_bytes));
  if (bucket == which.backlog.bucket)
    return;
  remove(which);
  if (bucket == 0)
    return;
  auto*& first = first_[bucket];
  which.backlog = {nullptr, first, bucket};
  if (first != nullptr)
    first->backlog.previous = &which;
  first = &which;
}

void backlog_index::remove(connection& which) {
  auto& [previous, next, bucket] = which.backlog;
  if (bucket == 0)
    return;
  if (previous != nullptr)
    previous->backlog.next = next;
  else
    first_[bucket] = next;
  if (next != nullptr)
    next->backlog.previous = previous;
  which.backlog = {};
}

connection* backlog_index::slowest() const {
  for (auto bucket = buckets; bucket-- > 1;)
    if (first_[bucket] != nullptr)
      return first_[bucket];
  return nullptr;
}

}  // namespace confab
