#pragma once

#include "tests/real_clients/sandbox.hpp"
#include "tests/support/server_process.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace confab::test {

/// The server that the clients under test talk to: Confab's, or that of the environment variable
/// CONFAB_IRC_SERVER, which is a shell command with `{port}` in it that stays in the foreground. A
/// test that fails with Confab only has found a mistake of Confab; one that fails with others too
/// is itself mistaken.
class irc_server {
 public:
  /// Starts it on a port that is free.
  irc_server();
  irc_server(const irc_server&) = delete;
  irc_server& operator=(const irc_server&) = delete;
  ~irc_server() = default;

  /// Where it listens for IRC on 127.0.0.1.
  std::uint16_t port() const { return port_; }

  /// Ends it.
  void stop();
  /// Starts it again, on the same port.
  void start();

  /// Whether another server than Confab's is under test.
  static bool is_foreign();

 private:
  std::uint16_t port_ = 0;
  temporary_folder folder_;
  std::unique_ptr<running_server> confab_;
  std::unique_ptr<process> other_;
};

}  // namespace confab::test
