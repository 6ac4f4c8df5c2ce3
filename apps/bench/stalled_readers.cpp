#include "apps/bench/stalled_readers.hpp"

#include "apps/bench/kernel_queues.hpp"

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
  const auto held_by_kernel = read_kernel_queues(options_.port).bytes / count_;
  wanted_bytes_ = options_.stalled_bytes + held_by_kernel;
  if (read_bytes_ < wanted_bytes_)
    return false;
  backlog_bytes_each_ = read_bytes_ - held_by_kernel;
  return true;
}

stalled_result stalled_readers::result() const {
  stalled_result result{.readers = count_, .cut = 0, .backlog_bytes_each = backlog_bytes_each_};
  if (count_ == 0)
    return result;
  result.cut = read_kernel_queues(options_.port).ending;
  for (connection_id id = 0; id < crowd_.receivers(); ++id)
    result.cut += crowd_.stalls(id) && !connections_.is_open(id) ? 1 : 0;
  return result;
}

}  // namespace confab::bench
