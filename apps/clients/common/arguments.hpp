#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace confab::client {

/// How a program is called and what it says about itself.
struct program_description {
  std::string_view name;
  std::string_view usage;  ///< the one line for a wrong number of arguments
  std::string_view help;   ///< what `--help` prints below the usage, ends with `\n`
  std::size_t arguments;   ///< how many there must be, without options
  bool takes_tls = false;  ///< whether it has the options `--tls` and `--ca`
};

/// Answers `--help` and `--version` (as the only argument) and a wrong number of arguments. Returns
/// the exit code, or nothing when the program is to do its work. `arguments`: without the
/// program's own name.
[[nodiscard]] std::optional<int> answer_arguments(const program_description& program,
                                                  std::span<char* const> arguments);

/// A port to connect to: decimal digits, 1 to 65535. Nothing for any other text.
[[nodiscard]] std::optional<std::uint16_t> parse_port(std::string_view text);

/// A port to listen on: decimal digits, 0 (any free port) to 65535. Nothing for any other text.
[[nodiscard]] std::optional<std::uint16_t> parse_listening_port(std::string_view text);

/// Where to connect to.
struct server_address {
  std::string host;
  std::uint16_t port = 0;
};

/// The server as the user knows it, `HOST:PORT`.
[[nodiscard]] std::string name_of(const server_address& server);

/// Whether the connection is encrypted, and who is believed then.
struct tls_choice {
  bool is_wanted = false;
  std::string trusted_file = {};  ///< PEM; empty: the system's roots
};

/// Reads the two arguments that name a server. Nothing, after a report, when the port is none.
[[nodiscard]] std::optional<server_address> parse_server(std::string_view host,
                                                         std::string_view port);

}  // namespace confab::client
