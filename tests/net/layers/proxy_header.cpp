// Who speaks through a proxy.

#include "io/net/layers/proxy_header.hpp"

#include "io/net/layers/forwarded_for.hpp"
#include "io/net/layers/ip_network.hpp"
#include "tests/net/layers/pieces.hpp"
#include "tests/support/catch.hpp"

#include <optional>
#include <string>
#include <vector>

using namespace confab;
using namespace confab::test;

namespace {

const std::string signature("\r\n\r\n\0\r\nQUIT\n", 12);
const std::string ipv4_block("\xC0\x00\x02\x07\xC6\x33\x64\x01\xDC\x04\x01\xBB", 12);

using address = std::optional<std::string>;

/// Version 2: version and command, family, and what follows.
std::string version_2(unsigned command, unsigned family, const std::string& block) {
  return signature + static_cast<char>(command) + static_cast<char>(family) +
         static_cast<char>(block.size() >> 8U) + static_cast<char>(block.size() & 0xFFU) + block;
}

void expect_address(const std::string& header, const address& wanted) {
  const auto input = header + "NICK ida\r\n";
  for (const auto& cut : all_cuts(input)) {
    proxy_header layer;
    layer_output out;
    auto state = layer_state::opening;
    for (const auto piece : cut)
      state = layer.take(piece, out);
    CHECK(state == layer_state::open);
    CHECK(layer.client_address() == wanted);
    CHECK(out.up == "NICK ida\r\n");
    CHECK(out.down.empty());
    CHECK(layer.end_of_input(out) == layer_state::input_ended);
  }
  proxy_header exact;
  layer_output out;
  CHECK(exact.take(header, out) == layer_state::open);
  CHECK(out.up.empty());
}

void expect_refusal(const std::string& input) {
  for (const auto& cut : all_cuts(input)) {
    proxy_header layer;
    layer_output out;
    auto state = layer_state::opening;
    for (const auto piece : cut)
      if (state == layer_state::opening)
        state = layer.take(piece, out);
    CHECK(state == layer_state::broken);
    CHECK(out.up.empty());
    CHECK_FALSE(layer.complaint().empty());
    CHECK(layer.client_address() == std::nullopt);
  }
}

std::vector<ip_network> networks(const std::vector<std::string>& texts) {
  std::vector<ip_network> result;
  for (const auto& each : texts)
    result.push_back(ip_network::parse(each).value());
  return result;
}

}  // namespace

TEST_CASE("PROXY 1: the source of an IPv4 connection is the client") {
  expect_address("PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n", "192.0.2.7");
}
TEST_CASE("PROXY 1: the source of an IPv6 connection is the client") {
  expect_address("PROXY TCP6 2001:db8::7 ::1 1 443\r\n", "2001:db8::7");
}
TEST_CASE("PROXY 1: an unknown source leaves the socket's address") {
  expect_address("PROXY UNKNOWN\r\n", std::nullopt);
  expect_address("PROXY UNKNOWN ffff::1 ::1 1 2\r\n", std::nullopt);
}
TEST_CASE("PROXY 1: the longest line has 107 bytes") {
  const std::string longest = "PROXY UNKNOWN " + std::string(91, 'x') + "\r\n";
  REQUIRE(longest.size() == 107);
  expect_address(longest, std::nullopt);
  expect_refusal("PROXY UNKNOWN " + std::string(92, 'x') + "\r\n");
}
TEST_CASE("PROXY 1: what is no address is refused") {
  expect_refusal("PROXY TCP4 evil 1.1.1.1 1 1\r\n");
  expect_refusal("PROXY TCP4 1.1.1.1 evil 1 1\r\n");
  expect_refusal("PROXY TCP4 ::1 ::1 1 1\r\n");
  expect_refusal("PROXY TCP6 1.1.1.1 1.1.1.1 1 1\r\n");
  expect_refusal("PROXY TCP5 1.1.1.1 1.1.1.1 1 1\r\n");
}
TEST_CASE("PROXY 1: ports are numbers below 65536") {
  expect_refusal("PROXY TCP4 1.1.1.1 1.1.1.1 65536 1\r\n");
  expect_refusal("PROXY TCP4 1.1.1.1 1.1.1.1 1 x\r\n");
  expect_refusal("PROXY TCP4 1.1.1.1 1.1.1.1 1\r\n");
  expect_refusal("PROXY TCP4 1.1.1.1 1.1.1.1 -1 1\r\n");
}
TEST_CASE("PROXY 1: one blank stands between two words, and none behind the last") {
  expect_refusal("PROXY TCP4  1.1.1.1 1.1.1.1 1 1\r\n");
  expect_refusal("PROXY TCP4 1.1.1.1 1.1.1.1 1 1 \r\n");
  expect_refusal("PROXY\r\n");
}
TEST_CASE("PROXY 2: the source of an IPv4 connection is the client") {
  expect_address(version_2(0x21, 0x11, ipv4_block), "192.0.2.7");
}
TEST_CASE("PROXY 2: the source of an IPv6 connection is the client") {
  const std::string source("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x07", 16);
  expect_address(version_2(0x21, 0x21, source + source + "abcd"), "2001:db8::7");
}
TEST_CASE("PROXY 2: an IPv4 address in the form of IPv6 is the IPv4 address") {
  const std::string source("\0\0\0\0\0\0\0\0\0\0\xFF\xFF\xC0\0\2\7", 16);
  expect_address(version_2(0x21, 0x21, source + source + "abcd"), "192.0.2.7");
}
TEST_CASE("PROXY 2: TLVs behind the addresses are skipped, however long") {
  expect_address(version_2(0x21, 0x11, ipv4_block + std::string("\x04\0\3abc", 6)), "192.0.2.7");
  expect_address(version_2(0x21, 0x11, ipv4_block + std::string(65000, 't')), "192.0.2.7");
}
TEST_CASE("PROXY 2: a proxy that speaks for itself leaves the socket's address") {
  expect_address(version_2(0x20, 0x00, ""), std::nullopt);
  expect_address(version_2(0x20, 0x11, ipv4_block), std::nullopt);
}
TEST_CASE("PROXY 2: a local socket and an unknown family leave the socket's address") {
  expect_address(version_2(0x21, 0x31, std::string(216, 'u')), std::nullopt);
  expect_address(version_2(0x21, 0x00, ""), std::nullopt);
}
TEST_CASE("PROXY 2: a header too short for its addresses is refused") {
  expect_refusal(version_2(0x21, 0x11, ipv4_block.substr(1)));
}
TEST_CASE("PROXY 2: another version or command is refused") {
  expect_refusal(version_2(0x11, 0x11, ipv4_block));
  expect_refusal(version_2(0x22, 0x11, ipv4_block));
}
TEST_CASE("PROXY: a connection without a header is refused") {
  expect_refusal("NICK bob\r\n");
  expect_refusal("PRIVMSG a :b\r\n");
  expect_refusal("\r\n\r\nGET");
}
TEST_CASE("PROXY: a connection that ends within the header is broken, one without a byte is not") {
  proxy_header layer;
  layer_output out;
  layer.take("PROXY ", out);
  CHECK(layer.end_of_input(out) == layer_state::broken);
  proxy_header silent;
  CHECK(silent.end_of_input(out) == layer_state::finished);
}

TEST_CASE("a network contains the addresses that begin with its bits") {
  const auto contains = [](const std::string& network, const std::string& text) {
    return ip_network::parse(network).value().contains(ip_address::parse(text).value());
  };
  CHECK(contains("10.0.0.0/8", "10.255.0.1"));
  CHECK_FALSE(contains("10.0.0.0/8", "11.0.0.1"));
  CHECK(contains("192.0.2.128/25", "192.0.2.129"));
  CHECK_FALSE(contains("192.0.2.128/25", "192.0.2.127"));
  CHECK(contains("0.0.0.0/0", "192.0.2.1"));
  CHECK_FALSE(contains("0.0.0.0/0", "::1"));
  CHECK(contains("::1", "::1"));
  CHECK_FALSE(contains("::1", "::2"));
  CHECK(contains("fd00::/8", "fdff::1"));
  CHECK_FALSE(contains("fd00::/8", "fc00::1"));
  CHECK(contains("10.1.2.3/8", "10.9.9.9"));
  CHECK(contains("127.0.0.1", "::ffff:127.0.0.1"));
  CHECK(contains("2001:db8::/33", "2001:db8:7fff::1"));
  CHECK_FALSE(contains("2001:db8::/33", "2001:db8:8000::1"));
}

TEST_CASE("what is no network is none") {
  for (const std::string text : {"", "x", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/8x",
                                 "10.0.0.0/-1", "10.0.0/8", "/8", "10.0.0.0/8/8", "localhost"}) {
    INFO(text);
    CHECK(ip_network::parse(text) == std::nullopt);
  }
  CHECK(ip_address::parse(std::string_view("1.1.1.1\0x", 9)) == std::nullopt);
}

TEST_CASE("addresses are shown in their usual form") {
  CHECK(ip_address::parse("2001:DB8:0::7").value().text() == "2001:db8::7");
  CHECK(ip_address::parse("::ffff:192.0.2.7").value().text() == "192.0.2.7");
}

TEST_CASE("X-Forwarded-For: the first hop from the right that is not trusted is the client") {
  const auto trusted = networks({"127.0.0.1", "10.0.0.0/8", "::1"});
  CHECK(forwarded_for("6.6.6.6, 192.0.2.7", trusted, "127.0.0.1") == "192.0.2.7");
  CHECK(forwarded_for("192.0.2.7, 10.0.0.2", trusted, "127.0.0.1") == "192.0.2.7");
  CHECK(forwarded_for("192.0.2.7,10.0.0.2,10.0.0.3", trusted, "::1") == "192.0.2.7");
  CHECK(forwarded_for("10.0.0.4, 10.0.0.2", trusted, "127.0.0.1") == "10.0.0.4");
  CHECK(forwarded_for("192.0.2.7:5000", trusted, "127.0.0.1") == "192.0.2.7");
  CHECK(forwarded_for("[2001:db8::7]:5000", trusted, "127.0.0.1") == "2001:db8::7");
  CHECK(forwarded_for("2001:db8::7", trusted, "::ffff:127.0.0.1") == "2001:db8::7");
}

TEST_CASE("X-Forwarded-For: what a peer says that is not trusted does not count") {
  CHECK(forwarded_for("192.0.2.7", networks({"127.0.0.1"}), "203.0.113.9") == "203.0.113.9");
  CHECK(forwarded_for("192.0.2.7", {}, "127.0.0.1") == "127.0.0.1");
}

TEST_CASE("X-Forwarded-For: what is no address ends the list at the hop that wrote it") {
  const auto trusted = networks({"127.0.0.1", "10.0.0.0/8"});
  CHECK(forwarded_for("<script>", trusted, "127.0.0.1") == "127.0.0.1");
  CHECK(forwarded_for("192.0.2.7, unknown, 10.0.0.2", trusted, "127.0.0.1") == "10.0.0.2");
  CHECK(forwarded_for("", trusted, "127.0.0.1") == "127.0.0.1");
  CHECK(forwarded_for("192.0.2.7, ", trusted, "127.0.0.1") == "127.0.0.1");
  CHECK(forwarded_for("[", trusted, "127.0.0.1") == "127.0.0.1");
}
