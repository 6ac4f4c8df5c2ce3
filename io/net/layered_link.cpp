#include "io/net/layered_link.hpp"

#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>

namespace confab {

namespace network = caf::io::network;
using network::operation;

// NOLINTNEXTLINE(readability-function-size): what a link has, and what layers need besides.
layered_link::layered_link(network::default_multiplexer& loop, network::native_socket fd,
                           std::int64_t id, output_memory_ptr memory, read_buffer_ptr input,
                           connection_layers layers, layer_scratch_ptr scratch, opener& waits)
    : tcp_link(loop, fd, id, memory, std::move(input)),
      pipe_(std::move(layers), out(), *memory, std::move(scratch)),
      opener_(&waits) {}

void layered_link::abandon() {
  opener_ = nullptr;
  close_now();
}

std::string layered_link::addr() const {
  auto address = pipe_.client_address();
  return address ? *std::move(address) : tcp_link::addr();
}

// -- input --------------------------------------------------------------------

void layered_link::on_bytes(std::string_view bytes) {
  const auto unread = answer_bytes();
  const auto said = pipe_.take(bytes);
  if (is_opening() && answer_bytes() > unread)
    last_progress_ = clock::now();
  flush();
  if (pipe_.is_overflown())
    return fail(operation::read);
  if (is_opening() && has_output())
    pause_input();
  if (is_opening() && !pipe_.is_opening() && !pipe_.has_ended())
    become_open();
  pass_up(said);
  if (pipe_.has_ended())
    note_end_of_input();
}

/// Nothing overtakes what came earlier.
void layered_link::pass_up(std::string_view bytes) {
  if (bytes.empty() || is_closed() || is_finishing())
    return;
  if (is_opening() || is_paused() || !early_.empty())
    early_ += bytes;
  else
    hand_over(bytes);
}

void layered_link::resume_input() {
  tcp_link::resume_input();
  // Outside of the broker's handlers.
  if (!early_.empty() || input_end_due_)
    loop().post([self = caf::intrusive_ptr<layered_link>{this}] { self->deliver(); });
}

void layered_link::deliver() {
  if (is_closed() || is_finishing() || is_paused())
    return;
  if (const auto bytes = std::exchange(early_, {}); !bytes.empty())
    hand_over(bytes);
  if (!is_closed() && !is_paused() && early_.empty() && std::exchange(input_end_due_, false))
    announce_end_of_input();
}

void layered_link::on_end_of_input() {
  pipe_.end_of_input();
  flush();
  note_end_of_input();
}

void layered_link::note_end_of_input() {
  if (is_opening())
    return end_opening();
  if (is_closed() || std::exchange(input_end_noted_, true))
    return;
  input_end_due_ = true;
  deliver();
}

// -- opening and ending -------------------------------------------------------

void layered_link::become_open() {
  pause_input();
  std::exchange(opener_, nullptr)->on_opened(*this);
}

void layered_link::end_opening() {
  if (is_finishing() || is_closed())
    return;
  if (const auto complaint = pipe_.complaint(); !complaint.empty())
    opener_->on_broken(*this, complaint);
  finish();
}

void layered_link::on_closed(operation operation) {
  if (!is_opening()) {
    tcp_link::on_closed(operation);
    return;
  }
  remove_from_loop();
  std::exchange(opener_, nullptr)->on_not_opened(*this);
}

/// A peer that asks for one thing after the other gets one after the other.
void layered_link::on_drained() {
  if (!is_opening() || is_finishing())
    return;
  last_progress_ = clock::now();
  tcp_link::resume_input();
}

void layered_link::finish() {
  if (!is_finishing() && !is_closed())
    pipe_.finish();
  tcp_link::finish();
}

}  // namespace confab
