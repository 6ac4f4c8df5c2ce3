// The parts of the basic client and server without I/O: Part 0 of the framed course document.

#include "apps/clients/basic/message_printer.hpp"
#include "io/text/printable.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace confab::client;

namespace {

// What is printed of a message that arrives in pieces of this size.
std::string printed(const std::string& bytes, bool on_terminal, std::size_t piece_bytes) {
  message_printer message(on_terminal);
  std::string result;
  for (std::size_t start = 0; start < bytes.size(); start += piece_bytes)
    result += message.push(std::string_view(bytes).substr(start, piece_bytes));
  return result + message.finish();
}

}  // namespace

TEST_CASE("each message is printed whole, and ends with exactly one newline") {
  struct row {
    std::string message;
    std::string printed;
  };
  const auto each = GENERATE(row{"hi", "hi\n"}, row{"hi\n", "hi\n"}, row{"a\nb", "a\nb\n"},
                             row{"a\n\n", "a\n\n"}, row{"\n", "\n"}, row{"", ""},
                             row{std::string("\0\x1B\xff", 3), std::string("\0\x1B\xff\n", 4)});
  const auto piece_bytes = GENERATE(1U, 2U, 100U);
  CHECK(printed(each.message, false, piece_bytes) == each.printed);
}

TEST_CASE("on a terminal a message is shown harmlessly, also when a character is split") {
  const std::string message = "Grüße 日本 👍\x1B[31m\r\n\x9B \xC2\x9B \xE6\x97\nx\xF0\x9F";
  const auto piece_bytes = GENERATE(1U, 2U, 3U, 5U, 100U);
  CHECK(printed(message, true, piece_bytes) ==
        "Grüße 日本 👍\\x1B[31m\\x0D\n\\x9B \\u009B \\xE6\\x97\nx\\xF0\\x9F\n");
}

TEST_CASE("in a text of several lines newlines stay newlines") {
  CHECK(confab::printable_lines("").empty());
  CHECK(confab::printable_lines("one\ntwo\n") == "one\ntwo\n");
  CHECK(confab::printable_lines("\n\x1B\n\n\r") == "\n\\x1B\n\n\\x0D");
}
