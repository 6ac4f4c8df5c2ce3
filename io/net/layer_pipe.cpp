#include "io/net/layer_pipe.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <sys/uio.h>
#include <utility>

namespace confab {

namespace {

/// What is sealed at once: whole records of TLS, and little enough to be dropped with the link.
constexpr std::size_t sealed_bytes_max = 64 * 1024;

/// What layers may say by themselves that a peer leaves unread.
constexpr std::size_t unread_bytes_max = 1024 * 1024;

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

bool listens(layer_state state) {
  return state <= layer_state::open;
}

}  // namespace

layer_pipe::layer_pipe(connection_layers layers, outbox& out, output_memory& memory,
                       layer_scratch_ptr scratch)
    : layers_(std::move(layers)),
      out_(out),
      sealed_(memory),
      scratch_(std::move(scratch)),
      lower_state_(layers_.lower ? layer_state::opening : layer_state::open),
      upper_state_(layers_.upper ? layer_state::opening : layer_state::open) {}

bool layer_pipe::is_opening() const {
  return std::min(lower_state_, upper_state_) == layer_state::opening && !has_ended();
}

bool layer_pipe::has_ended() const {
  return !listens(std::max(lower_state_, upper_state_));
}

// -- up -----------------------------------------------------------------------

std::string_view layer_pipe::take(std::string_view bytes) {
  return take_upper(take_lower(bytes));
}

std::string_view layer_pipe::take_lower(std::string_view bytes) {
  if (!layers_.lower)
    return bytes;
  if (!listens(lower_state_))
    return {};
  auto& made = scratch_->lower;
  made.up.clear();
  made.down.clear();
  const bool was_opening = lower_state_ == layer_state::opening;
  lower_state_ = layers_.lower->take(bytes, made);
  if (was_opening && lower_state_ != layer_state::opening && layers_.upper)
    if (const auto address = layers_.lower->client_address())
      layers_.upper->on_client_address(*address);
  queue(seals() ? sealed_ : out_, made.down);
  return made.up;
}

std::string_view layer_pipe::take_upper(std::string_view bytes) {
  if (!layers_.upper)
    return bytes;
  if (bytes.empty() || !listens(upper_state_))
    return {};
  auto& made = scratch_->upper;
  made.up.clear();
  made.down.clear();
  upper_state_ = layers_.upper->take(bytes, made);
  queue(out_, made.down);
  return made.up;
}

void layer_pipe::end_of_input() {
  auto& made = scratch_->lower;
  made.down.clear();
  if (layers_.lower && listens(lower_state_)) {
    lower_state_ = layers_.lower->end_of_input(made);
    queue(seals() ? sealed_ : out_, made.down);
  }
  made.down.clear();
  if (layers_.upper && listens(upper_state_)) {
    upper_state_ = layers_.upper->end_of_input(made);
    queue(out_, made.down);
  }
}

// -- down ---------------------------------------------------------------------

/// What a layer says by itself. A peer that makes it talk and does not listen gets no more pongs;
/// anything else that it should have got ends the connection.
void layer_pipe::queue(outbox& to, std::string_view bytes) {
  if (bytes.empty())
    return;
  if (to.size() > unread_bytes_max) {
    overflown_ = overflown_ || is_opening() || &to == &sealed_;
    return;
  }
  try {
    to.append_copy(bytes);
  } catch (const std::bad_alloc&) {
    overflown_ = true;
  }
}

std::size_t layer_pipe::gather(std::span<iovec> pieces, std::size_t bytes_max) {
  if (!seals())
    return out_.gather(pieces, bytes_max);
  if (!sealed_.empty() || out_.empty() || overflown_)
    return sealed_.gather(pieces, bytes_max);
  auto& scratch = *scratch_;
  const auto plain = first_bytes(out_, std::min(bytes_max, sealed_bytes_max), scratch.plain);
  scratch.sealed.clear();
  layers_.lower->seal(plain, scratch.sealed);
  out_.consume(plain.size());
  if (scratch.sealed.empty())
    return 0;
  fresh_ = scratch.sealed;
  pieces.front() = {scratch.sealed.data(), scratch.sealed.size()};
  return 1;
}

/// Most sockets take all at once: only what is left of a fresh piece is copied.
void layer_pipe::consume(std::size_t bytes) {
  if (const auto fresh = std::exchange(fresh_, {}); !fresh.empty())
    queue(sealed_, fresh.substr(bytes));
  else if (seals())
    sealed_.consume(bytes);
  else
    out_.consume(bytes);
}

void layer_pipe::finish() {
  if (!layers_.upper)
    return;
  auto& last_words = scratch_->upper.down;
  last_words.clear();
  layers_.upper->finish(last_words);
  queue(out_, last_words);
}

bool layer_pipe::add_last_words() {
  if (!layers_.lower || std::exchange(last_words_added_, true))
    return false;
  auto& last_words = scratch_->sealed;
  last_words.clear();
  layers_.lower->finish(last_words);
  queue(seals() ? sealed_ : out_, last_words);
  return has_output();
}

// -- what the layers know -----------------------------------------------------

output_form layer_pipe::form() const {
  return layers_.upper ? layers_.upper->form() : output_form::lines;
}

std::optional<std::string> layer_pipe::client_address() const {
  for (const auto* layer : {layers_.upper.get(), layers_.lower.get()})
    if (layer != nullptr)
      if (auto address = layer->client_address())
        return address;
  return std::nullopt;
}

std::string_view layer_pipe::complaint() const {
  for (const auto* layer : {layers_.lower.get(), layers_.upper.get()})
    if (layer != nullptr && !layer->complaint().empty())
      return layer->complaint();
  return {};
}

}  // namespace confab
