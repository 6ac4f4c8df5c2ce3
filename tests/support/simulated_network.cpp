#include "tests/support/simulated_network.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace confab::test {

std::size_t pieces_waiting(const outbox& out) {
  for (std::size_t room = 16;; room *= 2) {
    std::vector<iovec> pieces(room);
    const auto number = out.gather(pieces, out.size());
    if (number < room)
      return number;
  }
}

caf::execution_unit* simulated_link::unit() {
  return &parent()->system().middleman().backend();
}

bool simulated_link::step(std::size_t bytes_max) {
  if (closed_)
    return false;
  const caf::intrusive_ptr<simulated_link> guard{this};
  if (std::exchange(resetting_, false)) {
    fail();
    return true;
  }
  if (take_output())
    return true;
  if (finishing_ && out().empty() && !lingering_) {
    // The peer reads the end of the stream and closes its side.
    fail();
    return true;
  }
  if (paused_ || finishing_)
    return false;
  if (!inbound_.empty()) {
    const auto count = std::min(bytes_max, inbound_.size());
    msg().buf.assign(inbound_.begin(), inbound_.begin() + static_cast<std::ptrdiff_t>(count));
    inbound_.erase(0, count);
    invoke_mailbox_element(unit());
    return true;
  }
  if (std::exchange(input_ending_, false)) {
    using message_type = caf::io::connection_passivated_msg;
    caf::mailbox_element_vals<message_type> ended{caf::strong_actor_ptr{}, caf::make_message_id(),
                                                  caf::mailbox_element::forwarding_stack{},
                                                  message_type{hdl()}};
    invoke_mailbox_element_impl(unit(), ended);
    return true;
  }
  return false;
}

bool simulated_link::flush_some(std::size_t bytes_max) {
  ++flushes_;
  return write_some(bytes_max);
}

bool simulated_link::write_some(std::size_t bytes_max) {
  if (closed_ || awaiting_window_ || out().empty())
    return false;
  const auto due = std::min(bytes_max, out().size());
  const auto count = std::min({due, window_, write_bytes_max_});
  std::array<iovec, 64> pieces;
  auto left = count;
  while (left > 0) {
    std::size_t taken = 0;
    const auto number = out().gather(pieces, left);
    for (std::size_t i = 0; i < number; ++i) {
      outbound_.append(static_cast<const char*>(pieces[i].iov_base), pieces[i].iov_len);
      taken += pieces[i].iov_len;
    }
    out().consume(taken);
    left -= taken;
  }
  if (window_ != std::string::npos)
    window_ -= count;
  awaiting_window_ = count < due;
  return !awaiting_window_ && !out().empty();
}

std::string simulated_link::queued(std::size_t skipped) const {
  std::string result;
  std::vector<iovec> pieces(out().size() > skipped ? pieces_waiting(out()) : 0);
  const auto number = out().gather(pieces, out().size());
  for (std::size_t i = 0; i < number; ++i) {
    const auto left_out = std::min(skipped, pieces[i].iov_len);
    skipped -= left_out;
    result.append(static_cast<const char*>(pieces[i].iov_base) + left_out,
                  pieces[i].iov_len - left_out);
  }
  return result;
}

/// What a socket does when it has become writable again.
bool simulated_link::take_output() {
  const auto before = out().size();
  if (!awaiting_window_ || before == 0 || window_ == 0)
    return false;
  awaiting_window_ = false;
  while (write_some(before)) {
  }
  data_transferred(unit(), before - out().size(), out().size());
  return true;
}

void simulated_link::fail() {
  closed_ = true;
  dropped_bytes_ = out().size();
  io_failure(unit(), caf::io::network::operation::read);
}

void simulated_link::close_now() {
  if (std::exchange(closed_, true))
    return;
  dropped_bytes_ = out().size();
  detach(nullptr, false);
}

simulated_link_ptr simulated_doorman::connect() {
  auto wire = caf::make_counted<simulated_link>(++links_made_, memory_);
  parent()->add_scribe(wire);
  doorman::new_connection(&parent()->system().middleman().backend(), wire->hdl());
  return wire;
}

void simulated_doorman::graceful_shutdown() {
  if (!detached())
    detach(nullptr, false);
}

}  // namespace confab::test
