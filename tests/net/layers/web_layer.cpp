// A connection that begins with HTTP and becomes a WebSocket.

#include "io/net/layers/web_layer.hpp"

#include "tests/net/layers/heap.hpp"
#include "tests/net/layers/pieces.hpp"
#include "tests/net/layers/web_world.hpp"
#include "tests/net/layers/websocket_client.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using namespace confab;
using namespace confab::test;

namespace {

struct visit {
  explicit visit(web_rules rules = {}, const std::string& peer = "192.0.2.7")
      : layer(make_site(std::move(rules)), peer) {}

  visit& take(const pieces& input) {
    for (const auto piece : input)
      if (state != layer_state::finished && state != layer_state::broken)
        state = layer.take(piece, out);
    return *this;
  }
  visit& take(std::string_view bytes) { return take(pieces{bytes}); }

  std::string finish() {
    std::string down;
    layer.finish(down);
    return down;
  }

  web_layer layer;
  layer_state state = layer_state::opening;
  layer_output out;
};

std::size_t answers_in(const std::string& down) {
  std::size_t count = 0;
  for (auto at = down.find("HTTP/1.1 "); at != std::string::npos;
       at = down.find("HTTP/1.1 ", at + 1))
    ++count;
  return count;
}

web_rules behind_proxy() {
  web_rules rules;
  rules.trusted_proxies = {*ip_network::parse("127.0.0.0/8"), *ip_network::parse("10.0.0.0/8")};
  return rules;
}

}  // namespace

TEST_CASE("a page is served, and the layer waits for more") {
  const auto request = get("/app.js");
  for (const auto& cut : all_cuts(request)) {
    visit one;
    one.take(cut);
    CHECK(one.state == layer_state::opening);
    CHECK(one.out.down.ends_with("let a = 1"));
    CHECK(one.out.up.empty());
  }
}

TEST_CASE("requests that come together are answered in their order") {
  const auto requests = get("/app.js") + get("/") + get("/nothing");
  for (const auto& cut : all_cuts(requests)) {
    visit one;
    one.take(cut);
    CHECK(one.state == layer_state::opening);
    CHECK(answers_in(one.out.down) == 3);
    CHECK(one.out.down.find("let a = 1") < one.out.down.find("<!doctype html>"));
  }
}

TEST_CASE("an answer with Connection: close is the last one") {
  visit one;
  one.take(get("/", "GET", "Connection: close\r\n") + get("/app.js"));
  CHECK(one.state == layer_state::finished);
  CHECK(answers_in(one.out.down) == 1);
  CHECK(one.finish().empty());
}

TEST_CASE("a wrong request is answered and breaks the connection, with a line for the log") {
  visit one;
  one.take("NICK bob\r\nUSER b 0 * :b\r\n");
  CHECK(one.state == layer_state::broken);
  CHECK(one.out.down.starts_with("HTTP/1.1 400 Bad Request\r\n"));
  CHECK(one.out.down.find("Connection: close\r\n") != std::string::npos);
  CHECK(one.out.down.ends_with("This is no request of HTTP/1.1.\n"));
  CHECK(one.layer.complaint() == "HTTP 400: This is no request of HTTP/1.1");
}

TEST_CASE("a page of a foreign origin is turned away, with a line for the log") {
  visit one;
  one.take(upgrade("Origin: https://evil.example\r\n"));
  CHECK(one.state == layer_state::broken);
  CHECK(one.out.down.starts_with("HTTP/1.1 403 Forbidden\r\n"));
  CHECK(one.layer.complaint().find("https://evil.example") != std::string_view::npos);
}

TEST_CASE("many small requests for a large file are answered to a limit only") {
  visit one;
  std::string requests;
  for (int index = 0; index < 200; ++index)
    requests += get("/large");
  one.take(requests);
  CHECK(one.state == layer_state::finished);
  CHECK(answers_in(one.out.down) == 4);
  CHECK(one.out.down.size() < 500000);
  CHECK(one.out.down.rfind("Connection: close") > one.out.down.rfind("HTTP/1.1 200"));
}

TEST_CASE("frames may follow the request to upgrade at once, cut anywhere") {
  const auto input =
      get("/") + upgrade() + text_frame("NICK ida") + ping_frame("p") + text_frame("JOIN #a");
  for (const auto& cut : all_cuts(input)) {
    visit one;
    one.take(cut);
    CHECK(one.state == layer_state::open);
    CHECK(one.out.up == "NICK ida\nJOIN #a\n");
    CHECK(answers_in(one.out.down) == 2);
    CHECK(one.out.down.ends_with(std::string("\x8A\x01p")));
  }
}

TEST_CASE("the form of the output is known once the layer is open") {
  visit text;
  CHECK(text.layer.form() == output_form::lines);
  text.take(upgrade());
  CHECK(text.layer.form() == output_form::text_frames);
  CHECK_FALSE(text.layer.is_binary());
  visit binary;
  binary.take(upgrade("Sec-WebSocket-Protocol: binary.ircv3.net\r\n"));
  CHECK(binary.layer.form() == output_form::binary_frames);
  CHECK(binary.layer.is_binary());
  CHECK(binary.layer.passes_output());
}

TEST_CASE("RFC 6455, 5.5.1: the peer's close ends its input, and is answered once, at the end") {
  visit one;
  one.take(upgrade());
  one.out.down.clear();
  one.take(text_frame("QUIT") + close_frame(3001, "bye"));
  CHECK(one.state == layer_state::input_ended);
  CHECK(one.out.up == "QUIT\n");
  CHECK(one.out.down.empty());
  const auto frames = server_frames(one.finish());
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].code() == 3001);
  CHECK(one.finish().empty());
  CHECK_FALSE(one.layer.was_cut_short());
}

TEST_CASE("RFC 6455, 7.1.5: a close without a code is answered without one") {
  visit one;
  one.take(upgrade() + frame(0x88, ""));
  CHECK(one.finish() == std::string("\x88\0", 2));
}

TEST_CASE("RFC 6455, 7.4.1: a server that ends says 1001, once") {
  visit one;
  one.take(upgrade());
  const auto frames = server_frames(one.finish());
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].code() == 1001);
  CHECK(one.finish().empty());
  one.out = {};
  one.take(ping_frame("p") + close_frame(1001));
  CHECK(one.state == layer_state::input_ended);
  CHECK(one.out.down.empty());
  CHECK(one.finish().empty());
}

TEST_CASE("a violation is answered with a close, and nothing is said after it") {
  visit one;
  one.take(upgrade() + text_frame("a") + frame(0x83, "x"));
  CHECK(one.state == layer_state::broken);
  CHECK(one.out.up == "a\n");
  CHECK(one.layer.complaint() == "WebSocket 1002: a frame has an unknown opcode");
  CHECK(one.finish().empty());
}

TEST_CASE("an end of input without a close ends the input, and is told apart") {
  visit one;
  one.take(upgrade());
  CHECK(one.layer.end_of_input(one.out) == layer_state::input_ended);
  CHECK(one.layer.was_cut_short());
  CHECK(server_frames(one.finish()).at(0).code() == 1001);
}

TEST_CASE("an end of input before the upgrade is the end") {
  visit one;
  one.take("GET / HT");
  CHECK(one.layer.end_of_input(one.out) == layer_state::finished);
  CHECK_FALSE(one.layer.was_cut_short());
  CHECK(one.out.down.empty());
}

TEST_CASE("the limit of a message is the site's") {
  web_rules rules;
  rules.message_bytes_max = 10;
  visit one{rules};
  one.take(upgrade() + text_frame("0123456789") + text_frame("0123456789a"));
  CHECK(one.state == layer_state::broken);
  CHECK(one.out.up == "0123456789\n");
  CHECK(server_frames(one.out.down.substr(one.out.down.find("\r\n\r\n") + 4)).at(0).code() == 1009);
}

TEST_CASE("X-Forwarded-For counts when a trusted proxy says it") {
  visit one{behind_proxy(), "127.0.0.1"};
  one.take(upgrade("X-Forwarded-For: 6.6.6.6, 203.0.113.9\r\nX-Forwarded-For: 10.0.0.2\r\n"));
  CHECK(one.layer.client_address() == "203.0.113.9");
}

TEST_CASE("X-Forwarded-For does not count when anybody else says it") {
  visit one{behind_proxy(), "192.0.2.7"};
  one.take(upgrade("X-Forwarded-For: 203.0.113.9\r\n"));
  CHECK(one.state == layer_state::open);
  CHECK(one.layer.client_address() == std::nullopt);
}

TEST_CASE("a trusted proxy that names nobody speaks for itself") {
  visit one{behind_proxy(), "127.0.0.1"};
  one.take(upgrade());
  CHECK(one.layer.client_address() == std::nullopt);
}

TEST_CASE("a connection that waits for its next request holds less than 1 kB") {
  constexpr std::size_t count = 100;
  std::vector<std::unique_ptr<web_layer>> layers;
  layers.reserve(count);
  layer_output out;
  out.down.reserve(count * 10000);
  const auto site = make_site();
  const auto request = get("/app.js", "GET", "X-Padding: " + std::string(5000, 'x') + "\r\n");
  const auto before = heap_bytes();
  for (std::size_t index = 0; index < count; ++index) {
    layers.push_back(std::make_unique<web_layer>(site, "192.0.2.7"));
    for (const auto piece : in_steps(request, 1000))
      layers.back()->take(piece, out);
  }
  const auto each = (heap_bytes() - before) / count;
  INFO(each << " bytes");
  CHECK(each < 1000);
}

TEST_CASE("an idle WebSocket connection holds less than 500 bytes") {
  constexpr std::size_t count = 1000;
  const auto site = make_site();
  std::vector<std::unique_ptr<web_layer>> layers;
  layers.reserve(count);
  layer_output out;
  out.down.reserve(count * 1000);
  out.up.reserve(count * 100);
  const auto request = upgrade("X-Padding: " + std::string(5000, 'x') + "\r\n") + text_frame("hi");
  web_layer(site, "192.0.2.7").take(request, out);  // What OpenSSL makes once is not counted.
  const auto before = heap_bytes();
  for (std::size_t index = 0; index < count; ++index) {
    layers.push_back(std::make_unique<web_layer>(site, "192.0.2.7"));
    layers.back()->take(request, out);
  }
  const auto each = (heap_bytes() - before) / count;
  INFO(each << " bytes");
  CHECK(each < 500);
}
