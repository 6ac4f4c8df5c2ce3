#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace confab::irc {

/// What whoever runs the server tells its IRC clients.
struct settings {
  std::string server_name = "confab.example";  ///< The source of its lines; one word with a `.`.
  std::string network = "Confab";
  std::string lobby = "lobby";  ///< The room of all oneroom clients: where newcomers find people.
  std::string version = "confab";
  std::string motd = {};                 ///< Its lines, as they are shown; empty: there is none.
  std::string password = {};             ///< That every client has to give; empty: none.
  std::int64_t started_ms = 0;           ///< When the server was started, since 1970.
  std::int64_t (*now_ms)() = nullptr;    ///< Milliseconds since 1970, for TIME; never null.
  std::size_t room_name_bytes_max = 64;  ///< `--name-max`.
  std::size_t rooms_per_client_max = 100;
  std::size_t history_messages_max = 0;  ///< Of one page; 0: nothing is kept.

  bool keeps_history() const { return history_messages_max > 0; }
};

}  // namespace confab::irc
