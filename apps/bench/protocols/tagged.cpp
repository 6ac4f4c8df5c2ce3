#include "apps/bench/protocols/lines.hpp"
#include "apps/bench/protocols/protocols.hpp"

namespace confab::bench {
namespace {

class Tagged final : public Protocol {
 public:
  /// 255 bytes a line, less `sendall:` and the newline.
  std::size_t text_bytes_max() const override { return 246; }

  std::uint32_t open(const Identity& who, std::size_t, std::string& out) const override {
    out += who.role == Role::sender ? "slogin:" : "rlogin:";
    out += who.user;
    out += "\njoin:";
    out += who.room;
    out += '\n';
    return 2;
  }

  void say(const Identity&, std::string_view text, std::string& out) const override {
    out += "sendall:";
    out += text;
    out += '\n';
  }

  std::size_t parse(std::string_view bytes, Batch& batch) const override {
    return for_each_line(bytes, [&batch](std::string_view line) {
      if (line.starts_with("delivery:")) {
        batch.texts.push_back(after(line, ':', 3));
      } else if (line.starts_with("ok:")) {
        ++batch.answers;
      } else {
        batch.refuse(line);
      }
    });
  }
};

}  // namespace

std::unique_ptr<Protocol> make_tagged() {
  return std::make_unique<Tagged>();
}

}  // namespace confab::bench
