#include "io/gateway/framing.hpp"

#include "io/net/layers/websocket_frames.hpp"

namespace confab {

void frame_output(std::string_view lines, output_form framing, std::string& out) {
  switch (framing) {
    case output_form::lines:
      return;
    case output_form::text_frames:
      return frame_lines(lines, websocket_opcode::text, out);
    case output_form::binary_frames:
      return frame_lines(lines, websocket_opcode::binary, out);
  }
}

}  // namespace confab
