// The chat clients' sides of their protocols without I/O: docs/dialects/oneroom.md and framed.md.

#include "apps/clients/framed/framed_session.hpp"
#include "apps/clients/oneroom/oneroom_session.hpp"
#include "io/dialects/framed/framed.hpp"
#include "io/dialects/oneroom/oneroom.hpp"
#include "tests/support/authors.hpp"
#include "tests/support/catch.hpp"

#include <memory>
#include <string>
#include <vector>

using namespace confab::client;

namespace {

std::string frame(const std::string& text) {
  return text + std::string(200 - text.size(), ' ');
}

// All outputs for these bytes, pushed in pieces of this size. A complaint stands as "!...".
std::vector<std::string> outputs(chat_session& session, const std::string& bytes,
                                 std::size_t piece_bytes) {
  std::vector<std::string> result;
  for (std::size_t start = 0; start < bytes.size(); start += piece_bytes) {
    session.push(std::string_view(bytes).substr(start, piece_bytes));
    while (const auto step = session.next()) {
      CHECK_FALSE(step->request);
      CHECK_FALSE(step->exit_code);
      result.push_back(step->output ? *step->output : "!" + *step->complaint);
    }
  }
  return result;
}

// What our server answers on the wire.
std::string refusal_by_the_server(confab::refusal why, const std::string& subject) {
  std::string bytes;
  confab::framed::make_dialect()->encode_reply(confab::refused{why, subject}, {}, bytes);
  return bytes;
}

std::optional<session_step> first_step(framed_session& session, const std::string& received) {
  session.push(received);
  return session.next();
}

}  // namespace

TEST_CASE("the first frame is the name, padded with blanks to 200 bytes") {
  CHECK(framed_session("Alice").opening() == frame("Alice"));
  CHECK(framed_session(" Al Ice  ").opening() == frame(" Al Ice"));
  CHECK(framed_session(std::string(200, 'x')).opening() == std::string(200, 'x'));
}

TEST_CASE("each line of input is one frame of 200 bytes") {
  framed_session session("Alice");
  for (const std::string text :
       {"", "hi", "/list", "  /create a b", "Grüße 日本 👍", "a\tb\x01\xff", "[Kay] I"}) {
    const auto step = session.on_input({text, false});
    CHECK(step.request == frame(text));
    CHECK_FALSE(step.complaint);
  }
  CHECK(session.on_input({std::string("a\0b", 3), false}).request == frame(std::string("a\0b", 3)));
}

TEST_CASE("a line of 200 bytes is sent whole, blanks at its end need not fit") {
  framed_session session("Alice");
  const std::string full(200, 'x');
  CHECK(session.on_input({full, false}).request == full);
  CHECK(session.on_input({full + "    ", false}).request == full);
}

TEST_CASE("a line that does not fit is one complaint, and nothing is sent, not even a part") {
  framed_session session("Alice");
  const line input = GENERATE(line{std::string(201, 'x'), false},
                              line{std::string(199, 'x') + "ü", false}, line{"", true});
  const auto step = session.on_input(input);
  CHECK_FALSE(step.request);
  CHECK(step.complaint);
  CHECK_FALSE(step.exit_code);
}

TEST_CASE("frames are printed without the blanks at the end, however their bytes are split") {
  const std::string bytes = frame("[Kay] Hi!") + frame("one\ntwo\n") + std::string(200, 'x') +
                            frame("  two  blanks  ") + frame("Kay has left");
  const auto piece_bytes = GENERATE(1U, 2U, 7U, 199U, 200U, 201U, 400U, 100'000U);
  framed_session session("Alice");
  CHECK(outputs(session, bytes, piece_bytes) ==
        std::vector<std::string>{"[Kay] Hi!", "one\ntwo", std::string(200, 'x'), "  two  blanks",
                                 "Kay has left"});
}

TEST_CASE("less than a frame is nothing yet") {
  framed_session session("Alice");
  CHECK(outputs(session, frame("[Kay] Hi!").substr(0, 199), 199).empty());
  CHECK(outputs(session, " ", 1) == std::vector<std::string>{"[Kay] Hi!"});
}

TEST_CASE("an empty list is nothing that is printed as a line") {
  framed_session session("Alice");
  CHECK(outputs(session, frame("") + frame("x") + frame("\r\n"), 200) ==
        std::vector<std::string>{"x"});
}

TEST_CASE("the refusal of any name by our server ends the framed client") {
  const std::string name =
      GENERATE(std::string("Al"), std::string("[Al]"), std::string("a\rb "), std::string(200, 'x'),
               std::string(99, 'x') + "ü" + std::string(99, 'x'));
  framed_session session(name);
  const auto sent = session.opening().substr(0, session.opening().find_last_not_of(' ') + 1);
  const auto step =
      first_step(session, refusal_by_the_server(confab::refusal::name_too_long, sent));
  REQUIRE(step);
  CHECK(step->output->starts_with("This name is too long: "));
  CHECK(step->exit_code == 1);
  CHECK(step->complaint == "the server refused the name");
}

TEST_CASE("the refusal of another name does not end the framed client") {
  framed_session session("Alice");
  const auto step =
      first_step(session, refusal_by_the_server(confab::refusal::name_too_long, "Kay"));
  REQUIRE(step);
  CHECK_FALSE(step->exit_code);
  CHECK(session.refusal().empty());
}

TEST_CASE("a refused connection is known by the only message that came") {
  const auto why = GENERATE(confab::refusal::server_full, confab::refusal::address_full);
  framed_session session("Alice");
  CHECK(session.refusal().empty());
  const auto refusal = refusal_by_the_server(why, "");
  CHECK_FALSE(first_step(session, refusal)->exit_code);
  CHECK(session.refusal() == "the server refused the connection");
  CHECK(first_step(session, refusal));
  CHECK(session.refusal().empty());
}

TEST_CASE("a framed name must fit into one frame, and be one line of something") {
  for (const auto& name : {std::string("Al"), std::string("a b"), std::string(200, 'x')})
    CHECK(framed_name_obstacle(name).empty());
  for (const auto& name : {std::string(), std::string("  "), std::string("a\nb"), std::string("\n"),
                           std::string("a\r"), std::string(201, 'x')})
    CHECK_FALSE(framed_name_obstacle(name).empty());
}

TEST_CASE("the first line is the name, each line of input is a line") {
  oneroom_session session("bob");
  CHECK(session.opening() == "bob\n");
  for (const std::string text : {"", "hi", "  hi  ", "a:b", "/list", "a\rb\xff"}) {
    const auto step = session.on_input({text, false});
    CHECK(step.request == text + "\n");
    CHECK_FALSE(step.complaint);
  }
  CHECK_FALSE(session.on_input({"", true}).request);
  CHECK(session.on_input({"", true}).complaint);
}

TEST_CASE("lines are printed as they came, however their bytes are split") {
  const std::string bytes = "bob:hi\namy: a:b \r\n\nno colon\n:\nunfinished";
  const auto piece_bytes = GENERATE(1U, 2U, 5U, 100U);
  oneroom_session session("bob");
  CHECK(outputs(session, bytes, piece_bytes) ==
        std::vector<std::string>{"bob:hi", "amy: a:b ", "", "no colon", ":"});
}

TEST_CASE("a line without end from a server is one complaint, and it goes on behind it") {
  oneroom_session session("bob");
  const std::string bytes = "amy:" + std::string(3 * oneroom_line_bytes_max, 'x') + "\nbob:hi\n";
  const auto printed = outputs(session, bytes, 64 * 1024);
  REQUIRE(printed.size() == 2);
  CHECK(printed[0].starts_with("!"));
  CHECK(printed[1] == "bob:hi");
}

TEST_CASE("a oneroom message was refused when it does not come back") {
  const std::string name = GENERATE("bob", "b:o:b", "b\rb");
  oneroom_session session(name);
  CHECK(session.refusal().empty());
  CHECK(session.on_input({"one", false}).request);
  CHECK(session.on_input({"", false}).request);
  CHECK(session.on_input({"", true}).complaint);
  CHECK(session.refusal().ends_with("2 of 2"));
  std::string bytes;
  confab::event_batch batch;
  batch.who = confab::test::make_author(name, "oneroom", 0, 1);
  batch.events = {confab::said{"one"}, confab::said{""}};
  confab::oneroom::make_dialect("lobby", 4096)->encode_events(batch, 0, bytes);
  CHECK(outputs(session, bytes + "amy:hi\n", 100).size() == 3);
  CHECK(session.refusal().empty());
}

TEST_CASE("a oneroom name must be one line of something") {
  for (const std::string name : {"bob", " ", "b:b", "a\rb"})
    CHECK(oneroom_name_obstacle(name).empty());
  for (const std::string name : {"", "\n", "a\nb", "bob\r"})
    CHECK_FALSE(oneroom_name_obstacle(name).empty());
}
