#include "tests/real_clients/irc_friend.hpp"

#include "tests/real_clients/sandbox.hpp"

namespace confab::test {

namespace {

bool has_in_order(const std::string& line, const std::vector<std::string>& parts) {
  std::size_t place = 0;
  for (const auto& each : parts) {
    place = line.find(each, place);
    if (place == std::string::npos)
      return false;
    place += each.size();
  }
  return true;
}

/// Whether `nick` is among the words of a 353, with or without a prefix.
bool names(const std::string& line, const std::string& nick) {
  const auto list = line.find(" :");
  const auto words = line.substr(list == std::string::npos ? line.size() : list + 2) + " ";
  for (const std::string prefix : {"", "@", "+"})
    if ((" " + words).find(" " + prefix + nick + " ") != std::string::npos)
      return true;
  return false;
}

}  // namespace

irc_friend::irc_friend(std::uint16_t port, const std::string& nick, const std::string& channel)
    : wire_(port) {
  send("NICK " + nick);
  send("USER " + nick + " 0 * :The real " + nick);
  read_until({" 001 ", nick});
  if (channel.empty())
    return;
  send("JOIN " + channel);
  read_until({" 366 ", channel});
}

std::string irc_friend::read_line() {
  auto line = wire_.read_line();
  if (!line.empty() && line.back() == '\r')
    line.pop_back();
  return line;
}

std::string irc_friend::read_until(const std::vector<std::string>& parts) {
  for (;;)
    if (auto line = read_line(); has_in_order(line, parts))
      return line;
}

void irc_friend::wait_for_member(const std::string& channel, const std::string& nick) {
  poll_until(
      [&] {
        send("NAMES " + channel);
        for (bool found = false;;) {
          const auto line = read_line();
          found = found || (has_in_order(line, {" 353 ", channel}) && names(line, nick));
          if (has_in_order(line, {" 366 "}))
            return found;
        }
      },
      nick + " in " + channel, [] { return std::string{}; });
}

}  // namespace confab::test
