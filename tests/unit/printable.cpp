// What a terminal is shown of other people's bytes.

#include "io/text/printable.hpp"

#include "tests/support/catch.hpp"

#include <string>

using confab::printable;
using confab::printable_name;
using confab::printable_start;
using confab::shortened;

TEST_CASE("readable text of any language stays as it is") {
  for (const char* text : {"", "hi", "a\tb", "~!\\", "Grüße, Žofie", "日本語", "שלום",
                           "👍🏽 👨‍👩‍👧", "\xF4\x8F\xBF\xBD"})
    CHECK(printable(text) == text);
}

TEST_CASE("no C0 control and no DEL reaches the terminal, but the tab") {
  for (int value = 0; value < 0x20; ++value) {
    const std::string shown = printable(std::string(1, static_cast<char>(value)));
    CAPTURE(value);
    CHECK((value == '\t' ? shown == "\t" : shown.size() == 4 && shown.starts_with("\\x")));
  }
  CHECK(printable("\x1B[2Jboo\x7F") == "\\x1B[2Jboo\\x7F");
  CHECK(printable(std::string("a\0b", 3)) == "a\\x00b");
}

TEST_CASE("no C1 control reaches the terminal, neither as a byte nor as UTF-8") {
  for (int value = 0x80; value < 0xA0; ++value) {
    const auto byte = static_cast<char>(value);
    CHECK(printable(std::string(1, byte)).find(byte) == std::string::npos);
    CHECK(printable(std::string("\xC2") + byte).find(byte) == std::string::npos);
  }
  CHECK(printable("\x9B"
                  "31m") == "\\x9B31m");
  CHECK(printable("\xC2\x9B"
                  "31m") == "\\u009B31m");
}

TEST_CASE("bytes that are no valid UTF-8 are shown as escapes") {
  CHECK(printable("\xff") == "\\xFF");
  CHECK(printable("a\xC3") == "a\\xC3");                           // cut off
  CHECK(printable("\xC0\x9B") == "\\xC0\\x9B");                    // a longer form of ESC
  CHECK(printable("\xE0\x80\x9B") == "\\xE0\\x80\\x9B");           // an even longer one
  CHECK(printable("\xED\xA0\x80") == "\\xED\\xA0\\x80");           // a surrogate
  CHECK(printable("\xF4\x90\x80\x80") == "\\xF4\\x90\\x80\\x80");  // above U+10FFFF
  CHECK(printable("\xC3\x1B[") == "\\xC3\\x1B[");                  // a lead byte hides nothing
  CHECK(printable("\xE2\x82\x1B") == "\\xE2\\x82\\x1B");
}

TEST_CASE("characters that reorder or hide text are shown as escapes") {
  CHECK(printable("\u202Egnp.exe") == "\\u202Egnp.exe");
  CHECK(printable("\u2066a\u2069") == "\\u2066a\\u2069");
  CHECK(printable("a\u200Bb\uFEFF") == "a\\u200Bb\\uFEFF");
  CHECK(printable("a\u2028b") == "a\\u2028b");
}

TEST_CASE("a long name is shown up to its 64th character, and an escape is never cut") {
  CHECK(printable_name(std::string(64, 'n')) == std::string(64, 'n'));
  CHECK(printable_name(std::string(65, 'n')) == std::string(64, 'n') + "…");
  CHECK(printable_start("aéb", 2) == "aé…");
  CHECK(printable_start("a\x1B", 4) == "a…");
  CHECK(printable_start("a\x1B", 5) == "a\\x1B");
}

TEST_CASE("a text is shortened between two characters") {
  CHECK(shortened("short", 5) == "short");
  CHECK(shortened("longer", 5) == "lo…");
  CHECK(shortened("€€€", 8) == "€…");
  CHECK(shortened("€€", 3) == "…");
}
