#include "tests/support/tls_peer.hpp"

#include <utility>

namespace confab::test {

bool tls_peer::accept(std::chrono::milliseconds span) {
  const deadline end(span);
  layer_.emplace(context_);
  state_ = layer_state::opening;
  output_ = {};
  taken_ = searched_ = 0;
  if (!wire_.accept(span))
    return false;
  while (state_ == layer_state::opening && receive(end)) {
  }
  return state_ == layer_state::open;
}

void tls_peer::send(std::string_view text) {
  std::string sealed;
  layer_->seal(text, sealed);
  wire_.send(sealed);
}

bool tls_peer::read_until(std::string_view text, std::chrono::milliseconds span) {
  const deadline end(span);
  for (;;) {
    const auto found = received().find(text, searched_);
    if (found != std::string::npos) {
      searched_ = found + text.size();
      return true;
    }
    if (!receive(end))
      return false;
  }
}

bool tls_peer::read_to_farewell(std::chrono::milliseconds span) {
  const deadline end(span);
  while (state_ == layer_state::open && receive(end)) {
  }
  return state_ == layer_state::input_ended && !layer_->was_cut_short();
}

void tls_peer::end_sending(std::string_view last_words) {
  std::string sealed;
  layer_->seal(last_words, sealed);
  layer_->finish(sealed);
  wire_.send(sealed);
}

void tls_peer::close() {
  end_sending();
  wire_.close();
}

// One read; false when nothing more comes and at the deadline.
bool tls_peer::receive(const deadline& end) {
  if (state_ != layer_state::opening && state_ != layer_state::open)
    return false;
  if (!wire_.receive(end)) {
    if (wire_.ended())
      state_ = layer_->end_of_input(output_);
    return false;
  }
  const bool was_opening = state_ == layer_state::opening;
  state_ = layer_->take(std::string_view(wire_.received()).substr(taken_), output_);
  taken_ = wire_.received().size();
  if (was_opening && state_ == layer_state::open)
    layer_->seal(greeting_, output_.down);
  if (!output_.down.empty())
    wire_.send(std::exchange(output_.down, {}));
  return true;
}

}  // namespace confab::test
