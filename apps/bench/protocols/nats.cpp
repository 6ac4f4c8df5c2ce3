#include "apps/bench/protocols/protocols.hpp"

#include <charconv>

namespace confab::bench {
namespace {

constexpr std::size_t line_end_bytes = 2;

/// The last word of "MSG subject sid size": the payload's size in bytes.
std::size_t payload_bytes(std::string_view header) {
  std::size_t size = 0;
  const auto start = header.rfind(' ') + 1;
  std::from_chars(header.data() + start, header.data() + header.size(), size);
  return size;
}

void control_line(std::string_view line, parsed_input& parsed) {
  if (line == "+OK" || line == "PONG")
    ++parsed.answers;
  else if (line == "PING")
    parsed.reply += "PONG\r\n";
  else if (!line.starts_with("INFO "))
    parsed.refuse(line);
}

class nats_adapter final : public protocol_adapter {
 public:
  std::optional<websocket_use> websocket() const override { return websocket_use{"/", "", false}; }

  /// INFO says that TLS is to follow.
  bool greets_before_tls() const override { return true; }

  std::uint32_t open(const client_identity& who, std::size_t, std::string& out) const override {
    if (who.role == client_role::sender) {
      out += "CONNECT {\"verbose\":true,\"pedantic\":false,\"echo\":false}\r\n";
    } else {
      out += "CONNECT {\"verbose\":false,\"pedantic\":false}\r\nSUB ";
      out += who.room;
      out += " 1\r\nPING\r\n";
    }
    return 1;
  }

  void say(const client_identity& who, std::string_view text, std::string& out) const override {
    out += "PUB ";
    out += who.room;
    out += ' ';
    out += std::to_string(text.size());
    out += "\r\n";
    out += text;
    out += "\r\n";
  }

  std::size_t parse(std::string_view bytes, parsed_input& parsed) const override {
    std::size_t used = 0;
    for (;;) {
      const auto newline = bytes.find('\n', used);
      if (newline == std::string_view::npos)
        return used;
      auto line = bytes.substr(used, newline - used);
      line.remove_suffix(line.ends_with('\r') ? 1 : 0);
      const auto next = newline + 1;
      if (!line.starts_with("MSG ")) {
        control_line(line, parsed);
        used = next;
        continue;
      }
      const auto size = payload_bytes(line);
      if (bytes.size() - next < size + line_end_bytes)
        return used;
      parsed.texts.push_back(bytes.substr(next, size));
      used = next + size + line_end_bytes;
    }
  }
};

}  // namespace

std::unique_ptr<protocol_adapter> make_nats() {
  return std::make_unique<nats_adapter>();
}

}  // namespace confab::bench
