#include "apps/bench/protocols/lines.hpp"
#include "apps/bench/protocols/protocols.hpp"

namespace confab::bench {
namespace {

constexpr std::size_t frame_bytes = 200;

/// A control message that no server knows. The one error message that it earns shows that all
/// that was sent before it (name, /create, /join) has been done.
constexpr std::string_view probe = "/ready";

void append_frame(std::string& out, std::string_view first, std::string_view second = {}) {
  out += first;
  out += second;
  out.append(frame_bytes - first.size() - second.size(), ' ');
}

/// "NAME has joined", "NAME has left", and "Room NAME already exists, so cannot be created."
bool is_notice(std::string_view frame) {
  return frame.ends_with(" has joined") || frame.ends_with(" has left") ||
         frame.ends_with(" already exists, so cannot be created.");
}

class framed_adapter final : public protocol_adapter {
 public:
  answer_source answer() const override { return answer_source::first_receiver; }
  bool reaches_other_senders() const override { return true; }
  /// 200 bytes, less "[NAME] " with names of up to 13 bytes.
  std::size_t text_bytes_max() const override { return 180; }

  std::uint32_t open(const client_identity& who, std::size_t, std::string& out) const override {
    append_frame(out, who.user);
    append_frame(out, "/create ", who.room);
    append_frame(out, "/join ", who.room);
    append_frame(out, probe);
    return 1;
  }

  void say(const client_identity&, std::string_view text, std::string& out) const override {
    append_frame(out, text);
  }

  std::size_t parse(std::string_view bytes, parsed_input& parsed) const override {
    std::size_t used = 0;
    for (; bytes.size() - used >= frame_bytes; used += frame_bytes) {
      auto frame = bytes.substr(used, frame_bytes);
      if (frame.front() == '[') {
        parsed.texts.push_back(after(frame, ' ', 1));
        continue;
      }
      frame = frame.substr(0, frame.find_last_not_of(' ') + 1);
      if (frame.starts_with(probe))
        ++parsed.answers;
      else if (!is_notice(frame))
        parsed.refuse(frame);
    }
    return used;
  }
};

}  // namespace

std::unique_ptr<protocol_adapter> make_framed() {
  return std::make_unique<framed_adapter>();
}

}  // namespace confab::bench
