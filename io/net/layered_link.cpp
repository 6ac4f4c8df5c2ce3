#include "io/net/layered_link.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <sys/uio.h>
#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>

namespace confab {

namespace network = caf::io::network;
using network::operation;

namespace {

/// What is sealed at once: whole records of TLS, and little enough to be dropped with the link.
constexpr std::size_t sealed_bytes_max = 64 * 1024;

/// Answers that a peer may leave unread while its connection opens.
constexpr std::size_t unread_answers_bytes_max = 1024 * 1024;

/// The first `bytes_max` of what waits in one piece. Uses `copy` if they are in several.
std::string_view first_bytes(const outbox& from, std::size_t bytes_max, std::string& copy) {
  std::array<iovec, 16> pieces;
  const auto count = from.gather(pieces, bytes_max);
  if (count == 1)
    return {static_cast<const char*>(pieces[0].iov_base), pieces[0].iov_len};
  copy.clear();
  for (std::size_t i = 0; i < count; ++i)
    copy.append(static_cast<const char*>(pieces[i].iov_base), pieces[i].iov_len);
  return copy;
}

}  // namespace

layered_link::layered_link(network::default_multiplexer& loop, network::native_socket fd,
                           std::int64_t id, output_memory_ptr memory, read_buffer_ptr input,
                           connection_layers layers, layer_scratch_ptr scratch, opener& waits)
    : tcp_link(loop, fd, id, memory, std::move(input)),
      layers_(std::move(layers)),
      scratch_(std::move(scratch)),
      opener_(&waits),
      sealed_(*memory),
      lower_state_(layers_.lower ? layer_state::opening : layer_state::open),
      upper_state_(layers_.upper ? layer_state::opening : layer_state::open) {}

void layered_link::abandon() {
  opener_ = nullptr;
  close_now();
}

output_form layered_link::framing() const {
  return layers_.upper ? layers_.upper->form() : output_form::lines;
}

std::string layered_link::addr() const {
  for (const auto* layer : {layers_.upper.get(), layers_.lower.get()})
    if (layer != nullptr)
      if (auto address = layer->client_address())
        return *std::move(address);
  return tcp_link::addr();
}

// -- input --------------------------------------------------------------------

void layered_link::on_bytes(std::string_view bytes) {
  bytes = take_lower(bytes);
  if (lower_state_ != layer_state::opening)
    bytes = take_upper(bytes);
  flush();
  if (overflown_)
    return fail(operation::read);
  if (is_opening() && !is_in(layer_state::opening) && !has_ended())
    become_open();
  pass_up(bytes);
  if (has_ended())
    on_end_of_input();
}

/// Whether the layers have no use for more input.
bool layered_link::has_ended() const {
  return std::max(lower_state_, upper_state_) > layer_state::open;
}

std::string_view layered_link::take_lower(std::string_view bytes) {
  if (!layers_.lower || lower_state_ == layer_state::input_ended)
    return layers_.lower ? std::string_view{} : bytes;
  auto& made = scratch_->lower;
  made.up.clear();
  made.down.clear();
  const bool was_opening = lower_state_ == layer_state::opening;
  lower_state_ = layers_.lower->take(bytes, made);
  queue(seals() ? sealed_ : out(), made.down);
  if (was_opening && lower_state_ != layer_state::opening)
    last_progress_ = clock::now();
  return made.up;
}

std::string_view layered_link::take_upper(std::string_view bytes) {
  if (!layers_.upper)
    return bytes;
  if (bytes.empty() || upper_state_ == layer_state::input_ended ||
      upper_state_ == layer_state::finished || upper_state_ == layer_state::broken)
    return {};
  auto& made = scratch_->upper;
  made.up.clear();
  made.down.clear();
  upper_state_ = layers_.upper->take(bytes, made);
  queue(out(), made.down);
  if (!made.down.empty())
    last_progress_ = clock::now();
  return made.up;
}

/// What a layer says by itself. A peer that makes it talk and does not listen gets no more pongs;
/// anything else that it should have got ends the connection.
void layered_link::queue(outbox& to, std::string_view bytes) {
  if (bytes.empty() || is_closed())
    return;
  if (to.size() > unread_answers_bytes_max) {
    overflown_ = is_opening() || &to == &sealed_;
    return;
  }
  try {
    to.append_copy(bytes);
  } catch (const std::bad_alloc&) {
    overflown_ = true;
  }
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
  if (is_opening())
    return finish();
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

void layered_link::on_closed(operation operation) {
  if (!is_opening()) {
    tcp_link::on_closed(operation);
    return;
  }
  remove_from_loop();
  std::string_view complaint;
  for (const auto* layer : {layers_.upper.get(), layers_.lower.get()})
    if (layer != nullptr && !layer->complaint().empty())
      complaint = layer->complaint();
  std::exchange(opener_, nullptr)->on_not_opened(*this, complaint);
}

// -- output -------------------------------------------------------------------

outbox& layered_link::next_output(std::size_t bytes_max) {
  if (!seals())
    return out();
  if (!sealed_.empty() || out().empty())
    return sealed_;
  auto& scratch = *scratch_;
  const auto plain = first_bytes(out(), std::min(bytes_max, sealed_bytes_max), scratch.plain);
  scratch.sealed.clear();
  layers_.lower->seal(plain, scratch.sealed);
  queue(sealed_, scratch.sealed);
  if (!overflown_)
    out().consume(plain.size());
  return sealed_;
}

void layered_link::finish() {
  if (layers_.upper && !is_finishing() && !is_closed()) {
    auto& last_words = scratch_->upper.down;
    last_words.clear();
    layers_.upper->finish(last_words);
    queue(out(), last_words);
  }
  tcp_link::finish();
}

bool layered_link::add_last_words() {
  if (!layers_.lower || std::exchange(last_words_added_, true))
    return false;
  auto& last_words = scratch_->sealed;
  last_words.clear();
  layers_.lower->finish(last_words);
  queue(seals() ? sealed_ : out(), last_words);
  return has_output();
}

}  // namespace confab
