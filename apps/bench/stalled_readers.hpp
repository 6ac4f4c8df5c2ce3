#pragma once

#include "apps/bench/connection_set.hpp"
#include "apps/bench/crowd_roster.hpp"
#include "apps/bench/options.hpp"

#include <cstddef>
#include <cstdint>

namespace confab::bench {

/// What the readers that do not read are owed at the end of a round.
struct stalled_result {
  std::size_t readers = 0;
  std::size_t cut = 0;  ///< those whose connection the server has ended
  /// What the server itself held for each, on average, when that was enough and the senders
  /// stopped.
  std::uint64_t backlog_bytes_each = 0;
};

/// The receivers that stop reading once they have joined, and what the server holds for them: what
/// the first receiver of the first room, who reads, has got, less what the kernel has taken.
class stalled_readers {
 public:
  stalled_readers(connection_set& connections, const crowd_roster& crowd,
                  const bench_options& options);

  /// From now on they do not read.
  void stop_reading();

  /// `id` has taken `bytes` of the load from its socket.
  void count_read(connection_id id, std::size_t bytes) { read_bytes_ += id == 0 ? bytes : 0; }

  /// Whether the server holds for each of them what the options ask for. Cheap: the kernel is asked
  /// again only when enough has come since.
  bool are_full();

  [[nodiscard]] stalled_result result() const;

 private:
  connection_set& connections_;
  const crowd_roster& crowd_;
  const bench_options& options_;
  std::size_t count_ = 0;
  std::uint64_t read_bytes_ = 0;          ///< by the first receiver of the first room
  std::uint64_t wanted_bytes_ = 0;        ///< of read_bytes_, as far as the kernel's part is known
  std::uint64_t backlog_bytes_each_ = 0;  ///< when they were full
};

}  // namespace confab::bench
