// What a server makes of good and evil heads of requests, each cut everywhere.

#include "io/net/layers/http_head.hpp"

#include "tests/net/layers/pieces.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using namespace confab;
using namespace confab::test;

namespace {

const std::string start = "GET / HTTP/1.1\r\n";
const std::string host = "Host: a\r\n";
const std::string good = start + host;
const std::string end = "\r\n";

struct reading {
  std::vector<http_request> requests;
  int status = 0;
  std::string left;  ///< What was not taken.
};

reading read(const pieces& input) {
  http_head_reader reader;
  reading result;
  for (auto piece : input) {
    while (!piece.empty() && result.status == 0) {
      const auto progress = reader.take(piece);
      if (progress == http_head_reader::progress::done)
        result.requests.push_back(reader.request());
      else if (progress == http_head_reader::progress::bad)
        result.status = reader.status();
      else
        CHECK(piece.empty());
    }
    result.left += piece;
  }
  CHECK((result.status != 0) == !reader.problem().empty());
  return result;
}

void expect_requests(const std::string& input, std::size_t count) {
  for (const auto& cut : all_cuts(input)) {
    INFO(cut.size() << " pieces, the first of " << cut.front().size());
    const auto outcome = read(cut);
    CHECK(outcome.status == 0);
    CHECK(outcome.requests.size() == count);
  }
}

void expect_refusal(const std::string& input, int status = 400) {
  for (const auto& cut : all_cuts(input)) {
    INFO(cut.size() << " pieces, the first of " << cut.front().size());
    const auto outcome = read(cut);
    CHECK(outcome.status == status);
    CHECK(outcome.requests.empty());
  }
}

http_request only_request(const std::string& input) {
  const auto outcome = read({input});
  REQUIRE(outcome.requests.size() == 1);
  return outcome.requests.front();
}

}  // namespace

TEST_CASE("RFC 9112, 3: a GET with a Host is taken") {
  expect_requests(good + end, 1);
}
TEST_CASE("RFC 9112, 3: a HEAD is taken") {
  expect_requests("HEAD / HTTP/1.1\r\n" + host + end, 1);
}
TEST_CASE("RFC 9110, 7.8: a request to upgrade is taken") {
  expect_requests(good + "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n" + end, 1);
}
TEST_CASE("RFC 9112, 3.2: HTTP/1.0 needs no Host") {
  expect_requests("GET / HTTP/1.0\r\n\r\n", 1);
}
TEST_CASE("RFC 9112, 3.2: HTTP/1.1 needs a Host") {
  expect_refusal(start + end);
}
TEST_CASE("RFC 9112, 3.2: there is one Host only") {
  expect_refusal(good + "Host: b\r\n" + end);
}
TEST_CASE("RFC 9112, 3.2: one empty Host and another one are two") {
  expect_refusal(start + "Host:\r\nHost: a\r\n" + end);
}
TEST_CASE("RFC 9112, 2.2: a line ends in CR LF, not in LF") {
  expect_refusal("GET / HTTP/1.1\nHost: a\n\n");
}
TEST_CASE("RFC 9112, 5.1: no blank stands between a name and its colon") {
  expect_refusal(start + "Host : a\r\n" + end);
}
TEST_CASE("RFC 9112, 5.2: a field does not go on in a second line") {
  expect_refusal(good + "X: a\r\n b\r\n" + end);
}
TEST_CASE("RFC 9112, 2.2: a first field does not begin with a blank") {
  expect_refusal(start + " X: a\r\n" + host + end);
}
TEST_CASE("RFC 9110, 5.5: a field holds no NUL") {
  expect_refusal(good + std::string("X: a\0b\r\n", 8) + end);
}
TEST_CASE("RFC 9110, 5.5: a field holds no CR of its own") {
  expect_refusal(good + "X: a\rb\r\n" + end);
}
TEST_CASE("RFC 9112, 6.3: Transfer-Encoding and Content-Length together are refused") {
  expect_refusal(good + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n" + end);
}
TEST_CASE("RFC 9112, 6.3: two different Content-Lengths are refused") {
  expect_refusal(good + "Content-Length: 0\r\nContent-Length: 3\r\n" + end);
}
TEST_CASE("a body is refused") {
  expect_refusal(good + "Content-Length: 3\r\n\r\nabc");
}
TEST_CASE("a body of no bytes is none") {
  expect_requests(good + "Content-Length: 0\r\n" + end, 1);
}
TEST_CASE("a chunked body is refused") {
  expect_refusal(good + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
}
TEST_CASE("RFC 6585, 5: a field of 9,000 bytes is refused with 431") {
  expect_refusal(good + "X: " + std::string(9000, 'x') + "\r\n" + end, 431);
}
TEST_CASE("RFC 6585, 5: many fields are refused with 431") {
  std::string fields;
  while (fields.size() < 8192)
    fields += "X: y\r\n";
  expect_refusal(good + fields + end, 431);
}
TEST_CASE("RFC 6585, 5: a line without end is refused with 431") {
  expect_refusal("GET /" + std::string(70000, 'x'), 431);
}
TEST_CASE("RFC 9112, 3.2: a target holds no control") {
  expect_refusal("GET /\x01 HTTP/1.1\r\n" + host + end);
}
TEST_CASE("RFC 9112, 3.2: a target holds no blank") {
  expect_refusal("GET /a b HTTP/1.1\r\n" + host + end);
}
TEST_CASE("RFC 9112, 3: exactly one blank stands between the words of the first line") {
  expect_refusal("GET  / HTTP/1.1\r\n" + host + end);
  expect_refusal("GET / HTTP/1.1 \r\n" + host + end);
  expect_refusal(" GET / HTTP/1.1\r\n" + host + end);
}
TEST_CASE("RFC 9113, 3.4: the preface of HTTP/2 is refused") {
  expect_refusal("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
}
TEST_CASE("a TLS handshake on a port without TLS is refused although no line ends") {
  expect_refusal(std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) +
                 std::string(500, 'r'));
}
TEST_CASE("IRC on a port for HTTP is refused at its first line") {
  expect_refusal("NICK bob\r\nUSER b 0 * :b\r\n");
}
TEST_CASE("HTTP/0.9 is refused") {
  expect_refusal("GET /\r\n");
}
TEST_CASE("RFC 9110, 9.1: a method that nobody knows is read, to be refused with 405") {
  expect_requests("FOO / HTTP/1.1\r\n" + host + end, 1);
}
TEST_CASE("RFC 9110, 9.1: a method is a token") {
  expect_refusal("G(T / HTTP/1.1\r\n" + host + end);
}
TEST_CASE("RFC 9112, 3.2.2: a target that names a host is for proxies") {
  expect_refusal("GET http://a/ HTTP/1.1\r\n" + host + end);
}
TEST_CASE("RFC 9112, 3.2.4: the target of OPTIONS may be a star") {
  expect_requests("OPTIONS * HTTP/1.1\r\n" + host + end, 1);
}
TEST_CASE("RFC 9112, 9.3.2: a second request may follow at once") {
  expect_requests(good + end + good + end, 2);
}
TEST_CASE("RFC 9112, 2.2: one empty line before a request is ignored") {
  expect_requests("\r\n" + good + end, 1);
}
TEST_CASE("RFC 9112, 2.2: two empty lines before a request are not") {
  expect_refusal("\r\n\r\n" + good + end);
}
TEST_CASE("RFC 9112, 5: a field has a name") {
  expect_refusal(good + ": x\r\n" + end);
}
TEST_CASE("RFC 9112, 5: a field has a colon") {
  expect_refusal(good + "x\r\n" + end);
}

TEST_CASE("what follows a head is left for whoever speaks next") {
  std::string_view input;
  const auto bytes = good + end + "frames";
  input = bytes;
  http_head_reader reader;
  CHECK(reader.take(input) == http_head_reader::progress::done);
  CHECK(input == "frames");
}

TEST_CASE("RFC 9110, 5.3: fields of one name are one list, in their order") {
  const auto request = only_request(good + "X: a, b\r\nY: 1\r\nx:c\r\n" + end);
  CHECK(request.field("x") == "a, b, c");
  CHECK(request.lists("x", "C"));
  CHECK_FALSE(request.lists("x", "a, b"));
  CHECK(request.field("z") == std::nullopt);
}

TEST_CASE("RFC 9110, 5.5: blanks around a value do not belong to it") {
  CHECK(only_request(good + "X: \t a b \t\r\n" + end).field("x") == "a b");
}

TEST_CASE("RFC 9112, 9.3: a connection is kept unless the client says close or 1.0") {
  CHECK(only_request(good + end).keeps_alive());
  CHECK_FALSE(only_request(good + "Connection: Close\r\n" + end).keeps_alive());
  CHECK_FALSE(only_request("GET / HTTP/1.0\r\n\r\n").keeps_alive());
}
