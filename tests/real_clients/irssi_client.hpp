#pragma once

#include "tests/real_clients/terminal_client.hpp"

#include <cstdint>
#include <string>

namespace confab::test {

/// irssi, as its users see it.
class irssi_client : public terminal_client {
 public:
  /// Connects to 127.0.0.1 and waits until it is registered, and has made itself invisible as it
  /// always does.
  irssi_client(const temporary_folder& folder, const std::string& nick, std::uint16_t port);

  /// Brings a window to the front: 1 is the server's, 2 the first channel's.
  void show_window(int number);
  /// Joins `channel` by typing it, and waits until it is the window in front.
  void join(const std::string& channel);
  /// Waits until the text of `nick` is in the window in front, with or without a prefix.
  void wait_for_text(const std::string& nick, const std::string& text) const {
    wait_for(nick + "> " + text);
  }
};

}  // namespace confab::test
