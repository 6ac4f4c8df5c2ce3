#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace confab::irc {

/// Appends `:server FAIL verb code context.. :text`: why a command was not carried out, where no
/// numeric says it. An empty context is left out.
void append_fail(std::string_view server, std::string_view verb, std::string_view code,
                 std::initializer_list<std::string_view> context, std::string_view text,
                 std::string& out);

}  // namespace confab::irc
