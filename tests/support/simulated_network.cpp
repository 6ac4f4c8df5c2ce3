#include "tests/support/simulated_network.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace confab::test {

namespace {

/// As many as a `tcp_link` hands over at once.
constexpr std::size_t pieces_per_write = 16;

std::size_t bytes_in(std::span<const iovec> pieces) {
  std::size_t result = 0;
  for (const auto& each : pieces)
    result += each.iov_len;
  return result;
}

}  // namespace

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
  if (finishing_ && !has_output() && !lingering_) {
    // The peer reads the end of the stream and closes its side.
    fail();
    return true;
  }
  if (paused_ || finishing_)
    return false;
  if (!inbound_.empty())
    return take_input(bytes_max);
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

void simulated_link::peer_sends(std::string_view bytes) {
  if (!carriage_) {
    inbound_ += bytes;
    return;
  }
  carriage_->encode(bytes, inbound_, pieces_);
}

std::size_t simulated_link::unread() const {
  if (!carriage_)
    return inbound_.size();
  std::size_t bytes = 0;
  for (const auto& each : pieces_)
    bytes += each.plain;
  return bytes;
}

/// Some bytes come off the wire. Without layers they go to the broker as they are.
bool simulated_link::take_input(std::size_t bytes_max) {
  auto bytes = inbound_.substr(0, bytes_max);
  inbound_.erase(0, bytes.size());
  if (!carriage_) {
    ++inputs_;
    msg().buf.assign(bytes.begin(), bytes.end());
    invoke_mailbox_element(unit());
    return true;
  }
  for (auto left = bytes.size(); left > 0 && !pieces_.empty();) {
    auto& wire = pieces_.front().wire;
    const auto taken = std::min(left, wire);
    wire -= taken;
    left -= taken;
    if (wire == 0)
      pieces_.pop_front();
  }
  const std::string said{carriage_->pipe().take(bytes)};
  flush();
  if (carriage_->pipe().has_ended() || carriage_->pipe().is_overflown()) {
    fail();
    return true;
  }
  if (!said.empty()) {
    ++inputs_;
    msg().buf.assign(said.begin(), said.end());
    invoke_mailbox_element(unit());
  }
  return true;
}

std::string simulated_link::peer_got() {
  auto wire = std::exchange(outbound_, {});
  return carriage_ ? carriage_->decode(wire) : wire;
}

void simulated_link::finish() {
  finishing_ = true;
  if (carriage_)
    carriage_->pipe().finish();
  flush();
  out_at_finish_ = out().size();
}

bool simulated_link::flush_some(std::size_t bytes_max) {
  ++flushes_;
  return write_some(bytes_max);
}

bool simulated_link::write_some(std::size_t bytes_max) {
  if (closed_ || awaiting_window_ || !has_output())
    return false;
  if (carriage_)
    return write_through_layers(bytes_max);
  const auto due = std::min(bytes_max, out().size());
  const auto count = std::min({due, window_, write_bytes_max_});
  for (std::size_t moved = 0; moved < count;) {
    std::array<iovec, pieces_per_write> pieces;
    const auto number = out().gather(pieces, count - moved);
    const auto taken = deliver({pieces.data(), number}, count - moved);
    out().consume(taken);
    moved += taken;
  }
  awaiting_window_ = count < due;
  return !awaiting_window_ && !out().empty();
}

bool simulated_link::write_through_layers(std::size_t bytes_max) {
  auto allowed = std::min(window_, write_bytes_max_);
  while (bytes_max > 0 && has_output()) {
    std::array<iovec, pieces_per_write> pieces;
    const std::span due{pieces.data(), carriage_->pipe().gather(pieces, bytes_max)};
    if (due.empty()) {
      // There was no memory, or a layer has swallowed it.
      resetting_ = resetting_ || carriage_->pipe().is_overflown();
      return false;
    }
    const auto count = deliver(due, allowed);
    carriage_->pipe().consume(count);
    allowed -= count;
    bytes_max -= std::min(bytes_max, bytes_in(due));
    if (count < bytes_in(due)) {
      awaiting_window_ = true;
      return false;
    }
  }
  return has_output();
}

/// The peer gets the first bytes of the pieces, `bytes_max` at most. Returns how many.
std::size_t simulated_link::deliver(std::span<const iovec> pieces, std::size_t bytes_max) {
  auto left = bytes_max;
  for (const auto& each : pieces) {
    const auto count = std::min(each.iov_len, left);
    outbound_.append(static_cast<const char*>(each.iov_base), count);
    left -= count;
  }
  if (window_ != std::string::npos)
    window_ -= bytes_max - left;
  return bytes_max - left;
}

std::string simulated_link::raw_bytes(const outbox& from) const {
  std::string result;
  std::vector<iovec> pieces(from.empty() ? 0 : pieces_waiting(from));
  const auto number = from.gather(pieces, from.size());
  for (std::size_t i = 0; i < number; ++i)
    result.append(static_cast<const char*>(pieces[i].iov_base), pieces[i].iov_len);
  return result;
}

std::string simulated_link::queued(std::size_t skipped) const {
  if (!carriage_ && out().size() <= skipped)
    return {};
  auto result = raw_bytes(out());
  if (carriage_) {
    const auto& pipe = carriage_->pipe();
    result = pipe.seals() ? carriage_->preview(outbound_ + raw_bytes(pipe.sealed()), result)
                          : carriage_->preview(outbound_ + result, {});
  }
  result.erase(0, std::min(skipped, result.size()));
  return result;
}

/// What a socket does when it has become writable again.
bool simulated_link::take_output() {
  const auto before = out().size();
  if (!awaiting_window_ || !has_output() || window_ == 0)
    return false;
  awaiting_window_ = false;
  while (write_some(carriage_ ? std::string::npos : before)) {
  }
  if (before > out().size())
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

simulated_link_ptr simulated_doorman::connect(const std::optional<carriage_plan>& plan) {
  auto wire = caf::make_counted<simulated_link>(++links_made_, memory_);
  if (plan)
    wire->pass_through(*plan, *memory_);
  parent()->add_scribe(wire);
  doorman::new_connection(&parent()->system().middleman().backend(), wire->hdl());
  return wire;
}

void simulated_doorman::graceful_shutdown() {
  if (!detached())
    detach(nullptr, false);
}

}  // namespace confab::test
