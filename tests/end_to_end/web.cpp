// The web listener byte by byte: HTTP, and IRC over WebSocket. What a browser makes of the page is
// in tests/browser.

#include "tests/support/catch.hpp"
#include "tests/support/mixed_server.hpp"
#include "tests/support/process.hpp"
#include "tests/support/server_process.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

using namespace confab::test;
using namespace std::string_literals;

namespace {

/// A server with a page, and the port of it.
struct page_server {
  explicit page_server(std::vector<std::string> options = {})
      : server((options.insert(options.end(), {"--web", "0"}), options)),
        port(wait_for_port(server, "web")) {}

  /// The whole answer to a request whose connection is to be closed afterwards.
  std::string ask(const std::string& line, const std::string& fields = {}) const {
    client wire{port};
    wire.send(line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + fields + "\r\n");
    return wire.read_to_end();
  }

  running_server server;
  std::uint16_t port;
};

std::string field_of(const std::string& answer, const std::string& name) {
  const auto found = answer.find("\r\n" + name + ": ");
  if (found == std::string::npos)
    return {};
  const auto begin = found + name.size() + 4;
  return answer.substr(begin, answer.find("\r\n", begin) - begin);
}

/// A frame as a client sends it. The mask is 0, which changes nothing.
std::string frame(unsigned char opcode, const std::string& payload) {
  std::string result(1, static_cast<char>(0x80U | opcode));
  result += static_cast<char>(0x80U | payload.size());
  return result + std::string(4, '\0') + payload;
}

/// A client of IRC over WebSocket.
class websocket {
 public:
  /// `first` are frames that it sends without waiting for the answer.
  explicit websocket(std::uint16_t port, const std::string& fields = {},
                     const std::string& first = {})
      : wire(port) {
    wire.send(
        "GET /irc HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
        fields + "\r\n" + first);
  }

  /// The head of the server's answer.
  std::string head() {
    std::string result;
    while (!result.ends_with("\r\n\r\n"))
      result += wire.read_exactly(1);
    return result;
  }

  void say(const std::string& line) { wire.send(frame(1, line)); }

  /// The next message: its opcode, then what it holds.
  std::pair<int, std::string> message() {
    const auto start = wire.read_exactly(2);
    auto size = static_cast<std::size_t>(static_cast<unsigned char>(start[1]));
    if (size == 126) {
      const auto more = wire.read_exactly(2);
      size = static_cast<std::size_t>(static_cast<unsigned char>(more[0])) * 256 +
             static_cast<unsigned char>(more[1]);
    }
    return {static_cast<unsigned char>(start[0]) & 0x0F, wire.read_exactly(size)};
  }

  /// Reads messages up to one that holds `text`.
  std::string hear(const std::string& text) {
    for (;;) {
      auto [opcode, line] = message();
      if (line.find(text) != std::string::npos)
        return line;
    }
  }

  client wire;
};

}  // namespace

TEST_CASE("the page is at /, with its type, its tag and the rules for browsers") {
  const page_server all;
  const auto answer = all.ask("GET /");
  CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(field_of(answer, "Content-Type") == "text/html; charset=utf-8");
  CHECK(field_of(answer, "Content-Security-Policy").find("default-src 'none'") == 0);
  CHECK(field_of(answer, "X-Content-Type-Options") == "nosniff");
  const auto etag = field_of(answer, "ETag");
  REQUIRE_FALSE(etag.empty());
  const auto unchanged = all.ask("GET /", "If-None-Match: " + etag + "\r\n");
  CHECK(unchanged.starts_with("HTTP/1.1 304 "));
  CHECK(unchanged.ends_with("\r\n\r\n"));
  const auto small = all.ask("GET /", "Accept-Encoding: gzip\r\n");
  CHECK(field_of(small, "Content-Encoding") == "gzip");
  CHECK(small.size() < answer.size());
}

TEST_CASE("HEAD has no body, unknown paths are 404, other methods 405, long heads 431") {
  const page_server all;
  const auto head = all.ask("HEAD /");
  CHECK(head.starts_with("HTTP/1.1 200 "));
  CHECK(head.ends_with("\r\n\r\n"));
  CHECK(all.ask("GET /nothing").starts_with("HTTP/1.1 404 "));
  const auto refused = all.ask("POST /");
  CHECK(refused.starts_with("HTTP/1.1 405 "));
  CHECK(field_of(refused, "Allow") == "GET, HEAD");
  CHECK(all.ask("GET /", "X-Long: " + std::string(20'000, 'x') + "\r\n")
            .starts_with("HTTP/1.1 431 "));
}

TEST_CASE("metrics and health checks are not on the port of the page") {
  const page_server all;
  for (const auto* path : {"/metrics", "/healthz", "/rooms.json"})
    CHECK(all.ask("GET "s + path).starts_with("HTTP/1.1 404 "));
}

TEST_CASE("a connection may ask for one thing after the other") {
  const page_server all;
  client wire{all.port};
  for (int i = 0; i < 3; ++i) {
    wire.send("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(wire.read_line() == "HTTP/1.1 200 OK\r");
    while (wire.read_line() != "\r") {
    }
  }
}

TEST_CASE("a client that never ends its request is closed") {
  const page_server all;
  client slow{all.port};
  slow.send("GET / HTTP/1.1\r\nHost: loc");
  CHECK(slow.read_to_end().empty());
}

TEST_CASE("IRC over WebSocket: one line per message, without CR LF, in the rooms of all") {
  const page_server all;
  websocket ida{all.port, "Sec-WebSocket-Protocol: binary.ircv3.net, text.ircv3.net\r\n"};
  const auto head = ida.head();
  CHECK(head.starts_with("HTTP/1.1 101 "));
  CHECK(field_of(head, "Sec-WebSocket-Accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  CHECK(field_of(head, "Sec-WebSocket-Protocol") == "binary.ircv3.net");
  ida.say("NICK ida");
  ida.say("USER ida 0 * :Ida");
  const auto [opcode, welcome] = ida.message();
  CHECK(opcode == 2);
  CHECK(welcome.find(" 001 ida ") != std::string::npos);
  CHECK(welcome.find_first_of("\r\n") == std::string::npos);
  ida.say("JOIN #lobby");
  ida.hear(" 366 ");
  auto bob = all.server.receiver("bob", "lobby");
  ida.say("PRIVMSG #lobby :from the web");
  CHECK(bob.read_line() == "delivery:lobby:ida:from the web");
}

TEST_CASE(
    "readers by WebSocket, also as text and as binary, get each text once beside the others") {
  const page_server all{{"--irc", "0"}};
  std::vector<websocket> readers;
  for (int i = 0; i < 24; ++i) {
    readers.emplace_back(all.port, i % 2 == 0 ? "Sec-WebSocket-Protocol: text.ircv3.net\r\n"
                                              : "Sec-WebSocket-Protocol: binary.ircv3.net\r\n");
    auto& each = readers.back();
    each.head();
    each.say("NICK r" + std::to_string(i));
    each.say("USER u 0 * :U");
    each.say("JOIN #lobby");
    each.hear(" 366 ");
  }
  auto bob = all.server.sender("bob", "lobby");
  REQUIRE(bob.request("sendall:one") == "ok:message sent");
  REQUIRE(bob.request("sendall:two") == "ok:message sent");
  for (std::size_t i = 0; i < readers.size(); ++i) {
    readers[i].hear("PRIVMSG #lobby :one");
    const auto [opcode, line] = readers[i].message();
    CHECK(opcode == (i % 2 == 0 ? 1 : 2));
    CHECK(line.ends_with("PRIVMSG #lobby :two"));
  }
}

TEST_CASE("pings are answered, and a close is answered after all that was said before") {
  const page_server all;
  websocket ida{all.port};
  ida.head();
  ida.wire.send(frame(9, "are you there"));
  CHECK(ida.message() == std::pair{10, "are you there"s});
  ida.wire.send(frame(1, "NICK ida") + frame(1, "USER ida 0 * :Ida") + frame(8, "\x03\xe8"s));
  ida.hear(" 001 ida ");
  for (;;) {
    const auto [opcode, bytes] = ida.message();
    if (opcode != 8)
      continue;
    CHECK(bytes == "\x03\xe8"s);
    break;
  }
}

TEST_CASE("a frame that breaks the rules ends the connection with its code") {
  const page_server all;
  websocket ida{all.port};
  ida.head();
  ida.wire.send("\x81\x05hello"s);  // Not masked.
  const auto [opcode, bytes] = ida.message();
  CHECK(opcode == 8);
  CHECK(bytes.substr(0, 2) == "\x03\xea"s);  // 1002
  ida.wire.read_to_end();
}

TEST_CASE("pages of other origins may not connect, unless --web-origin names them") {
  const page_server all{{"--web-origin", "https://friend.example"}};
  const auto answer = [&](const std::string& origin) {
    websocket each{all.port, "Origin: " + origin + "\r\n"};
    return each.head().substr(9, 3);
  };
  CHECK(answer("http://localhost") == "101");
  CHECK(answer("https://friend.example") == "101");
  CHECK(answer("https://evil.example") == "403");
}

TEST_CASE("behind a trusted proxy, limits see the address that it forwards") {
  const auto enter = [](const page_server& all, const std::string& from) {
    websocket each{
        all.port, "X-Forwarded-For: " + from + "\r\n",
        frame(1, "NICK n" + from.substr(from.rfind('.') + 1)) + frame(1, "USER u 0 * :U")};
    each.head();
    auto line = each.message().second;
    return std::pair{std::move(each), line.find(" 001 ") != std::string::npos};
  };
  const std::vector<std::string> limited{"--max-connections-per-address", "1"};
  SECTION("trusted") {
    auto options = limited;
    options.insert(options.end(), {"--trusted-proxy", "127.0.0.0/8"});
    const page_server all{options};
    const auto one = enter(all, "192.0.2.1");
    CHECK(one.second);
    const auto two = enter(all, "192.0.2.2");
    CHECK(two.second);
    CHECK_FALSE(enter(all, "192.0.2.1").second);
  }
  SECTION("not trusted") {
    const page_server all{limited};
    const auto one = enter(all, "192.0.2.1");
    CHECK(one.second);
    CHECK_FALSE(enter(all, "192.0.2.2").second);
  }
}

TEST_CASE("behind a proxy that names a client, the client cannot name another one") {
  const page_server all{{"--proxy-protocol", "web", "--trusted-proxy", "127.0.0.1",
                         "--max-connections-per-address", "1"}};
  const auto enter = [&](const std::string& claim) {
    client wire{all.port};
    wire.send(
        "PROXY TCP4 192.0.2.1 127.0.0.1 999 80\r\nGET /irc HTTP/1.1\r\nHost: localhost\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nX-Forwarded-For: " +
        claim + "\r\n\r\n" + frame(1, "NICK n") + frame(1, "USER u 0 * :U"));
    while (wire.read_line() != "\r") {
    }
    wire.read_exactly(2);  // The head of a frame.
    return std::pair{std::move(wire), wire.read_exactly(5)};
  };
  const auto one = enter("192.0.2.7");
  const auto two = enter("192.0.2.8");
  CHECK(one.second != "ERROR");
  CHECK(two.second == "ERROR");  // Both come from 192.0.2.1, which may have one connection.
}

TEST_CASE("another library's WebSocket client can talk") {
  const page_server all;
  auto bob = all.server.receiver("bob", "lobby");
  process python{"/usr/bin/python3",
                 {"-c", R"(
import asyncio, sys, websockets
async def main():
    async with websockets.connect(sys.argv[1], subprotocols=["text.ircv3.net"]) as ws:
        for line in ["NICK py", "USER py 0 * :Py", "JOIN #lobby", "PRIVMSG #lobby :from python"]:
            await ws.send(line)
        while " 366 " not in await ws.recv():
            pass
        await ws.send("QUIT :bye")
        try:
            while True:
                await ws.recv()
        except websockets.ConnectionClosedOK:
            print("closed in order")
asyncio.run(main())
)",
                  "ws://127.0.0.1:" + std::to_string(all.port) + "/irc"}};
  CHECK(bob.read_line() == "delivery:lobby:py:from python");
  CHECK(python.wait(patience) == 0);
  CHECK(python.output() == "closed in order\n");
}
