#include "tests/real_clients/irc_server.hpp"

#include "tests/support/mixed_server.hpp"

#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace confab::test {

namespace {

constexpr std::string_view placeholder = "{port}";

std::string foreign_command() {
  const auto* command = std::getenv("CONFAB_IRC_SERVER");
  return command == nullptr ? std::string{} : std::string{command};
}

/// Some port that nobody listens on now. Confab itself chooses one for port 0; others cannot.
std::uint16_t free_port() {
  const running_server borrowed;
  return borrowed.port();
}

bool is_listening(std::uint16_t port) {
  try {
    const client probe{port};
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

}  // namespace

bool irc_server::is_foreign() {
  return !foreign_command().empty();
}

irc_server::irc_server() {
  if (is_foreign())
    port_ = free_port();
  start();
}

void irc_server::start() {
  if (!is_foreign()) {
    confab_ =
        std::make_unique<running_server>(std::vector<std::string>{"--irc", std::to_string(port_)});
    port_ = wait_for_port(*confab_, "irc");
    return;
  }
  auto command = foreign_command();
  if (const auto place = command.find(placeholder); place != std::string::npos)
    command.replace(place, placeholder.size(), std::to_string(port_));
  other_ = start_program({"sh", "-c", "exec " + command}, folder_);
  poll_until(
      [&] {
        if (!other_->running())
          throw std::runtime_error{"the server ended: " + other_->output() + other_->errors()};
        return is_listening(port_);
      },
      "a server that listens", [&] { return other_->output() + other_->errors(); });
}

void irc_server::stop() {
  if (confab_)
    confab_->stop();
  confab_.reset();
  if (other_) {
    other_->signal(SIGTERM);
    (void)other_->wait();
  }
  other_.reset();
}

}  // namespace confab::test
