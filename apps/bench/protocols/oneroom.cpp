#include "apps/bench/protocols/lines.hpp"
#include "apps/bench/protocols/protocols.hpp"

namespace confab::bench {
namespace {

/// What a new client says to itself: its echo shows that the server knows the client.
constexpr std::string_view greeting = "hello ";

class oneroom_adapter final : public protocol_adapter {
 public:
  answer_source answer() const override { return answer_source::own_echo; }
  bool reaches_other_senders() const override { return true; }
  std::size_t text_bytes_max() const override { return 246; }

  std::uint32_t open(const client_identity& who, std::size_t, std::string& out) const override {
    out += who.user;
    out += '\n';
    out += greeting;
    out += who.user;
    out += '\n';
    return 1;
  }

  void say(const client_identity&, std::string_view text, std::string& out) const override {
    out += text;
    out += '\n';
  }

  /// Greetings of others are texts without a stamp, so every greeting that arrives counts as an
  /// answer: the server sends nothing at all to a client that it does not know yet.
  std::size_t parse(std::string_view bytes, parsed_input& parsed) const override {
    return for_each_line(bytes, [&parsed](std::string_view line) {
      const auto text = after(line, ':', 1);
      if (text.starts_with(greeting))
        ++parsed.answers;
      else
        parsed.texts.push_back(text);
    });
  }
};

}  // namespace

std::unique_ptr<protocol_adapter> make_oneroom() {
  return std::make_unique<oneroom_adapter>();
}

}  // namespace confab::bench
