#pragma once

#include "apps/bench/duration_histogram.hpp"
#include "apps/bench/text_stamp.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace confab::bench {

/// Books every text that arrives: is it the next one of its sender at this listener, and how long
/// did it travel? Numbers of connections and rooms count from 0.
class delivery_ledger {
 public:
  /// For `listeners` connections, in rooms of `senders` senders each.
  delivery_ledger(std::size_t listeners, std::uint32_t senders);

  /// The text `stamp` arrived at `listener`, a member of `room`, at `time` (the stamp's clock).
  void deliver(std::size_t listener, std::uint32_t room, const text_stamp& stamp,
               std::uint64_t time);

  /// A text arrived that carries no stamp.
  void deliver_foreign() { ++strange_; }

  /// The round is over and `listener` should have had `sequence` texts (over all rounds) of the
  /// `sender`-th sender of its room: what is missing is lost.
  void count_missing(std::size_t listener, std::uint32_t sender, std::uint32_t sequence);

  /// Texts that arrived, out of order ones included.
  [[nodiscard]] std::uint64_t deliveries() const { return deliveries_; }

  /// Texts that were not there when their successor came, or at the end. A late one counts here
  /// and in out_of_order().
  [[nodiscard]] std::uint64_t lost() const { return lost_; }

  /// Texts that came twice or after a later text of the same sender.
  [[nodiscard]] std::uint64_t out_of_order() const { return out_of_order_; }

  /// Texts of another room, or that the bench never sent.
  [[nodiscard]] std::uint64_t strange() const { return strange_; }

  /// Nanoseconds from sending to arrival.
  [[nodiscard]] const duration_histogram& latency() const { return latency_; }

  /// Starts a new round: the counts begin at 0 again, the sequence numbers go on.
  void begin_round();

 private:
  std::uint32_t senders_;
  std::vector<std::uint32_t> next_;  ///< expected sequence, by listener and sender of the room
  duration_histogram latency_;
  std::uint64_t deliveries_ = 0;
  std::uint64_t lost_ = 0;
  std::uint64_t out_of_order_ = 0;
  std::uint64_t strange_ = 0;
};

}  // namespace confab::bench
