#include "apps/bench/protocols/protocols.hpp"

#include <charconv>
#include <optional>

namespace confab::bench {
namespace {

constexpr std::string_view line_end = "\r\n";

void append_bulk(std::string& out, std::string_view value) {
  out += '$';
  out += std::to_string(value.size());
  out += line_end;
  out += value;
  out += line_end;
}

/// Reads RESP2 from the front of a view; every reader gives nothing while its value is incomplete.
class resp_reader {
 public:
  explicit resp_reader(std::string_view bytes) : bytes_(bytes) {}

  [[nodiscard]] std::size_t used() const { return used_; }

  std::optional<std::string_view> line() {
    const auto end = bytes_.find('\n', used_);
    if (end == std::string_view::npos)
      return std::nullopt;
    const auto text = bytes_.substr(used_, end - used_);
    used_ = end + 1;
    return text.ends_with('\r') ? text.substr(0, text.size() - 1) : text;
  }

  /// A bulk string, or an integer as its digits.
  std::optional<std::string_view> element() {
    const auto head = line();
    if (!head || !head->starts_with('$'))
      return head;
    std::size_t size = 0;
    std::from_chars(head->data() + 1, head->data() + head->size(), size);
    if (bytes_.size() - used_ < size + line_end.size())
      return std::nullopt;
    const auto value = bytes_.substr(used_, size);
    used_ += size + line_end.size();
    return value;
  }

 private:
  std::string_view bytes_;
  std::size_t used_ = 0;
};

/// Reads one reply; false while it is incomplete.
bool read_reply(resp_reader& reader, parsed_input& parsed) {
  const auto head = reader.line();
  if (!head)
    return false;
  if (*head != "*3") {  // +PONG, or the number of receivers that a PUBLISH reached
    head->starts_with(':') || head->starts_with('+') ? void(++parsed.answers)
                                                     : parsed.refuse(*head);
    return true;
  }
  const auto kind = reader.element();
  const auto channel = kind ? reader.element() : std::nullopt;
  const auto value = channel ? reader.element() : std::nullopt;
  if (!value)
    return false;
  if (*kind == "message")
    parsed.texts.push_back(*value);
  else
    ++parsed.answers;
  return true;
}

class redis_adapter final : public protocol_adapter {
 public:
  std::uint32_t open(const client_identity& who, std::size_t, std::string& out) const override {
    if (who.role == client_role::sender) {
      out += "PING\r\n";
    } else {
      out += "*2\r\n$9\r\nSUBSCRIBE\r\n";
      append_bulk(out, who.room);
    }
    return 1;
  }

  void say(const client_identity& who, std::string_view text, std::string& out) const override {
    out += "*3\r\n$7\r\nPUBLISH\r\n";
    append_bulk(out, who.room);
    append_bulk(out, text);
  }

  std::size_t parse(std::string_view bytes, parsed_input& parsed) const override {
    resp_reader reader(bytes);
    std::size_t used = 0;
    while (read_reply(reader, parsed))
      used = reader.used();
    return used;
  }
};

}  // namespace

std::unique_ptr<protocol_adapter> make_redis() {
  return std::make_unique<redis_adapter>();
}

}  // namespace confab::bench
