#include "tests/real_clients/irssi_client.hpp"

namespace confab::test {

irssi_client::irssi_client(const temporary_folder& folder, const std::string& nick,
                           std::uint16_t port)
    : terminal_client(
          folder, {"irssi", "--home=" + folder.file("irssi"), "--noconnect", "--nick=" + nick}) {
  wait_for("[(status)]");
  // irssi sends five lines at once and then one in two seconds, and waits for five minutes before
  // it connects again. The tests have no time for that.
  enter("/set cmd_queue_speed 10msec");
  enter("/set server_reconnect_time 1s");
  enter("/connect 127.0.0.1 " + std::to_string(port));
  wait_for("[" + nick + "(+i)]");
}

void irssi_client::join(const std::string& channel) {
  enter("/join " + channel);
  // The server's answer; the window of the channel is there before.
  wait_for("[Users " + channel + "]");
}

void irssi_client::show_window(int number) {
  enter("/window " + std::to_string(number));
  // The status bar has `[2:127/#cafe]` as long as there is a connection, and then `[2]`.
  const auto shown_number = "[" + std::to_string(number);
  wait_until_shown(
      [&](const std::string& shown) {
        return shown.find(shown_number + ":") != std::string::npos ||
               shown.find(shown_number + "]") != std::string::npos;
      },
      "window " + std::to_string(number));
}

}  // namespace confab::test
