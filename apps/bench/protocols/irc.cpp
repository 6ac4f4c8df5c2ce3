#include "apps/bench/protocols/lines.hpp"
#include "apps/bench/protocols/protocols.hpp"

namespace confab::bench {
namespace {

/// Numeric replies (RFC 2812, section 5) that mean something to the bench.
constexpr std::string_view welcome = "001";
constexpr std::string_view end_of_names = "366";
constexpr std::string_view no_message_of_the_day = "422";

/// A line with a prefix (":server COMMAND ..."), the prefix taken off.
void command_line(std::string_view line, parsed_input& parsed) {
  if (line.starts_with("PRIVMSG ")) {
    parsed.texts.push_back(after(line, ':', 1));
    return;
  }
  const auto command = line.substr(0, line.find(' '));
  if (command == "PONG" || command == welcome || command == end_of_names)
    ++parsed.answers;
  else if (command.size() == 3 && command.front() == '4' && command != no_message_of_the_day)
    parsed.refuse(line);
}

class irc_adapter final : public protocol_adapter {
 public:
  /// `tags`: asks for the time and the id of each text.
  explicit irc_adapter(bool tags) : tags_(tags) {}

  /// Only members of a channel may speak there, on most servers, and members hear each other.
  bool reaches_other_senders() const override { return true; }

  /// A line has 512 bytes at most, the sender's prefix included.
  std::size_t text_bytes_max() const override { return 400; }

  std::optional<websocket_use> websocket() const override {
    return websocket_use{"/irc", "text.ircv3.net", true};
  }

  /// Registration may take the server a moment (InspIRCd: up to a second), and it refuses a JOIN
  /// that comes before.
  std::size_t steps(client_role) const override { return 2; }

  std::uint32_t open(const client_identity& who, std::size_t step,
                     std::string& out) const override {
    if (step == 0 && tags_)
      out += "CAP REQ :message-tags server-time\r\nNICK " + who.user + "\r\nUSER " + who.user +
             " 0 * :bench\r\nCAP END\r\n";
    else if (step == 0)
      out += "NICK " + who.user + "\r\nUSER " + who.user + " 0 * :bench\r\n";
    else
      out += "JOIN #" + who.room + "\r\n";
    return 1;
  }

  void say(const client_identity& who, std::string_view text, std::string& out) const override {
    out += "PRIVMSG #";
    out += who.room;
    out += " :";
    out += text;
    out += "\r\nPING b\r\n";
  }

  std::size_t parse(std::string_view bytes, parsed_input& parsed) const override {
    return for_each_line(bytes, [&parsed](std::string_view line) {
      if (line.starts_with('@'))
        line = after(line, ' ', 1);
      if (line.starts_with(':')) {
        command_line(after(line, ' ', 1), parsed);
      } else if (line.starts_with("PING ")) {
        parsed.reply += "PONG ";
        parsed.reply += after(line, ' ', 1);
        parsed.reply += "\r\n";
      } else if (line.starts_with("ERROR ")) {
        parsed.refuse(line);
      }
    });
  }

 private:
  bool tags_;
};

}  // namespace

std::unique_ptr<protocol_adapter> make_irc() {
  return std::make_unique<irc_adapter>(false);
}

std::unique_ptr<protocol_adapter> make_irc_with_tags() {
  return std::make_unique<irc_adapter>(true);
}

}  // namespace confab::bench
