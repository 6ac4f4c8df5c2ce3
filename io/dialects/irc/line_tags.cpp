#include "io/dialects/irc/line_tags.hpp"

#include "io/dialects/irc/tags.hpp"

#include <algorithm>

namespace confab::irc {

std::string_view take_line(std::string_view& lines) {
  const auto end = lines.find('\n');
  const auto line = lines.substr(0, end == std::string_view::npos ? end : end + 1);
  lines.remove_prefix(line.size());
  return line;
}

bool has_tag(std::string_view line, std::string_view key) {
  return line.starts_with('@') && find_tag(line.substr(1, line.find(' ') - 1), key).has_value();
}

void append_tagged(std::string_view line, std::string_view tags, std::string& out) {
  out += '@';
  out += tags;
  if (line.starts_with('@')) {
    out += ';';
    line.remove_prefix(1);
  } else {
    out += ' ';
  }
  out += line;
}

void tag_lines(std::string& out, std::size_t start, std::string_view tags) {
  const std::string written = out.substr(start);
  out.resize(start);
  for (std::string_view rest{written}; !rest.empty();)
    append_tagged(take_line(rest), tags, out);
}

}  // namespace confab::irc
