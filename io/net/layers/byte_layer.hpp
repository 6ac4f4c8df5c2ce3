#pragma once

#include <optional>
#include <string>
#include <string_view>

/// What stands between the bytes of a socket and the bytes of a dialect.
namespace confab {

/// What a layer makes of what it is given. Layers append; whoever calls them takes it away.
struct layer_output {
  std::string up;    ///< For the layer above, in the end for the dialect.
  std::string down;  ///< For the peer: handshakes, alerts, answers, pongs.
};

/// How far the connection is, as one layer sees it.
enum class layer_state {
  opening,      ///< The peer has still to say something before anything goes up.
  open,         ///< What comes is passed up.
  input_ended,  ///< The peer has said that nothing more comes. It still reads.
  finished,     ///< There is nothing more to say: close when `down` is written.
  broken,       ///< The peer broke the rules: close when `down` is written. `complaint` says why.
};

/// One layer of a connection: a state machine without a socket, an actor or a clock. Bytes may be
/// cut anywhere. What it holds of its peer's input is bounded.
class byte_layer {
 public:
  virtual ~byte_layer() = default;

  /// Takes what came from below. Not called again after `finished` or `broken`.
  virtual layer_state take(std::string_view bytes, layer_output& out) = 0;

  /// The layer below says that nothing more comes.
  virtual layer_state end_of_input(layer_output& out) = 0;

  /// Whether what the dialect writes goes down as it is: then `seal` is never called, and blocks
  /// that many connections share stay shared.
  virtual bool passes_output() const { return true; }

  /// Appends to `down` what the peer gets in the place of `plain`. Called once the layer is open.
  virtual void seal(std::string_view plain, std::string& down) { down += plain; }

  /// Appends the last bytes that the peer gets, after all that was sealed.
  virtual void finish(std::string& down) = 0;

  /// The address that the peer speaks for, if this layer was told it and trusts it.
  virtual std::optional<std::string> client_address() const { return std::nullopt; }

  /// Why the layer is `broken`: one plain line for the log. Valid as long as the layer.
  virtual std::string_view complaint() const { return {}; }
};

}  // namespace confab
