// The frames of a client.

#include "io/net/layers/websocket_reader.hpp"

#include "io/text/utf8.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/invariant.hpp"
#include "tests/net/layers/websocket_client.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace confab;

namespace {

constexpr std::size_t message_bytes_max = 64;

struct reading {
  websocket_reader reader{message_bytes_max};
  layer_state state = layer_state::open;
  layer_output out;

  void take(std::string_view bytes) {
    if (state == layer_state::open)
      state = reader.take(bytes, out);
  }

  std::vector<test::server_frame> answers() const { return test::server_frames(out.down); }
};

void check(const reading& one) {
  std::string again;
  for (const auto& each : one.answers())
    append_frame(each.opcode, each.payload, again);
  fuzz::require(again == one.out.down, "what is answered are frames");
  std::size_t line_bytes = 0;
  for (const char byte : one.out.up) {
    fuzz::require(byte != '\r' && byte != '\0', "a line has no CR and no NUL");
    line_bytes = byte == '\n' ? 0 : line_bytes + 1;
    fuzz::require(line_bytes <= message_bytes_max, "a line is within the limit of a message");
  }
  fuzz::require(one.out.up.empty() || one.out.up.ends_with('\n'), "only whole lines go up");
  const auto answers = one.answers();
  const bool closed = !answers.empty() && answers.back().opcode == websocket_opcode::close;
  fuzz::require(closed == (one.state == layer_state::broken), "a violation is answered, once");
  fuzz::require(closed == !one.reader.complaint().empty(), "and the log is told");
}

}  // namespace

void fuzz::try_input(const split_input& input) {
  std::vector<reading> readings(3);
  readings[0].take(input.all);
  readings[1].take(input.front());
  readings[1].take(input.back());
  for (std::size_t at = 0; at < input.all.size(); ++at)
    readings[2].take(input.all.substr(at, 1));
  for (const auto& each : readings) {
    check(each);
    require(each.state == readings[0].state, "however it is cut, the input ends alike");
    require(each.out.up == readings[0].out.up, "however it is cut, the input has the same lines");
    require(each.reader.complaint() == readings[0].reader.complaint(), "and the same mistakes");
    require(each.reader.peer_code() == readings[0].reader.peer_code(), "and the same close");
    require(readings[0].answers().empty() == each.answers().empty(), "and is answered alike");
    if (!each.answers().empty())
      require(each.answers().back().payload == readings[0].answers().back().payload,
              "with the same last words");
  }
  // What we send is for readers who would close at one wrong byte.
  std::string framed;
  frame_lines(input.all, websocket_opcode::text, framed);
  std::string again;
  for (const auto& each : test::server_frames(framed)) {
    require(is_valid_utf8(each.payload), "a message of text is UTF-8");
    append_frame(each.opcode, each.payload, again);
  }
  require(again == framed, "lines become frames");
}
