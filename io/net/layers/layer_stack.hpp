#pragma once

#include "io/net/layers/byte_layer.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace confab {

/// Several layers as one: what one passes up the next one takes, and what it says goes down through
/// those below it.
///
/// Broken if one of them is, or else finished if one is, or else opening if one is, or else
/// `input_ended` if one says so. When a layer is finished or broken, those below it say their last
/// words at once.
class layer_stack final : public byte_layer {
 public:
  /// The layer next to the socket comes first. At least one.
  explicit layer_stack(std::vector<std::unique_ptr<byte_layer>> layers);

  layer_state take(std::string_view bytes, layer_output& out) override;
  layer_state end_of_input(layer_output& out) override;

  /// If all of them pass it.
  bool passes_output() const override;

  /// Of the topmost that wants another form than lines.
  output_form form() const override;

  void seal(std::string_view plain, std::string& down) override;
  void finish(std::string& down) override;

  /// Of the topmost that knows one: it is the nearest to the client.
  std::optional<std::string> client_address() const override;

  bool was_cut_short() const override;

  /// Of the lowest that is broken.
  std::string_view complaint() const override;

 private:
  struct member {
    std::unique_ptr<byte_layer> layer;
    layer_state state = layer_state::opening;
    bool was_told_end = false;
  };

  void pass_up(std::size_t index, std::string_view bytes, layer_output& out);
  void pass_end_up(std::size_t index, layer_output& out);
  void after_call(std::size_t index, layer_output& said, layer_output& out);
  void pass_down(std::size_t index, std::string_view bytes, std::string& down);
  void finish_from(std::size_t count, std::string& down);
  layer_state state() const;

  std::vector<member> members_;
};

}  // namespace confab
