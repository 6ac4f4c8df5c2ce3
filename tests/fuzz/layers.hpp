#pragma once

#include "io/net/layers/byte_layer.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/invariant.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace confab::fuzz {

/// All that a layer has said to some input.
struct layer_run {
  std::unique_ptr<byte_layer> layer;
  layer_state state = layer_state::opening;
  layer_output out;

  bool is_over() const { return state == layer_state::finished || state == layer_state::broken; }

  void take(std::string_view bytes) {
    if (is_over())
      return;
    state = layer->take(bytes, out);
    require((state == layer_state::broken) == !layer->complaint().empty(),
            "a broken layer says why, and no other does");
    require(layer->complaint().find('\n') == std::string_view::npos, "a complaint is one line");
  }
};

/// The input whole, in two, and in single bytes.
inline std::vector<layer_run> run_layers(const std::function<std::unique_ptr<byte_layer>()>& make,
                                         const split_input& input) {
  std::vector<layer_run> runs(3);
  for (auto& each : runs)
    each.layer = make();
  runs[0].take(input.all);
  runs[1].take(input.front());
  runs[1].take(input.back());
  for (std::size_t at = 0; at < input.all.size(); ++at)
    runs[2].take(input.all.substr(at, 1));
  for (const auto& each : runs) {
    require(each.state == runs[0].state, "however the input is cut, the layer is in one state");
    require(each.layer->complaint() == runs[0].layer->complaint(), "it says the same of the peer");
    require(each.out.up == runs[0].out.up, "the same goes up");
    require(each.layer->client_address() == runs[0].layer->client_address(),
            "the client is the same");
  }
  return runs;
}

/// The input ends, and everything is said.
inline void end(layer_run& run) {
  if (!run.is_over())
    run.state = run.layer->end_of_input(run.out);
  require(run.state != layer_state::opening && run.state != layer_state::open,
          "what has ended is not open");
  std::string down;
  run.layer->finish(down);
  down.clear();
  run.layer->finish(down);
  require(down.empty(), "last words are said once");
}

}  // namespace confab::fuzz
