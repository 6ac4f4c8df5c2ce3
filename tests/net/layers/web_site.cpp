// What a site answers to requests.

#include "io/net/layers/web_site.hpp"

#include "io/net/layers/websocket_handshake.hpp"
#include "tests/net/layers/web_world.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace confab;
using namespace confab::test;

namespace {

web_answer ask(const std::string& head, const web_rules& rules = {}) {
  static const auto default_site = make_site();
  const auto site = rules.origins.empty() ? default_site : make_site(rules);
  auto result = site->answer(parsed(head));
  // A body lives as long as its site.
  result.response.body = {};
  return result;
}

std::string field_of(const http_response& response, std::string_view name) {
  std::string result;
  for (const auto& [key, value] : response.fields)
    if (key == name)
      result = value;
  return result;
}

/// The answer in bytes.
std::string said(const std::string& head) {
  const auto site = make_site();
  std::string result;
  append_response(site->answer(parsed(head)).response, result);
  return result;
}

std::string body_of(const std::string& answer) {
  return answer.substr(answer.find("\r\n\r\n") + 4);
}

bool has(const std::string& text, const std::string& part) {
  INFO(text);
  CHECK(text.find(part) != std::string::npos);
  return text.find(part) != std::string::npos;
}

int status_from(const std::string& origin, const web_rules& rules = {},
                const std::string& host = "chat.example") {
  auto request = upgrade("Origin: " + origin + "\r\n");
  request.replace(request.find("chat.example"), 12, host);
  return ask(request, rules).response.status;
}

}  // namespace

TEST_CASE("a file is answered with its type, its tag and its bytes") {
  const auto answer = said(get("/app.js"));
  CHECK(has(answer, "HTTP/1.1 200 OK\r\n"));
  CHECK(has(answer, "Content-Type: text/javascript; charset=utf-8\r\n"));
  CHECK(has(answer, "ETag: \"a1\"\r\n"));
  CHECK(has(answer, "Content-Length: 9\r\n"));
  CHECK(has(answer, "Vary: Accept-Encoding\r\n"));
  CHECK(answer.find("Connection:") == std::string::npos);
  CHECK(body_of(answer) == "let a = 1");
}

TEST_CASE("a path that ends in a slash finds its index") {
  CHECK(body_of(said(get("/"))) == "<!doctype html>");
  CHECK(body_of(said(get("/?x=1"))) == "<!doctype html>");
}

TEST_CASE("a path that nobody knows is answered with 404") {
  CHECK(has(said(get("/nothing")), "HTTP/1.1 404 Not Found\r\n"));
  CHECK(has(said(get("/../app.js")), "HTTP/1.1 404 Not Found\r\n"));
  CHECK(has(said(get("/app.js/")), "HTTP/1.1 404 Not Found\r\n"));
}

TEST_CASE("RFC 9110, 9.3.2: a HEAD is answered as a GET, without the bytes") {
  auto head = said(get("/app.js", "HEAD"));
  CHECK(head + "let a = 1" == said(get("/app.js")));
}

TEST_CASE("RFC 9110, 15.5.6: a method that is not allowed is answered with those that are") {
  CHECK(has(said(get("/app.js", "POST")), "HTTP/1.1 405 Method Not Allowed\r\n"));
  CHECK(has(said(get("/app.js", "POST")), "Allow: GET, HEAD\r\n"));
  CHECK(has(said(get("/irc", "HEAD")), "Allow: GET\r\n"));
  CHECK(has(said(get("/nothing", "DELETE")), "HTTP/1.1 405"));
}

TEST_CASE("RFC 9110, 13.1.2: what the client has is not sent again") {
  for (const std::string tags : {"\"a1\"", "W/\"a1\"", "\"x\", \"a1\"", "*"}) {
    const auto answer = said(get("/app.js", "GET", "If-None-Match: " + tags + "\r\n"));
    CHECK(has(answer, "HTTP/1.1 304 Not Modified\r\n"));
    CHECK(has(answer, "ETag: \"a1\"\r\n"));
    CHECK(body_of(answer).empty());
    CHECK(answer.find("Content-Length") == std::string::npos);
  }
  for (const std::string tags : {"\"a2\"", "a1", "\"a1-gzip\"", ""})
    CHECK(has(said(get("/app.js", "GET", "If-None-Match: " + tags + "\r\n")), "HTTP/1.1 200 OK"));
}

TEST_CASE("RFC 9110, 12.5.3: who takes gzip gets it, with a tag of its own") {
  for (const std::string list : {"gzip", "deflate, GZIP;q=0.5", "br, gzip ; q=1", "*"}) {
    const auto answer = said(get("/app.js", "GET", "Accept-Encoding: " + list + "\r\n"));
    CHECK(has(answer, "Content-Encoding: gzip\r\n"));
    CHECK(has(answer, "ETag: \"a1-gzip\"\r\n"));
    CHECK(body_of(answer) == "packed");
  }
  for (const std::string list :
       {"", "deflate", "gzip;q=0", "gzip;q=0.000", "*;q=0", "xgzip", "gzip;q=0, *"})
    CHECK(body_of(said(get("/app.js", "GET", "Accept-Encoding: " + list + "\r\n"))) == "let a = 1");
}

TEST_CASE("a file without a compressed copy is sent as it is") {
  CHECK(body_of(said(get("/", "GET", "Accept-Encoding: gzip\r\n"))) == "<!doctype html>");
}

TEST_CASE("every answer forbids a page what our page does not need") {
  for (const auto& head : {get("/"), get("/nothing"), get("/irc"), get("/", "POST")}) {
    const auto answer = said(head);
    CHECK(has(answer, "Content-Security-Policy: default-src 'none'; script-src 'self'"));
    CHECK(has(answer, "X-Content-Type-Options: nosniff\r\n"));
    CHECK(has(answer, "Referrer-Policy: no-referrer\r\n"));
    CHECK(has(answer, "Cross-Origin-Opener-Policy: same-origin\r\n"));
    CHECK(has(answer, "Cross-Origin-Resource-Policy: same-origin\r\n"));
    CHECK(has(answer, "Permissions-Policy: "));
  }
}

TEST_CASE("RFC 9112, 9.6: who says close, or speaks HTTP/1.0, is told that nothing follows") {
  CHECK(has(said(get("/", "GET", "Connection: close\r\n")), "Connection: close\r\n"));
  CHECK(has(said("GET / HTTP/1.0\r\n\r\n"), "Connection: close\r\n"));
}

TEST_CASE("RFC 6455, 1.3: the key of the example has the answer of the example") {
  CHECK(accept_value("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST_CASE("RFC 6455, 4.2.2: a request for a WebSocket is agreed to") {
  const auto answer = ask(upgrade());
  CHECK(answer.response.status == 101);
  CHECK(field_of(answer.response, "Upgrade") == "websocket");
  CHECK(field_of(answer.response, "Connection") == "Upgrade");
  CHECK(field_of(answer.response, "Sec-WebSocket-Accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  std::string bytes;
  append_response(answer.response, bytes);
  CHECK(bytes.starts_with("HTTP/1.1 101 Switching Protocols\r\n"));
  CHECK(bytes.ends_with("\r\n\r\n"));
  CHECK(bytes.find("Content-Length") == std::string::npos);
  CHECK(bytes.find("Sec-WebSocket-Extensions") == std::string::npos);
}

TEST_CASE("IRCv3 WebSocket: the client's first subprotocol that is known is chosen") {
  const auto chosen = [](const std::string& offered) {
    const auto answer = ask(upgrade("Sec-WebSocket-Protocol: " + offered + "\r\n"));
    CHECK(answer.response.status == 101);
    const auto name = field_of(answer.response, "Sec-WebSocket-Protocol");
    CHECK((answer.form == output_form::binary_frames) == (name == "binary.ircv3.net"));
    return name;
  };
  CHECK(chosen("text.ircv3.net") == "text.ircv3.net");
  CHECK(chosen("binary.ircv3.net") == "binary.ircv3.net");
  CHECK(chosen("binary.ircv3.net, text.ircv3.net") == "binary.ircv3.net");
  CHECK(chosen("chat, text.ircv3.net,binary.ircv3.net") == "text.ircv3.net");
  CHECK(chosen("chat").empty());
}

TEST_CASE("IRCv3 WebSocket: who asks for no subprotocol gets text") {
  const auto answer = ask(upgrade());
  CHECK(answer.form == output_form::text_frames);
  CHECK(field_of(answer.response, "Sec-WebSocket-Protocol").empty());
}

TEST_CASE("RFC 6455, 4.4: another version is answered with 426 and ours") {
  auto old = upgrade();
  old.replace(old.find("Version: 13"), 11, "Version: 8");
  const auto answer = ask(old);
  CHECK(answer.response.status == 426);
  CHECK(field_of(answer.response, "Sec-WebSocket-Version") == "13");
  CHECK(answer.response.closes);
}

TEST_CASE("RFC 9110, 15.5.22: a plain request for the path of the WebSocket is answered with 426") {
  const auto answer = ask(get("/irc"));
  CHECK(answer.response.status == 426);
  CHECK(field_of(answer.response, "Upgrade") == "websocket");
  CHECK(field_of(answer.response, "Connection") == "Upgrade");
}

TEST_CASE("RFC 6455, 4.2.1: a key is 16 bytes in base64") {
  for (const std::string key : {"", "short", "dGhlIHNhbXBsZSBub25jZQ=!", "dGhlIHNhbXBsZSBub25jZ!==",
                                "dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ=="}) {
    auto request = upgrade();
    request.replace(request.find("dGhl"), 24, key);
    CHECK(ask(request).response.status == 400);
  }
}

TEST_CASE("RFC 6455, 4.1: a WebSocket needs the fields Connection and Upgrade") {
  for (const std::string field : {"keep-alive, Upgrade", "WebSocket"}) {
    auto request = upgrade();
    request.replace(request.find(field), field.size(), "x");
    CHECK(ask(request).response.status == 426);
  }
}

TEST_CASE("RFC 6455, 10.2: pages of the same host may connect") {
  CHECK(status_from("https://chat.example") == 101);
  CHECK(status_from("http://chat.example") == 101);
  CHECK(status_from("https://CHAT.example") == 101);
  CHECK(status_from("https://chat.example:443") == 101);
  CHECK(status_from("https://chat.example:8443", {}, "chat.example:8443") == 101);
  CHECK(status_from("https://chat.example", {}, "chat.example:443") == 101);
  CHECK(status_from("http://[::1]:8080", {}, "[::1]:8080") == 101);
}

TEST_CASE("RFC 6455, 10.2: pages of other hosts may not connect") {
  for (const std::string origin :
       {"https://evil.example", "https://chat.example.evil.example", "https://chat.example:8443",
        "null", "chat.example", "file://", "https://", ""}) {
    INFO(origin);
    CHECK(status_from(origin) == 403);
  }
}

TEST_CASE("RFC 6455, 10.2: a request without an origin comes from no page, and passes") {
  CHECK(ask(upgrade()).response.status == 101);
}

TEST_CASE("an operator lets pages of other origins in, by name or all of them") {
  web_rules rules;
  rules.origins = {"https://friend.example:8080"};
  CHECK(status_from("https://friend.example:8080", rules) == 101);
  CHECK(status_from("https://friend.example", rules) == 403);
  CHECK(status_from("http://friend.example:8080", rules) == 403);
  CHECK(status_from("https://chat.example", rules) == 101);
  rules.origins = {"*"};
  CHECK(status_from("https://evil.example", rules) == 101);
  CHECK(status_from("null", rules) == 101);
}

TEST_CASE("a page that is turned away is a line in the log, with nothing that a terminal obeys") {
  const auto answer = ask(upgrade("Origin: https://evil\x9B.example\r\n"));
  CHECK(answer.response.status == 403);
  CHECK(has(answer.complaint, "https://evil\\x9B.example"));
  CHECK(has(answer.complaint, "--web-origin"));
}
