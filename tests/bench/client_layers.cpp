// bench: TLS and WebSocket on the side of the client, against the server's own layers.

#include "apps/bench/client_layers.hpp"

#include "apps/bench/failure.hpp"
#include "apps/bench/websocket_client.hpp"
#include "io/net/layers/layer_stack.hpp"
#include "io/net/layers/tls_layer.hpp"
#include "io/net/layers/web_layer.hpp"
#include "io/net/layers/websocket_frames.hpp"
#include "io/net/layers/websocket_handshake.hpp"
#include "tests/net/layers/pieces.hpp"
#include "tests/net/layers/tls_pair.hpp"
#include "tests/net/layers/web_world.hpp"
#include "tests/net/layers/websocket_client.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/temporary_folder.hpp"

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace confab::bench {
namespace {

constexpr websocket_use irc_use{"/irc", "text.ircv3.net", true};
constexpr websocket_use stream_use{"/", "", false};

std::string field(const std::string& head, const std::string& name) {
  const auto at = head.find(name + ": ");
  REQUIRE(at != std::string::npos);
  const auto from = at + name.size() + 2;
  return head.substr(from, head.find("\r\n", from) - from);
}

/// The answer of a server that agrees to this request.
std::string agreement(const std::string& request, const std::string& fields) {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "sec-websocket-accept: " +
         accept_value(field(request, "Sec-WebSocket-Key")) + "\r\n" + fields + "\r\n";
}

/// A WebSocket's layer, and what it has said.
struct websocket_side {
  websocket_client layer;
  layer_output out;
  layer_state state = layer_state::opening;

  explicit websocket_side(const websocket_use& use = irc_use) : layer(use, "chat.example:80", 1) {}

  void take(std::string_view bytes) {
    if (state == layer_state::opening || state == layer_state::open)
      state = layer.take(bytes, out);
  }

  /// One whose handshake is done.
  static std::unique_ptr<websocket_side> opened(const websocket_use& use = irc_use) {
    auto side = std::make_unique<websocket_side>(use);
    side->take({});
    side->take(agreement(side->out.down,
                         use.subprotocol.empty()
                             ? std::string{}
                             : "Sec-WebSocket-Protocol: " + std::string{use.subprotocol} + "\r\n"));
    REQUIRE(side->state == layer_state::open);
    side->out = {};
    return side;
  }
};

/// A server's layers, and what came up through them.
struct server_side {
  std::unique_ptr<byte_layer> layer;
  layer_state state = layer_state::opening;
  layer_output out;

  std::string take(std::string_view bytes) {
    state = layer->take(bytes, out);
    return std::exchange(out.down, {});
  }

  std::string seal(std::string_view plain) {
    std::string down;
    layer->seal(plain, down);
    return down;
  }
};

/// A client and a server that speak until neither has anything to say.
struct conversation {
  std::unique_ptr<client_layers> client;
  server_side server;
  std::string plain_in;   ///< what the client's adapter got
  std::string plain_out;  ///< what it has still to say

  std::string from_client() { return std::exchange(client->outgoing(plain_out), {}); }

  void run(std::size_t piece_bytes = std::string::npos) {
    for (auto said = from_client(); !said.empty(); said = from_client())
      hear(server.take(said), piece_bytes);
  }

  void hear(std::string_view bytes, std::size_t piece_bytes = std::string::npos) {
    for (const auto piece : test::in_steps(bytes, piece_bytes))
      client->take(piece, plain_in);
  }
};

const test::identity& own_identity() {
  static const auto identity = test::make_identity({});
  return identity;
}

std::unique_ptr<byte_layer> tls_server() {
  return std::make_unique<tls_layer>(test::server_with(own_identity()));
}

std::unique_ptr<byte_layer> web_server() {
  return std::make_unique<web_layer>(test::make_site(), "127.0.0.1");
}

std::unique_ptr<byte_layer> tls_and_web_server() {
  std::vector<std::unique_ptr<byte_layer>> layers;
  layers.push_back(tls_server());
  layers.push_back(web_server());
  return std::make_unique<layer_stack>(std::move(layers));
}

bench_options layered(bool tls, bool websocket, const std::string& trusted_file = {}) {
  bench_options options;
  options.protocol = "irc";
  options.port = 1;
  options.tls = tls;
  options.websocket = websocket;
  options.trusted_file = trusted_file;
  return options;
}

std::unique_ptr<client_layers> make_layers(const bench_options& options) {
  return layers_for(options, *make_protocol(options.protocol))();
}

conversation begin(const bench_options& options, std::unique_ptr<byte_layer> server) {
  conversation result{make_layers(options), {std::move(server), layer_state::opening, {}}, {}, {}};
  result.client->start();
  return result;
}

std::string failure_of(conversation& talk) {
  try {
    talk.run();
  } catch (const failure& failure) {
    return failure.what();
  }
  return "no failure";
}

}  // namespace

TEST_CASE("a WebSocket is asked for with a key and the subprotocol of IRC") {
  websocket_side side;
  side.take({});
  const auto request = std::exchange(side.out.down, {});
  CHECK(request.starts_with("GET /irc HTTP/1.1\r\nHost: chat.example:80\r\n"));
  CHECK(request.ends_with("\r\n\r\n"));
  CHECK(field(request, "Sec-WebSocket-Protocol") == "text.ircv3.net");
  CHECK(answer_handshake(test::parsed(request), {}).response.status == 101);
  side.take({});
  CHECK(side.out.down.empty());
  CHECK(side.state == layer_state::opening);
}

TEST_CASE("the answer to a WebSocket's request may be cut anywhere") {
  for (std::size_t size = 1; size <= 200; ++size) {
    websocket_side side;
    side.take({});
    const auto answer =
        agreement(side.out.down, "Sec-WebSocket-Protocol: text.ircv3.net\r\n") + "\x81\x02hi";
    for (const auto piece : test::in_steps(answer, size))
      side.take(piece);
    CHECK(side.state == layer_state::open);
    CHECK(side.out.up == "hi\n");
  }
}

TEST_CASE("a server that does not agree to a WebSocket is told apart") {
  const auto complaint_about = [](const std::string& answer, const std::string& fields) {
    websocket_side side;
    side.take({});
    side.take(answer.empty() ? agreement(side.out.down, fields) : answer);
    CHECK(side.state == layer_state::broken);
    return std::string{side.layer.complaint()};
  };
  CHECK(complaint_about("HTTP/1.1 404 Not Found\r\n\r\n", "") ==
        "no WebSocket at /irc: HTTP/1.1 404 Not Found");
  CHECK(complaint_about("HTTP/1.1 101 Yes\r\nSec-WebSocket-Accept: x\r\n\r\n", "") ==
        "the server agreed to another WebSocket than the one that was asked for");
  CHECK(complaint_about("", "") == "the server does not speak text.ircv3.net");
  CHECK(complaint_about(std::string(9000, 'x'), "") ==
        "the answer to the WebSocket's request has no end");
}

TEST_CASE("frames of the server become lines, however they are cut") {
  const std::string long_line(300, 'l');
  std::string wire;
  append_frame(websocket_opcode::text, ":a PRIVMSG #b :c", wire);
  append_frame(websocket_opcode::ping, "p", wire);
  append_frame(websocket_opcode::text, "", wire);
  append_frame(websocket_opcode::text, long_line, wire);
  wire += test::frame(0x01, "in ", false) + test::frame(0x80, "two", false);
  const auto expected = ":a PRIVMSG #b :c\n\n" + long_line + "\nin two\n";
  for (const auto& cut : test::all_cuts(wire)) {
    const auto side = websocket_side::opened();
    for (const auto piece : cut)
      side->take(piece);
    CHECK(side->out.up == expected);
    CHECK(side->state == layer_state::open);
    CHECK(side->out.down.size() == 7);  // one pong, masked
  }
}

TEST_CASE("a payload of 64 KiB and more goes up whole") {
  const std::string payload(70000, 'x');
  std::string wire;
  append_frame(websocket_opcode::binary, payload, wire);
  for (const auto size : std::array<std::size_t, 3>{1000, 65536, 1U << 20U}) {
    const auto side = websocket_side::opened(stream_use);
    for (const auto piece : test::in_steps(wire, size))
      side->take(piece);
    CHECK(side->out.up == payload);
  }
}

TEST_CASE("what no server may send ends a WebSocket with a reason") {
  const auto complaint_about = [](const std::string& wire) {
    const auto side = websocket_side::opened();
    side->take(wire);
    CHECK(side->state == layer_state::broken);
    return std::string{side->layer.complaint()};
  };
  CHECK(complaint_about(test::text_frame("x")) == "the server masks its frames");
  CHECK(complaint_about("\xC1\x01x") ==
        "the server uses an extension of WebSocket that was not agreed");
  CHECK(complaint_about({"\x89\x7E\x00\x7E", 4}) ==
        "the server sent a control frame that is cut or too long");
}

TEST_CASE("each line is sent as a text of its own, masked, without its end") {
  const auto side = websocket_side::opened();
  const std::string long_line(300, 'l');
  std::string wire;
  side->layer.seal("NICK a\r\nJOIN #b\n\r\n" + long_line + "\r\n", wire);
  CHECK(static_cast<unsigned char>(wire[1]) == (0x80 | 6));
  CHECK(wire.find("NICK") == std::string::npos);

  for (const auto& cut : test::all_cuts(wire)) {
    websocket_reader server(512);
    layer_output heard;
    for (const auto piece : cut)
      CHECK(server.take(piece, heard) == layer_state::open);
    CHECK(heard.up == "NICK a\nJOIN #b\n\n" + long_line + "\n");
  }
}

TEST_CASE("no two frames and no two connections have the same mask") {
  std::string first;
  std::string second;
  const auto side = websocket_side::opened();
  side->layer.seal("x\nx\n", first);
  CHECK(first.substr(2, 4) != first.substr(9, 4));
  websocket_client(irc_use, "h", 2).seal("x\n", second);
  CHECK(first.substr(2, 4) != second.substr(2, 4));
}

TEST_CASE("a stream is sent as it is, in one binary message for what is sent together") {
  const auto side = websocket_side::opened(stream_use);
  std::string wire;
  side->layer.seal("PUB a 2\r\nhi\r\n", wire);
  REQUIRE(wire.size() == 6 + 13);
  CHECK(static_cast<unsigned char>(wire[0]) == 0x82);
  for (std::size_t index = 0; index < 13; ++index)
    wire[6 + index] = static_cast<char>(wire[6 + index] ^ wire[2 + index % 4]);
  CHECK(wire.substr(6) == "PUB a 2\r\nhi\r\n");
}

TEST_CASE("a server that closes a WebSocket is answered, and its code is told") {
  const auto side = websocket_side::opened();
  std::string wire;
  append_close(1001, wire);
  side->take(wire);
  CHECK(side->state == layer_state::broken);
  CHECK(side->layer.complaint() == "the server closed the WebSocket with code 1001");
  CHECK(static_cast<unsigned char>(side->out.down.at(0)) == 0x88);
}

TEST_CASE("lines go through the server's own WebSocket in both directions") {
  auto talk = begin(layered(false, true), web_server());
  talk.run(1);
  REQUIRE(talk.client->is_open());
  talk.plain_out = "PING a\r\nPING b\r\n";
  talk.run();
  CHECK(talk.server.out.up == "PING a\nPING b\n");
  std::string down;
  frame_lines(":s PONG a\r\n", websocket_opcode::text, down);
  talk.hear(down);
  CHECK(talk.plain_in == ":s PONG a\n");
}

TEST_CASE("TLS takes any certificate, unless it is told which one to trust") {
  const test::temporary_folder folder;
  const auto own = folder.write("own.crt", test::pem_of(own_identity().certificate));
  const auto other = folder.write("other.crt", test::pem_of(test::make_identity({}).certificate));
  for (const auto& trusted : {std::string{}, own}) {
    auto talk = begin(layered(true, false, trusted), tls_server());
    talk.run(1);
    REQUIRE(talk.client->is_open());
    talk.plain_out = "PING a\r\n";
    talk.run();
    CHECK(talk.server.out.up == "PING a\r\n");
    talk.hear(talk.server.seal(":s PONG a\r\n"));
    CHECK(talk.plain_in == ":s PONG a\r\n");
  }
  auto talk = begin(layered(true, false, other), tls_server());
  CHECK(failure_of(talk).find("certificate") != std::string::npos);
  CHECK_THROWS_AS(make_layers(layered(true, false, folder.file("none"))), failure);
}

TEST_CASE("a WebSocket goes through TLS") {
  for (const std::size_t size : {std::size_t{1}, std::string::npos}) {
    auto talk = begin(layered(true, true), tls_and_web_server());
    CHECK_FALSE(talk.client->is_open());
    talk.run(size);
    REQUIRE(talk.client->is_open());
    talk.plain_out = "PING a\r\nPING b\r\n";
    const auto wire = talk.from_client();
    CHECK(wire.find("PING") == std::string::npos);
    talk.server.take(wire);
    CHECK(talk.server.out.up == "PING a\nPING b\n");
    std::string down;
    frame_lines(":s PONG a\r\n:s PONG b\r\n", websocket_opcode::text, down);
    talk.hear(talk.server.seal(down), size);
    CHECK(talk.plain_in == ":s PONG a\n:s PONG b\n");
  }
}

TEST_CASE("a greeting in the clear is passed over before TLS begins") {
  auto options = layered(true, false);
  options.protocol = "nats";
  auto talk = begin(options, tls_server());
  CHECK(talk.from_client().empty());
  talk.hear("INFO {}");
  CHECK(talk.from_client().empty());
  talk.hear("\r\n");
  talk.run();
  CHECK(talk.client->is_open());
  CHECK(talk.plain_in.empty());
}

TEST_CASE("what waits to be sent is bounded, and the rest stays with its owner") {
  auto talk = begin(layered(true, false), tls_server());
  talk.run();
  const std::string much(300 * 1024, 'x');
  std::string plain = much;
  const auto sealed = talk.client->outgoing(plain).size();
  CHECK(plain.empty());
  plain = "more";
  CHECK(talk.client->outgoing(plain).size() == sealed);
  CHECK(plain == "more");
}

TEST_CASE("without the options connections are plain") {
  CHECK_FALSE(layers_for(layered(false, false), *make_protocol("irc")));
}

}  // namespace confab::bench
