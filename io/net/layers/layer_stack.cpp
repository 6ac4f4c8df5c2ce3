#include "io/net/layers/layer_stack.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace confab {

namespace {

bool is_over(layer_state state) {
  return state == layer_state::finished || state == layer_state::broken;
}

}  // namespace

layer_stack::layer_stack(std::vector<std::unique_ptr<byte_layer>> layers) {
  assert(!layers.empty());
  members_.reserve(layers.size());
  for (auto& each : layers)
    members_.push_back({std::move(each)});
}

layer_state layer_stack::take(std::string_view bytes, layer_output& out) {
  pass_up(0, bytes, out);
  return state();
}

layer_state layer_stack::end_of_input(layer_output& out) {
  pass_end_up(0, out);
  return state();
}

void layer_stack::pass_up(std::size_t index, std::string_view bytes, layer_output& out) {
  if (index == members_.size()) {
    out.up += bytes;
    return;
  }
  auto& taker = members_[index];
  if (is_over(taker.state))
    return;
  layer_output said;
  taker.state = taker.layer->take(bytes, said);
  after_call(index, said, out);
}

void layer_stack::pass_end_up(std::size_t index, layer_output& out) {
  if (index == members_.size())
    return;
  auto& taker = members_[index];
  if (is_over(taker.state) || taker.was_told_end)
    return;
  taker.was_told_end = true;
  layer_output said;
  taker.state = taker.layer->end_of_input(said);
  after_call(index, said, out);
}

/// What a layer has said goes to its neighbours, and what became of it, too.
void layer_stack::after_call(std::size_t index, layer_output& said, layer_output& out) {
  if (!said.down.empty())
    pass_down(index, said.down, out.down);
  if (!said.up.empty())
    pass_up(index + 1, said.up, out);
  const auto state = members_[index].state;
  if (state == layer_state::input_ended)
    pass_end_up(index + 1, out);
  else if (is_over(state))
    finish_from(index, out.down);
}

/// What the layer `index` says passes through those below it.
void layer_stack::pass_down(std::size_t index, std::string_view bytes, std::string& down) {
  while (index > 0 && members_[index - 1].layer->passes_output())
    --index;
  if (index == 0) {
    down += bytes;
    return;
  }
  std::string sealed;
  members_[index - 1].layer->seal(bytes, sealed);
  pass_down(index - 1, sealed, down);
}

bool layer_stack::passes_output() const {
  return std::all_of(members_.begin(), members_.end(),
                     [](const auto& each) { return each.layer->passes_output(); });
}

output_form layer_stack::form() const {
  for (auto each = members_.rbegin(); each != members_.rend(); ++each)
    if (const auto form = each->layer->form(); form != output_form::lines)
      return form;
  return output_form::lines;
}

void layer_stack::seal(std::string_view plain, std::string& down) {
  pass_down(members_.size(), plain, down);
}

void layer_stack::finish(std::string& down) {
  finish_from(members_.size(), down);
}

/// The lowest `count` layers say their last words, the upper ones first.
void layer_stack::finish_from(std::size_t count, std::string& down) {
  for (auto index = count; index > 0; --index) {
    std::string last;
    members_[index - 1].layer->finish(last);
    if (!last.empty())
      pass_down(index - 1, last, down);
  }
}

std::optional<std::string> layer_stack::client_address() const {
  for (auto each = members_.rbegin(); each != members_.rend(); ++each)
    if (auto address = each->layer->client_address())
      return address;
  return std::nullopt;
}

bool layer_stack::was_cut_short() const {
  return std::any_of(members_.begin(), members_.end(),
                     [](const auto& each) { return each.layer->was_cut_short(); });
}

std::string_view layer_stack::complaint() const {
  for (const auto& each : members_)
    if (each.state == layer_state::broken)
      return each.layer->complaint();
  return {};
}

layer_state layer_stack::state() const {
  const auto has = [this](layer_state state) {
    return std::any_of(members_.begin(), members_.end(),
                       [state](const auto& each) { return each.state == state; });
  };
  for (const auto state :
       {layer_state::broken, layer_state::finished, layer_state::opening, layer_state::input_ended})
    if (has(state))
      return state;
  return layer_state::open;
}

}  // namespace confab
