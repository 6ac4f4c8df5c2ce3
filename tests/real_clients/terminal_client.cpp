#include "tests/real_clients/terminal_client.hpp"

#include <csignal>
#include <cstdlib>
#include <optional>
#include <stdexcept>

namespace confab::test {

namespace {

// Wide enough that no line of the tests is wrapped, high enough that none scrolls away.
constexpr const char* columns = "180";
constexpr const char* rows = "60";
constexpr const char* session = "client";

std::vector<std::string> joined(std::vector<std::string> first,
                                const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace

terminal_client::terminal_client(const temporary_folder& folder,
                                 const std::vector<std::string>& command)
    : folder_(folder),
      socket_(folder.file("tmux")),
      // -D: the server does not leave for the background, so it dies with the test.
      tmux_(start_program({"tmux", "-u", "-D", "-S", socket_, "-f", "/dev/null"}, folder)) {
  const auto start = joined({"new-session", "-d", "-s", session, "-x", columns, "-y", rows},
                            dying_with_its_parent(command));
  poll_until([&] { return tell(start).done; }, "a terminal for " + command.front(),
             [&] { return tmux_->errors(); });
}

terminal_client::~terminal_client() {
  // Both die with their parents anyway; this makes it happen before the folder is removed.
  try {
    const auto pid = tell({"display-message", "-p", "-t", session, "#{pane_pid}"});
    if (pid.done && std::atoi(pid.output.c_str()) > 1)
      ::kill(std::atoi(pid.output.c_str()), SIGKILL);
    (void)tell({"kill-server"});
  } catch (const std::exception&) {
    // No process could be made: what is left dies with tmux_.
  }
}

void terminal_client::enter(std::string_view text) {
  const auto typed = tell({"send-keys", "-t", session, "-l", "--", std::string{text}}).done;
  if (!typed || !tell({"send-keys", "-t", session, "Enter"}).done)
    throw std::runtime_error{"the program in the terminal has ended"};
}

std::string terminal_client::screen() const {
  return tell({"capture-pane", "-p", "-t", session}).output;
}

void terminal_client::wait_for(const std::string& text) const {
  wait_until_shown([&](const std::string& shown) { return shown.find(text) != std::string::npos; },
                   "'" + text + "' on the screen");
}

void terminal_client::wait_until_shown(const std::function<bool(const std::string&)>& holds,
                                       const std::string& what) const {
  poll_until([&] { return holds(screen()); }, what, [&] { return screen(); });
}

void terminal_client::wait_for_end() const {
  poll_until(
      [&] {
        return !tell({"has-session", "-t", session}).done;
      },
      "the end of the program", [&] { return screen(); });
}

terminal_client::told terminal_client::tell(const std::vector<std::string>& words) const {
  const auto command = start_program(joined({"tmux", "-u", "-S", socket_}, words), folder_);
  const auto code = command->wait();
  return {code == std::optional<int>{0}, command->output()};
}

}  // namespace confab::test
