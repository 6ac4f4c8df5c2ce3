// Message tags: escapes, the ones that are relayed, and how much of them.

#include "io/dialects/irc/tags.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace confab::irc;

namespace {

std::string escaped(std::string_view value) {
  std::string result;
  append_escaped(value, result);
  return result;
}

std::string relayed(std::string_view tags) {
  tag_list list;
  list.add_client_tags(tags);
  return list.text();
}

}  // namespace

TEST_CASE("irc: the escapes of tags are for a semicolon, a blank, a backslash, CR and LF") {
  CHECK(escaped("a;b c\\d\re\nf") == "a\\:b\\sc\\\\d\\re\\nf");
  CHECK(unescaped("a\\:b\\sc\\\\d\\re\\nf") == "a;b c\\d\re\nf");
  CHECK(escaped("=é:") == "=é:");
}

TEST_CASE("irc: a backslash before another character, or at the end, is left out") {
  CHECK(unescaped("\\a\\b") == "ab");
  CHECK(unescaped("test\\") == "test");
  CHECK(unescaped("\\\\\\") == "\\");
}

TEST_CASE("irc: whatever bytes a value holds, it comes back, but for a NUL") {
  for (int first = 0; first < 256; ++first) {
    for (const char* rest : {"", "s", ":", "\\", "\\s", ";"}) {
      const auto value = std::string(1, static_cast<char>(first)) + rest;
      const auto raw = escaped(value);
      CHECK(raw.find_first_of(std::string("; \r\n\0", 5)) == std::string::npos);
      CHECK(unescaped(raw) == (first == 0 ? " " : std::string(1, static_cast<char>(first))) + rest);
    }
  }
}

TEST_CASE("irc: a tag is found by its whole key, and the last one counts") {
  CHECK(find_tag("a=1;label=x\\sy;b", "label") == "x\\sy");
  CHECK(find_tag("a=1;b", "b") == "");
  CHECK(find_tag("b=", "b") == "");
  CHECK(find_tag("b=1=2", "b") == "1=2");
  CHECK(find_tag("a=1;a=2", "a") == "2");
  CHECK(!find_tag("labels=1;xlabel=2;+label=3", "label"));
  CHECK(!find_tag("", "label"));
  CHECK(!find_tag(";;", "label"));
}

TEST_CASE("irc: only tags with a + in front are relayed") {
  CHECK(relayed("+k=v;msgid=forged;+draft/reply=1;time=0;account=root;label=x") ==
        "+k=v;+draft/reply=1");
  CHECK(relayed("msgid=1").empty());
  CHECK(relayed("+a;+b=;+c=x\\sy") == "+a;+b=;+c=x\\sy");
  CHECK(relayed("").empty());
}

TEST_CASE("irc: a client's tag that is none, or would end the line, is left out") {
  CHECK(relayed(";;+;+=x;+a b;++c;+é=1;+ok=é").find("+ok=é") == 0);
  CHECK(relayed("+a=1\rb;+c\r=1;+d=\n;+e") == "+e");
  CHECK(relayed(std::string("+a=\0;+b", 7)) == "+b");
}

TEST_CASE("irc: our tags and a client's stand side by side") {
  tag_list tags;
  tags.add("msgid", "a-1");
  tags.add("bot");
  tags.add_client_tags("+k=v");
  tags.add("time", "2026-11-24T04:12:25.246Z");
  CHECK(tags.text() == "msgid=a-1;bot;+k=v;time=2026-11-24T04:12:25.246Z");
  tags.clear();
  CHECK(tags.text().empty());
  tags.add("bot");
  CHECK(tags.text() == "bot");
}

TEST_CASE("irc: out go 4096 bytes for our tags, 4094 more for a client's, 8191 in all") {
  tag_list tags;
  tags.add("own", std::string(tag_data_bytes_max - 4, 'v'));
  CHECK(tags.text().size() == 4094);
  tags.add("x");
  CHECK(tags.text().size() == 4094);
  tags.add_client_tags("+c=" + std::string(tag_data_bytes_max - 3, 'v'));
  CHECK(tags.text().size() + std::string_view{"@ "}.size() == 8191);
  tags.add_client_tags("+d");
  CHECK(tags.text().size() + std::string_view{"@ "}.size() == 8191);
}

TEST_CASE("irc: a tag that is one byte too long is left out whole") {
  tag_list tags;
  tags.add("a", "1");
  tags.add("own", std::string(tag_data_bytes_max - 3 - 5 + 1, 'v'));
  CHECK(tags.text() == "a=1");
  tags.add("own", std::string(tag_data_bytes_max - 3 - 5, 'v'));
  CHECK(tags.text().size() == tag_data_bytes_max);
}
