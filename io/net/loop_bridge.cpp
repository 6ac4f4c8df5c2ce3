#include "io/net/loop_bridge.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>

namespace confab {

using caf::io::network::operation;

namespace {

/// A write of no more than PIPE_BUF bytes is not mixed with those of other loops, and is done as a
/// whole or not at all. So whole pointers come out.
constexpr std::size_t wakes_at_once = PIPE_BUF / sizeof(caf::resumable*);

}  // namespace

loop_inbox::pipe_ends loop_inbox::make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
    throw std::system_error{errno, std::generic_category()};
  return {file_descriptor{ends[0]}, file_descriptor{ends[1]}};
}

loop_inbox::loop_inbox(caf::io::network::default_multiplexer& loop,
                       std::function<void(caf::resumable*)> wake)
    : loop_inbox(loop, make_pipe(), std::move(wake)) {}

loop_inbox::loop_inbox(caf::io::network::default_multiplexer& loop, pipe_ends pipe,
                       std::function<void(caf::resumable*)> wake)
    : event_handler(loop, pipe.exit.release()),
      entrance_(std::move(pipe.entrance)),
      wake_(std::move(wake)) {
  backend().add(operation::read, fd(), this);
}

/// There is nothing left unless the end was not in order.
loop_inbox::~loop_inbox() {
  wake_ = [](caf::resumable* actor) { caf::intrusive_ptr_release(actor); };
  while (take_some() > 0)
    continue;
}

void loop_inbox::handle_event(operation) {
  take_some();
}

/// Returns how many there were.
std::size_t loop_inbox::take_some() {
  std::array<caf::resumable*, wakes_at_once> woken{};
  const auto bytes = ::read(fd(), woken.data(), sizeof woken);
  if (bytes <= 0)
    return 0;
  const auto count = static_cast<std::size_t>(bytes) / sizeof(caf::resumable*);
  for (std::size_t i = 0; i < count; ++i)
    wake_(woken[i]);
  return count;
}

loop_bridge::loop_bridge(caf::io::network::default_multiplexer& from, caf::actor_system& to,
                         const loop_inbox& inbox)
    : execution_unit(&to), event_handler(from, inbox.entrance()) {}

/// The descriptor is the other loop's.
loop_bridge::~loop_bridge() {
  fd_ = caf::io::network::invalid_native_socket;
  for (auto* actor : std::exchange(waiting_, {}))
    caf::intrusive_ptr_release(actor);
}

void loop_bridge::flush() {
  if (waiting_.empty() || pipe_is_full_)
    return;
  write();
  if (pipe_is_full_)
    backend().handle_internal_events();  // Or the loop would sleep before it waits for room.
}

void loop_bridge::write() {
  std::size_t written = 0;
  while (written < waiting_.size()) {
    const auto count = std::min(waiting_.size() - written, wakes_at_once);
    const auto bytes = ::write(fd(), waiting_.data() + written, count * sizeof(caf::resumable*));
    if (bytes <= 0)
      break;
    written += static_cast<std::size_t>(bytes) / sizeof(caf::resumable*);
  }
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(written));
  const bool was_full = std::exchange(pipe_is_full_, !waiting_.empty());
  if (pipe_is_full_ == was_full)
    return;
  if (pipe_is_full_)
    backend().add(operation::write, fd(), this);
  else
    backend().del(operation::write, fd(), this);
}

}  // namespace confab
