#include "apps/bench/opening.hpp"

#include "apps/bench/clock.hpp"
#include "apps/bench/failure.hpp"

namespace confab::bench {
namespace {

constexpr int poll_ms = 100;

}  // namespace

opening::opening(connection_set& connections, const protocol_adapter& protocol,
                 const crowd_roster& crowd)
    : connections_(connections), protocol_(protocol), crowd_(crowd) {
  states_.reserve(crowd.size());
}

void opening::run(const bench_options& options) {
  progress_line progress(options.shows_progress);
  silence_watchdog watchdog(options.deadline_seconds);
  while (ready_ < crowd_.size()) {
    while (states_.size() < crowd_.size() && states_.size() - ready_ < options.joining_max) {
      const auto id = static_cast<connection_id>(states_.size());
      states_.emplace_back();
      connections_.open(crowd_.stalls(id) ? socket_buffers::small : socket_buffers::usual,
                        crowd_.server(id));
    }
    has_progress_ = false;
    connections_.poll(*this, poll_ms);
    const auto time = now_ns();
    if (has_progress_)
      watchdog.feed(time);
    watchdog.check(time, std::to_string(ready_) + " of " + std::to_string(crowd_.size()) +
                             " connections have joined");
    show(progress, time);
  }
}

void opening::show(progress_line& progress, std::uint64_t time) const {
  if (progress.is_due(time)) {
    progress.show(std::to_string(ready_) + " of " + std::to_string(crowd_.size()) + " joined",
                  time);
  }
}

void opening::send_step(connection_id id) {
  auto& state = states_[id];
  state.answers_missing = protocol_.open(crowd_[id], state.step, connections_.output(id));
  connections_.flush(id);
}

std::size_t opening::received(connection_id id, std::string_view bytes) {
  parsed_.clear();
  const auto used = protocol_.parse(bytes, parsed_);
  has_progress_ = true;
  if (!parsed_.error.empty())
    throw failure("the server refused " + crowd_[id].user + ": " + parsed_.error);
  if (!parsed_.reply.empty()) {
    connections_.output(id) += parsed_.reply;
    connections_.flush(id);
  }
  count_answers(id, parsed_.answers);
  return used;
}

void opening::count_answers(connection_id id, std::uint32_t answers) {
  auto& state = states_[id];
  const auto steps = protocol_.steps(crowd_[id].role);
  if (answers == 0 || state.step >= steps)
    return;
  state.answers_missing -= answers < state.answers_missing ? answers : state.answers_missing;
  if (state.answers_missing > 0)
    return;
  if (++state.step < steps)
    send_step(id);
  else
    ++ready_;
}

}  // namespace confab::bench
