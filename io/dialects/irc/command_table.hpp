#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

/// Which commands there are: a command is one row.
namespace confab::irc {

class request;

/// Who may send a command.
enum class rights : std::uint8_t {
  everybody,        ///< Before the login, too.
  logged_in,        ///< Before the login: 451.
  server_operator,  ///< All others: 481.
};

struct command_row {
  std::string_view name;
  std::size_t parameters_min;  ///< With less: 461.
  rights needed;
  void (*handle)(request&);
  bool needs_history = false;  ///< There is no such command where nothing is kept: 421.
};

/// All commands, sorted by name.
std::span<const command_row> command_table();

/// Handles a line whose command is `verb`, in upper case: adds what it becomes to the queue of
/// `asked`, and sets its verb to what the table has.
void handle_command(std::string_view verb, request& asked);

}  // namespace confab::irc
