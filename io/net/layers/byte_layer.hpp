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

/// What has to be done to the lines of a dialect before they are queued for the peer.
enum class output_form {
  lines,          ///< Nothing.
  text_frames,    ///< `frame_lines` with the opcode `text`.
  binary_frames,  ///< `frame_lines` with the opcode `binary`.
};

/// One layer of a connection: a state machine without a socket, an actor or a clock. Bytes may be
/// cut anywhere. What it holds of its peer's input is bounded.
class byte_layer {
 public:
  virtual ~byte_layer() = default;

  /// Takes what came from below. Not called again after `finished` or `broken`: all last words of
  /// the layer are in `down` by then. On the side of a client, a first call with no bytes makes the
  /// layer say its first words.
  virtual layer_state take(std::string_view bytes, layer_output& out) = 0;

  /// The layer below says that nothing more comes.
  virtual layer_state end_of_input(layer_output& out) = 0;

  /// Whether what the dialect writes goes down as it is: then `seal` is never called, and blocks
  /// that many connections share stay shared.
  virtual bool passes_output() const { return true; }

  /// The form of what is sealed, or goes down as it is. Final once the layer is open.
  virtual output_form form() const { return output_form::lines; }

  /// Appends to `down` what the peer gets in the place of `plain`. Called once the layer is open.
  virtual void seal(std::string_view plain, std::string& down) { down += plain; }

  /// Appends the last bytes that the peer gets, after all that was sealed. Nothing if they were
  /// said already.
  virtual void finish(std::string& down) = 0;

  /// The address that the peer speaks for, if this layer was told it and trusts it.
  virtual std::optional<std::string> client_address() const { return std::nullopt; }

  /// Whether the input ended without the farewell that the layer's protocol asks for. Common, and
  /// no reason to complain, but somebody may have cut what the peer said.
  virtual bool was_cut_short() const { return false; }

  /// Why the layer is `broken`: one plain line for the log. Valid as long as the layer.
  virtual std::string_view complaint() const { return {}; }
};

}  // namespace confab
