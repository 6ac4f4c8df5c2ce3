// What a hostile server, or other people, send to a client cannot control its user's terminal.

#include "tests/clients/common/helpers.hpp"
#include "tests/clients/conversation/helpers.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace confab::test;

namespace {

// Every byte but the newline and the colon, which have a meaning in a protocol; C1 controls, line
// separators and reordering characters in UTF-8. In pieces that fit into a frame. "end" is where a
// test may stop reading.
std::vector<std::string> hostile_texts() {
  std::string low;
  std::string high;
  for (int value = 0; value < 256; ++value)
    if (value != '\n' && value != ':')
      (value < 128 ? low : high) += static_cast<char>(value);
  return {low + "end", high + "end",
          "\xC2\x9B"
          "31m \xC2\x85 \u2028 \u202E \u2066 \uFEFF \x1B]0;owned\x07\x1B[2J\x1B[1A end"};
}

// The output without the client's own line ends and the blanks that it writes over its prompt.
std::string without_own_controls(std::string output) {
  for (const std::string own : {"\r    \r", "\r\n"})
    for (auto found = output.find(own); found != std::string::npos; found = output.find(own))
      output.erase(found, own.size());
  return output;
}

bool controls_terminal(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return (value < 0x20 && byte != '\t') || value == 0x7F;
}

void check_harmless(const std::string& output) {
  const auto shown = without_own_controls(output);
  CAPTURE(shown);
  CHECK(std::none_of(shown.begin(), shown.end(), controls_terminal));
  for (const std::string unsafe : {"\xC2\x85", "\xC2\x9B", "\u2028", "\u202E", "\u2066", "\uFEFF"})
    CHECK(shown.find(unsafe) == std::string::npos);
  // A byte that is no UTF-8, such as a C1 control in one byte, is shown as an escape too.
  CHECK(shown.find('\x9B') == std::string::npos);
}

process_options output_on_terminal() {
  process_options options;
  options.output = stream::terminal;
  return options;
}

process_options errors_on_terminal() {
  process_options options;
  options.errors = stream::terminal;
  return options;
}

}  // namespace

TEST_CASE("texts and names cannot control the receiver's terminal") {
  receiver_dialogue dialogue(output_on_terminal());
  for (const auto& text : hostile_texts()) {
    dialogue.server.send("delivery:cafe:" + text + ":" + text + "\n");
    REQUIRE(dialogue.program.read_until("end: "));
    REQUIRE(dialogue.program.read_until("end\r\n"));
  }
  check_harmless(dialogue.program.output());
}

TEST_CASE("messages cannot control the framed client's terminal") {
  framed_dialogue dialogue(output_on_terminal());
  for (const auto& text : hostile_texts()) {
    dialogue.server.send(frame(text));
    REQUIRE(dialogue.program.read_until("end\r\n"));
  }
  check_harmless(dialogue.program.output());
}

TEST_CASE("lines cannot control the oneroom client's terminal") {
  oneroom_dialogue dialogue(output_on_terminal());
  for (const auto& text : hostile_texts()) {
    dialogue.server.send(text + ":" + text + "\n");
    REQUIRE(dialogue.program.read_until("end\r\n"));
  }
  check_harmless(dialogue.program.output());
}

TEST_CASE("malformed lines and refusals cannot control the terminal of the receiver's user") {
  for (const auto& text : hostile_texts()) {
    receiver_dialogue malformed(errors_on_terminal());
    malformed.server.send(text + "\n");
    REQUIRE(malformed.program.read_errors_until("end\r\n"));
    check_harmless(malformed.program.errors());

    scripted_peer server;
    process refused("receiver", {"127.0.0.1", server.port(), "alice", "cafe"},
                    errors_on_terminal());
    REQUIRE(server.accept());
    server.send("err:" + text + "\n");
    CHECK(refused.wait() == 1);
    check_harmless(refused.errors());
  }
}

TEST_CASE("refusals and nonsense cannot control the terminal of the sender's user") {
  const std::string tag = GENERATE("err:", "");
  for (const auto& text : hostile_texts()) {
    sender_dialogue dialogue(errors_on_terminal());
    dialogue.program.write("hi\n");
    dialogue.expect("sendall:hi\n", tag + text + "\n");
    REQUIRE(dialogue.program.read_errors_until("end\r\n"));
    check_harmless(dialogue.program.errors());
  }
}
