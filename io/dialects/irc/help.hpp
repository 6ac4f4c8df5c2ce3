#pragma once

#include <string_view>

/// HELP, with a few words on each command.
namespace confab::irc {

class request;

/// What there is to say on a command, or nothing.
std::string_view help_on(std::string_view command);

/// HELP and HELPOP: 704 705* 706, or 524 if there is nothing to say on the topic.
void handle_help(request& asked);

}  // namespace confab::irc
