#include "apps/bench/opening.hpp"

#include "apps/bench/clock.hpp"
#include "apps/bench/failure.hpp"

namespace confab::bench {
namespace {

constexpr int poll_milliseconds = 100;

}  // namespace

Opening::Opening(Transport& transport, const Protocol& protocol, const Crowd& crowd)
    : transport_(transport), protocol_(protocol), crowd_(crowd) {
  states_.reserve(crowd.size());
}

void Opening::run(std::uint32_t batch, double deadline) {
  Progress progress;
  Watchdog watchdog(deadline);
  while (ready_ < crowd_.size()) {
    while (states_.size() < crowd_.size() && states_.size() - ready_ < batch) {
      states_.emplace_back();
      transport_.open();
    }
    has_progress_ = false;
    transport_.poll(*this, poll_milliseconds);
    const auto time = now();
    if (has_progress_) {
      watchdog.feed(time);
    }
    watchdog.check(time, std::to_string(ready_) + " of " + std::to_string(crowd_.size()) +
                             " connections have joined");
    show(progress, time);
  }
}

void Opening::show(Progress& progress, std::uint64_t time) const {
  if (progress.is_due(time)) {
    progress.show(std::to_string(ready_) + " of " + std::to_string(crowd_.size()) + " joined",
                  time);
  }
}

void Opening::send_step(ConnectionId id) {
  auto& state = states_[id];
  state.answers_missing = protocol_.open(crowd_[id], state.step, transport_.output(id));
  transport_.flush(id);
}

std::size_t Opening::received(ConnectionId id, std::string_view bytes) {
  batch_.clear();
  const auto used = protocol_.parse(bytes, batch_);
  has_progress_ = true;
  if (!batch_.error.empty()) {
    throw Failure("the server refused " + crowd_[id].user + ": " + batch_.error);
  }
  if (!batch_.reply.empty()) {
    transport_.output(id) += batch_.reply;
    transport_.flush(id);
  }
  count_answers(id, batch_.answers);
  return used;
}

void Opening::count_answers(ConnectionId id, std::uint32_t answers) {
  auto& state = states_[id];
  const auto steps = protocol_.steps(crowd_[id].role);
  if (answers == 0 || state.step >= steps) {
    return;
  }
  state.answers_missing -= answers < state.answers_missing ? answers : state.answers_missing;
  if (state.answers_missing > 0) {
    return;
  }
  if (++state.step < steps) {
    send_step(id);
  } else {
    ++ready_;
  }
}

}  // namespace confab::bench
