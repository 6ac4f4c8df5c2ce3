#pragma once

#include "tests/support/mixed_server.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/socket.hpp"

#include <string>
#include <utility>
#include <vector>

namespace confab::test {

/// A client of IRC that knows what it is asked for in end-to-end tests.
class irc_client {
 public:
  irc_client(const running_server& server, std::string nick)
      : wire_(wait_for_port(server, "irc")), nick_(std::move(nick)) {
    send("NICK " + nick_);
    send("USER " + nick_ + " 0 * :" + nick_);
    read_until(" 422 ");  // There is no message of the day.
  }

  const std::string& nick() const { return nick_; }
  client& wire() { return wire_; }
  void send(const std::string& line) { wire_.send(line + "\r\n"); }

  /// The lines up to the first one that has these words, with that one.
  std::vector<std::string> read_until(const std::string& words) {
    std::vector<std::string> result;
    do
      result.push_back(wire_.read_line());
    while (result.back().find(words) == std::string::npos);
    return result;
  }

  void join(const std::string& channel) {
    send("JOIN " + channel);
    read_until(" 366 ");
  }

  /// All that was told before this was asked.
  std::vector<std::string> read_all() {
    send("PING now");
    auto result = read_until(" PONG ");
    result.pop_back();
    return result;
  }

 private:
  client wire_;
  std::string nick_;
};

}  // namespace confab::test
