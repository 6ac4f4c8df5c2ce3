#include "apps/bench/delivery_ledger.hpp"

namespace confab::bench {

delivery_ledger::delivery_ledger(std::size_t listeners, std::uint32_t senders)
    : senders_(senders), next_(listeners * senders) {}

void delivery_ledger::deliver(std::size_t listener, std::uint32_t room, const text_stamp& stamp,
                              std::uint64_t time) {
  const auto first = room * senders_;
  if (stamp.sender < first || stamp.sender - first >= senders_) {
    ++strange_;
    return;
  }
  ++deliveries_;
  latency_.record(time > stamp.time_ns ? time - stamp.time_ns : 0);
  auto& next = next_[listener * senders_ + (stamp.sender - first)];
  if (stamp.sequence < next) {
    ++out_of_order_;
    return;
  }
  lost_ += stamp.sequence - next;
  next = stamp.sequence + 1;
}

void delivery_ledger::count_missing(std::size_t listener, std::uint32_t sender,
                                    std::uint32_t sequence) {
  auto& next = next_[listener * senders_ + sender];
  if (next < sequence) {
    lost_ += sequence - next;
    next = sequence;
  }
}

void delivery_ledger::begin_round() {
  latency_.clear();
  deliveries_ = lost_ = out_of_order_ = strange_ = 0;
}

}  // namespace confab::bench
