#pragma once

#include "io/net/layers/byte_layer.hpp"
#include "io/net/layers/http_head.hpp"
#include "io/net/layers/web_site.hpp"
#include "io/net/layers/websocket_reader.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace confab {

/// HTTP until the client asks for a WebSocket, and then that: `opening` while it serves pages,
/// `open` once lines go up.
///
/// Messages go up as lines, and lines go down as messages, one each. They are framed before they
/// are queued, once for all readers (`form`, `frame_lines`), so this layer seals nothing.
///
/// A close of the peer is `input_ended`: what was asked before it may still be answered, and
/// `finish` answers the close itself.
class web_layer final : public byte_layer {
 public:
  /// `peer_address`: where the connection comes from. If it is a trusted proxy of the site,
  /// X-Forwarded-For says who speaks through it.
  web_layer(web_site_ptr site, std::string peer_address);

  layer_state take(std::string_view bytes, layer_output& out) override;
  layer_state end_of_input(layer_output& out) override;
  output_form form() const override { return form_; }

  /// Says close, once: with the peer's code if it said close first, or else "going away".
  void finish(std::string& down) override;

  std::optional<std::string> client_address() const override { return client_address_; }
  bool was_cut_short() const override { return was_cut_short_; }
  std::string_view complaint() const override { return complaint_; }

  /// Whether lines go down as binary messages. Once the layer is open.
  bool is_binary() const { return form_ == output_form::binary_frames; }

 private:
  void take_requests(std::string_view& bytes, layer_output& out);
  void answer(const http_request& request, bool is_last, std::string& down);
  void refuse(std::string& down);
  void take_frames(std::string_view bytes, layer_output& out);

  web_site_ptr site_;
  std::string peer_address_;
  layer_state state_ = layer_state::opening;
  output_form form_ = output_form::lines;
  bool close_is_said_ = false;
  bool was_cut_short_ = false;
  std::unique_ptr<http_head_reader> heads_;   ///< Until the upgrade,
  std::unique_ptr<websocket_reader> frames_;  ///< and from then on.
  std::optional<std::string> client_address_;
  std::string complaint_;
};

}  // namespace confab
