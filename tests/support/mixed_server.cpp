#include "tests/support/mixed_server.hpp"

#include <stdexcept>

namespace confab::test {

namespace {

constexpr std::size_t frame_bytes = 200;

std::vector<std::string> with_listeners(std::vector<std::string> options) {
  options.insert(options.end(), {"--framed", "0", "--oneroom", "0"});
  return options;
}

void require(bool condition, const std::string& what) {
  if (!condition)
    throw std::runtime_error{what};
}

}  // namespace

std::uint16_t announced_port(std::string_view log, std::string_view dialect) {
  const auto announcement = "listening: " + std::string{dialect} + " on port ";
  const auto found = log.find(announcement);
  if (found == std::string_view::npos || log.find('\n', found) == std::string_view::npos)
    return 0;
  const std::string digits{log.substr(found + announcement.size(), std::string{"65535"}.size())};
  return static_cast<std::uint16_t>(std::stoul(digits));
}

std::uint16_t wait_for_port(const running_server& server, std::string_view dialect) {
  std::uint16_t port = 0;
  wait_until(
      [&] {
        port = announced_port(server.log(), dialect);
        return port != 0;
      },
      "server does not say that it listens for " + std::string{dialect});
  return port;
}

std::string frame_of(std::string_view text) {
  std::string result{text};
  require(result.size() <= frame_bytes, "a frame has no place for: " + result);
  result.resize(frame_bytes, ' ');
  return result;
}

std::string frames_of(const std::vector<std::string>& texts) {
  std::string result;
  for (const auto& text : texts)
    result += frame_of(text);
  return result;
}

std::string framed_client::read() {
  auto frame = wire_.read_exactly(frame_bytes);
  frame.resize(frame.find_last_not_of(' ') + 1);
  return frame;
}

std::string framed_client::ask(std::string_view text) {
  send(text);
  return read();
}

void framed_client::require_nothing_pending() {
  const auto answer = ask("/anything?");
  require(answer ==
              "/anything? is not a valid control message. "
              "Valid messages are /create, /list, and /join.",
          "nothing should have been waiting, but came: " + answer);
}

mixed_server::mixed_server(const std::vector<std::string>& options, start_of_server start)
    : running_server(with_listeners(options), start_of_server::under_way) {
  if (start == start_of_server::awaited)
    await_start();
}

void mixed_server::await_start() {
  running_server::await_start();
  wait_until(
      [&] {
        const auto written = log();
        framed_port_ = announced_port(written, "framed");
        oneroom_port_ = announced_port(written, "oneroom");
        return framed_port_ != 0 && oneroom_port_ != 0;
      },
      "server does not say 'listening: DIALECT on port N' for each dialect");
}

framed_client mixed_server::framed(const std::string& name, const std::string& command) const {
  framed_client result{framed_port_};
  result.send(name);
  if (!command.empty())
    result.send(command);
  result.require_nothing_pending();
  return result;
}

client mixed_server::oneroom(const std::string& name) const {
  auto result = oneroom_connection();
  result.send(name + "\n(" + name + ")\n");
  const auto heard = result.read_line();
  require(heard == name + ":(" + name + ")", "the lobby should have echoed, but said " + heard);
  return result;
}

}  // namespace confab::test
