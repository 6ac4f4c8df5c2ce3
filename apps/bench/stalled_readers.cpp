#include "apps/bench/stalled_readers.hpp"

#include "apps/bench/kernel_queues.hpp"

#include <algorithm>

namespace confab::bench {

stalled_readers::stalled_readers(connection_set& connections, const crowd_roster& crowd,
                                 const bench_options& options)
    : connections_(connections),
      crowd_(crowd),
      options_(options),
      wanted_bytes_(options.stalled_bytes) {}

void stalled_readers::stop_reading() {
  count_ = 0;
  for (connection_id id = 0; id < crowd_.receivers(); ++id) {
    if (crowd_.stalls(id)) {
      connections_.stop_reading(id);
      ++count_;
    }
  }
}

bool stalled_readers::are_full() {
  if (count_ == 0 || read_bytes_ < wanted_bytes_)
    return false;
  wanted_bytes_ = options_.stalled_bytes + read_kernel_queues(options_.port).bytes / count_;
  return read_bytes_ >= wanted_bytes_;
}

stalled_result stalled_readers::result() const {
  stalled_result result;
  result.readers = count_;
  if (count_ == 0)
    return result;
  const auto queues = read_kernel_queues(options_.port);
  const auto held_by_kernel = queues.bytes / count_;
  result.backlog_bytes_each = read_bytes_ - std::min(read_bytes_, held_by_kernel);
  result.cut = crowd_.size() - std::min(crowd_.size(), queues.established);
  return result;
}

}  // namespace confab::bench
