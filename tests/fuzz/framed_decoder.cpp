// The framed dialect's decoder: one command for each 200 bytes; answers come in whole frames.

#include "io/dialects/framed/framed.hpp"
#include "tests/fuzz/decoding.hpp"
#include "tests/fuzz/invariant.hpp"

using namespace confab;

void fuzz::try_input(const split_input& input) {
  static const auto framed = framed::make_dialect();
  const auto heard = fuzz::check_decoder(*framed, input);
  fuzz::require(heard.commands.size() == input.all.size() / framed::frame_bytes,
                "a command for each frame");
  for (std::size_t index = 0; index < heard.commands.size(); ++index) {
    const auto& reply = heard.replies[index];
    fuzz::require(reply.size() % framed::frame_bytes == 0, "answers come in whole frames");
    const bool lists = std::holds_alternative<list_rooms>(heard.commands[index]);
    fuzz::require(lists || reply.size() <= framed::frame_bytes, "at most one frame an answer");
  }
}
