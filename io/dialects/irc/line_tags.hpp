#pragma once

#include <string>
#include <string_view>

/// Tags for lines that have been written already.
namespace confab::irc {

/// Takes the first line, with its line end, from the front of `lines`, which are not empty.
std::string_view take_line(std::string_view& lines);

/// Whether a line has a tag of this name.
bool has_tag(std::string_view line, std::string_view key);

/// Appends a line with `tags` (as a tag_list has them, not empty) in front of the tags that it has.
void append_tagged(std::string_view line, std::string_view tags, std::string& out);

/// Gives these tags to all lines of `out` from `start` on.
void tag_lines(std::string& out, std::size_t start, std::string_view tags);

}  // namespace confab::irc
