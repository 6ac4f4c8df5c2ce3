#include "io/dialects/irc/standard_replies.hpp"

#include "io/dialects/irc/line_writer.hpp"

namespace confab::irc {

void append_fail(std::string_view server, std::string_view verb, std::string_view code,
                 std::initializer_list<std::string_view> context, std::string_view text,
                 std::string& out) {
  line_writer line{out, server, "FAIL"};
  line.middle(verb).middle(code);
  for (const auto word : context)
    if (!word.empty())
      line.middle(word);
  line.trailing(text);
}

}  // namespace confab::irc
