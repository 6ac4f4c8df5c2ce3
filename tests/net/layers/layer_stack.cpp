// Several layers that are one.

#include "io/net/layers/layer_stack.hpp"

#include "io/net/layers/proxy_header.hpp"
#include "io/net/layers/web_layer.hpp"
#include "tests/net/layers/pieces.hpp"
#include "tests/net/layers/tls_pair.hpp"
#include "tests/net/layers/web_world.hpp"
#include "tests/net/layers/websocket_client.hpp"
#include "tests/support/catch.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace confab;
using namespace confab::test;

namespace {

/// Puts its mark around what passes, and does what its input says: `.` ends it, `!` breaks it, `#`
/// finishes it, its own mark is answered.
class marker final : public byte_layer {
 public:
  explicit marker(char mark, bool passes = false) : mark_(mark), passes_(passes) {}

  layer_state take(std::string_view bytes, layer_output& out) override {
    auto state = layer_state::open;
    for (const char byte : bytes) {
      if (byte == mark_)
        out.down += std::string{"answer "} + mark_;
      else if (byte == '.')
        state = layer_state::input_ended;
      else if (byte == '!' || byte == '#')
        state = byte == '!' ? layer_state::broken : layer_state::finished;
      else
        out.up += byte;
    }
    return state;
  }
  layer_state end_of_input(layer_output& out) override {
    ++ends;
    out.up += std::string{"end "} + mark_ + ' ';
    return layer_state::input_ended;
  }
  bool passes_output() const override { return passes_; }
  void seal(std::string_view plain, std::string& down) override {
    down += mark_;
    down += plain;
    down += mark_;
  }
  void finish(std::string& down) override { down += std::string{"bye "} + mark_; }
  std::string_view complaint() const override { return "broken"; }

  int ends = 0;

 private:
  char mark_;
  bool passes_;
};

struct two_markers {
  explicit two_markers(bool lower_passes = false, bool upper_passes = false) {
    auto first = std::make_unique<marker>('1', lower_passes);
    auto second = std::make_unique<marker>('2', upper_passes);
    lower = first.get();
    upper = second.get();
    std::vector<std::unique_ptr<byte_layer>> both;
    both.push_back(std::move(first));
    both.push_back(std::move(second));
    stack = std::make_unique<layer_stack>(std::move(both));
  }

  marker* lower = nullptr;
  marker* upper = nullptr;
  std::unique_ptr<layer_stack> stack;
  layer_output out;
};

/// What a client writes behind the header of a proxy, without TLS: whom the stack takes it for.
std::optional<std::string> client_behind(const std::string& header, const std::string& fields) {
  web_rules rules;
  rules.trusted_proxies = {*ip_network::parse("127.0.0.1"), *ip_network::parse("10.0.0.0/8")};
  std::vector<std::unique_ptr<byte_layer>> layers;
  layers.push_back(std::make_unique<proxy_header>());
  layers.push_back(std::make_unique<web_layer>(make_site(rules), "127.0.0.1"));
  layer_stack stack{std::move(layers)};
  layer_output out;
  CHECK(stack.take(header + upgrade(fields), out) == layer_state::open);
  return stack.client_address();
}

/// PROXY header, TLS, web: all that there is.
std::unique_ptr<layer_stack> whole_stack(const tls_context_ptr& context) {
  std::vector<std::unique_ptr<byte_layer>> layers;
  layers.push_back(std::make_unique<proxy_header>());
  layers.push_back(std::make_unique<tls_layer>(context));
  layers.push_back(std::make_unique<web_layer>(make_site(), "127.0.0.1"));
  return std::make_unique<layer_stack>(std::move(layers));
}

}  // namespace

TEST_CASE("what a layer passes up the next one takes") {
  two_markers two;
  CHECK(two.stack->take("text", two.out) == layer_state::open);
  CHECK(two.out.up == "text");
}

TEST_CASE("what is written is sealed by the upper layer first") {
  two_markers two;
  std::string down;
  two.stack->seal("x", down);
  CHECK(down == "12x21");
  CHECK_FALSE(two.stack->passes_output());
}

TEST_CASE("a layer that passes output is not asked to seal it") {
  std::string down;
  two_markers(false, true).stack->seal("x", down);
  CHECK(down == "1x1");
  down.clear();
  two_markers(true, false).stack->seal("x", down);
  CHECK(down == "2x2");
  CHECK_FALSE(two_markers(true, false).stack->passes_output());
  CHECK_FALSE(two_markers(false, true).stack->passes_output());
  CHECK(two_markers(true, true).stack->passes_output());
}

TEST_CASE("what a layer says is sealed by those below it only") {
  two_markers two;
  two.stack->take("1", two.out);
  CHECK(two.out.down == "answer 1");
  two.out.down.clear();
  two.stack->take("2", two.out);
  CHECK(two.out.down == "1answer 21");
}

TEST_CASE("when a layer is finished, those below it say their last words") {
  std::vector<std::unique_ptr<byte_layer>> layers;
  layers.push_back(std::make_unique<marker>('1'));
  layers.push_back(std::make_unique<web_layer>(make_site(), "127.0.0.1"));
  layer_stack stack{std::move(layers)};
  layer_output out;
  CHECK(stack.take("NICK bob\r\n", out) == layer_state::broken);
  CHECK(out.down.ends_with("bye 1"));
}

TEST_CASE("an upper layer hears of the end of its input once") {
  two_markers two;
  CHECK(two.stack->take("text.", two.out) == layer_state::input_ended);
  CHECK(two.out.up == "textend 2 ");
  CHECK(two.stack->end_of_input(two.out) == layer_state::input_ended);
  CHECK(two.upper->ends == 1);
  CHECK(two.lower->ends == 1);
}

TEST_CASE("an end of the socket's input passes through all layers") {
  two_markers two;
  CHECK(two.stack->end_of_input(two.out) == layer_state::input_ended);
  CHECK(two.lower->ends == 1);
  CHECK(two.upper->ends == 1);
  CHECK(two.out.up == "end 1 end 2 ");
}

TEST_CASE("last words are said from the top, each sealed by the layers below") {
  two_markers two;
  std::string down;
  two.stack->finish(down);
  CHECK(down == "1bye 21bye 1");
}

TEST_CASE("a broken layer breaks the stack and is the one that complains") {
  two_markers two;
  CHECK(two.stack->complaint().empty());
  CHECK(two.stack->take("a!", two.out) == layer_state::broken);
  CHECK(two.stack->complaint() == "broken");
}

TEST_CASE("a stack of one layer is that layer") {
  std::vector<std::unique_ptr<byte_layer>> layers;
  layers.push_back(std::make_unique<web_layer>(make_site(), "127.0.0.1"));
  layer_stack stack{std::move(layers)};
  layer_output out;
  CHECK(stack.passes_output());
  CHECK(stack.take(get("/app.js"), out) == layer_state::opening);
  CHECK(out.down.ends_with("let a = 1"));
  CHECK(stack.take(upgrade() + text_frame("x"), out) == layer_state::open);
  CHECK(stack.form() == output_form::text_frames);
  CHECK(out.up == "x\n");
}

TEST_CASE("a WebSocket within TLS behind a proxy works, cut in pieces of every size") {
  const auto own = make_identity({});
  const auto server = server_with(own);
  const auto client = client_trusting(own, {"http/1.1"});
  for (const std::size_t piece : {1U, 7U, 100U, 100000U}) {
    const auto stack = whole_stack(server);
    tls_side peer{client, "localhost"};
    auto state = layer_state::opening;
    std::string heard;
    const auto send = [&](const std::string& wire) {
      layer_output out;
      for (const auto each : in_steps(wire, piece))
        state = stack->take(each, out);
      heard += out.up;
      return peer.take(out.down, piece);
    };
    layer_output nothing;
    state = stack->take("PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n", nothing);
    CHECK(nothing.down.empty());
    CHECK(state == layer_state::opening);
    auto wire = peer.take({});
    while (!wire.empty())
      wire = send(wire);
    CHECK(peer.layer.protocol() == "http/1.1");
    CHECK(state == layer_state::opening);
    send(peer.seal(upgrade("Sec-WebSocket-Protocol: binary.ircv3.net\r\n")));
    CHECK(peer.heard.starts_with("HTTP/1.1 101 "));
    CHECK(state == layer_state::open);
    CHECK(stack->form() == output_form::binary_frames);
    CHECK_FALSE(stack->passes_output());
    CHECK(stack->client_address() == "192.0.2.7");
    send(peer.seal(text_frame("NICK ida") + ping_frame("p")));
    CHECK(heard == "NICK ida\n");
    std::string down;
    std::string framed;
    frame_lines("PING x\r\n", websocket_opcode::binary, framed);
    stack->seal(framed, down);
    peer.heard.clear();
    peer.take(down);
    CHECK(server_frames(peer.heard).at(0).payload == "PING x");
    send(peer.seal(close_frame(1000)));
    CHECK(state == layer_state::input_ended);
    down.clear();
    stack->finish(down);
    peer.heard.clear();
    peer.take(down);
    CHECK(server_frames(peer.heard).at(0).code() == 1000);
    CHECK(peer.state == layer_state::input_ended);
    CHECK_FALSE(stack->was_cut_short());
  }
}

TEST_CASE("who comes through a proxy that only forwards cannot name another by X-Forwarded-For") {
  const std::string client = "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n";
  CHECK(client_behind(client, "X-Forwarded-For: 203.0.113.9\r\n") == "192.0.2.7");
  CHECK(client_behind(client, "") == "192.0.2.7");
  const std::string second_proxy = "PROXY TCP4 10.0.0.2 198.51.100.1 56324 443\r\n";
  CHECK(client_behind(second_proxy, "X-Forwarded-For: 203.0.113.9\r\n") == "203.0.113.9");
  CHECK(client_behind("PROXY UNKNOWN\r\n", "X-Forwarded-For: 203.0.113.9\r\n") == "203.0.113.9");
  CHECK(client_behind("PROXY UNKNOWN\r\n", "") == std::nullopt);
}

TEST_CASE("a page that closes the connection closes TLS, too") {
  const auto own = make_identity({});
  const auto stack = whole_stack(server_with(own));
  tls_side peer{client_trusting(own), "localhost"};
  layer_output out;
  stack->take("PROXY UNKNOWN\r\n", out);
  auto wire = peer.take({});
  while (!wire.empty()) {
    out.down.clear();
    stack->take(wire, out);
    wire = peer.take(out.down);
  }
  out.down.clear();
  CHECK(stack->take(peer.seal(get("/app.js", "GET", "Connection: close\r\n")), out) ==
        layer_state::finished);
  peer.take(out.down);
  CHECK(peer.heard.ends_with("let a = 1"));
  CHECK(peer.state == layer_state::input_ended);
  std::string down;
  stack->finish(down);
  CHECK(down.empty());
}
