#include "apps/bench/protocols/lines.hpp"
#include "apps/bench/protocols/protocols.hpp"

namespace confab::bench {
namespace {

class tagged_adapter final : public protocol_adapter {
 public:
  /// 255 bytes per line, less `sendall:` and the newline.
  std::size_t text_bytes_max() const override { return 246; }

  std::uint32_t open(const client_identity& who, std::size_t, std::string& out) const override {
    out += who.role == client_role::sender ? "slogin:" : "rlogin:";
    out += who.user;
    out += "\njoin:";
    out += who.room;
    out += '\n';
    return 2;
  }

  void say(const client_identity&, std::string_view text, std::string& out) const override {
    out += "sendall:";
    out += text;
    out += '\n';
  }

  std::size_t parse(std::string_view bytes, parsed_input& parsed) const override {
    return for_each_line(bytes, [&parsed](std::string_view line) {
      if (line.starts_with("delivery:"))
        parsed.texts.push_back(after(line, ':', 3));
      else if (line.starts_with("ok:"))
        ++parsed.answers;
      else
        parsed.refuse(line);
    });
  }
};

}  // namespace

std::unique_ptr<protocol_adapter> make_tagged() {
  return std::make_unique<tagged_adapter>();
}

}  // namespace confab::bench
