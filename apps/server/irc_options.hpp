#pragma once

#include "actors/model/operator_account.hpp"
#include "io/crypto/cloak.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11 calls it so.
class App;
}  // namespace CLI

/// What the person who starts the server may choose for IRC.
namespace confab::server {

/// A message of the day may have so many bytes.
inline constexpr std::size_t motd_bytes_max = 64UL * 1024;

/// Options of the listener for IRC. The first part is what the server needs, the second one what
/// was asked for: `complete` makes the first of the second.
struct irc_options {
  std::string server_name;                  ///< Has a dot; as in the front of each line.
  std::string network = "Confab";           ///< Of which the server is a part, in its own words.
  std::string motd;                         ///< Valid UTF-8; empty: none.
  std::string password;                     ///< Of each connection; empty: none.
  std::vector<operator_account> operators;  ///< No two of one name.
  bool flood_on_loopback = false;           ///< Clients of the same machine may not flood, either.
  std::optional<cloak::key> cloak_key;      ///< Of all hosts; nothing: a random one.

  std::string motd_file;
  std::string password_file;
  std::vector<std::string> operator_words;  ///< NAME:HASH, perhaps in pieces.
  std::string operator_file;
  std::string cloak_key_file;
};

/// Declares the options, which are filled in when `app` parses the command line.
void declare_irc_options(CLI::App& app, irc_options& chosen);

/// Reads the files that the options name, and takes the name of the machine if the server was given
/// none. Returns one line that says what is wrong, or nothing.
std::optional<std::string> complete(irc_options& chosen);

/// The name of a server on a machine of this name: the same if it can be one.
std::string server_name_on(const std::string& machine);

}  // namespace confab::server
