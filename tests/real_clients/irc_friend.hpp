#pragma once

#include "tests/support/socket.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace confab::test {

/// Somebody on the other side of the conversation: plain lines of IRC, in the hands of the test.
class irc_friend {
 public:
  /// Registers as `nick`, with the real name `The real NICK`, and
  /// joins `channel` unless that is empty.
  irc_friend(std::uint16_t port, const std::string& nick, const std::string& channel);

  /// Sends one line.
  void send(const std::string& line) { wire_.send(line + "\r\n"); }
  /// Reads lines up to one that has all of `parts` in this order; returns that one.
  std::string read_until(const std::vector<std::string>& parts);
  /// Asks for the members of `channel`, again and again, until `nick` is one of them.
  void wait_for_member(const std::string& channel, const std::string& nick);

 private:
  std::string read_line();

  client wire_;
};

}  // namespace confab::test
