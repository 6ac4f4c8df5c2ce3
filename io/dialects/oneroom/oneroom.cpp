#include "io/dialects/oneroom/oneroom.hpp"

#include "io/dialects/foreign_nick.hpp"
#include "io/dialects/oneroom/names.hpp"
#include "io/dialects/safe_text.hpp"
#include "io/dialects/shown_text.hpp"
#include "io/text/line_reader.hpp"

#include <string_view>
#include <utility>

namespace confab::oneroom {

namespace {

constexpr std::string_view dialect_name = "oneroom";

class oneroom_decoder final : public decoder {
 public:
  oneroom_decoder(std::string lobby, std::size_t line_bytes_max)
      : lobby_(std::move(lobby)), lines_(line_bytes_max, overlong_lines::dropped_at_once) {}

  std::optional<command> next(std::string_view& input, const standing& now) override {
    // The name is given once; after it everybody is in the lobby, or there is no way to go on.
    if (named_ && !now.logged_in())
      return hang_up{"the name was refused"};
    if (now.logged_in() && !now.in_room()) {
      if (std::exchange(joining_, true))
        return hang_up{"the lobby cannot be entered"};
      return join_room{lobby_, join_mode::open_or_make};
    }
    const auto found = lines_.next(input);
    if (std::holds_alternative<line_reader::too_long>(found))
      return hang_up{"a line is too long"};
    if (std::holds_alternative<line_reader::need_more>(found))
      return std::nullopt;
    return parse(std::get<line_reader::line>(found).text, now);
  }

 private:
  command parse(std::string_view line, const standing& now) {
    if (now.logged_in())
      return say{std::string{line}};
    if (line.empty())
      return hang_up{"the name is empty"};
    named_ = true;
    return log_in{std::string{line}, role{.speaks = true, .listens = true}};
  }

  std::string lobby_;
  line_reader lines_;
  bool named_ = false;
  bool joining_ = false;
};

class oneroom_dialect final : public dialect {
 public:
  oneroom_dialect(std::string lobby, std::size_t line_bytes_max)
      : lobby_(std::move(lobby)), line_bytes_max_(line_bytes_max) {}

  std::string_view name() const override { return dialect_name; }
  delivery_policy policy(const event_batch&, reader_class) const override {
    return delivery_policy::everything;
  }
  std::optional<std::string> nick_stem(std::string_view user) const override {
    return foreign_nick_stem(user, dialect_name);
  }
  bool announces_members() const override { return false; }
  bool echo_confirms() const override { return true; }

  std::unique_ptr<decoder> make_decoder() const override {
    return std::make_unique<oneroom_decoder>(lobby_, line_bytes_max_);
  }

  /// There is no reply and no error message in this protocol.
  void encode_reply(const outcome&, const standing&, std::string&) const override {}

  void encode_events(const event_batch& batch, reader_class, std::string& out) const override {
    const auto author = safe_name(batch.who.name()) + ':';
    for (const auto& happening : batch.events) {
      const auto* spoken = std::get_if<said>(&happening);
      if (spoken == nullptr)
        continue;
      const auto text = shown_text(batch, *spoken);
      if (!text)
        continue;
      out += author;
      if (batch.who.dialect() == dialect_name)
        out += *text;  // Came in one line, so it fits into one.
      else
        append_in_one_line(*text, out);
      out += '\n';
    }
  }

 private:
  std::string lobby_;
  std::size_t line_bytes_max_;
};

}  // namespace

std::unique_ptr<const dialect> make_dialect(std::string lobby, std::size_t line_bytes_max) {
  return std::make_unique<oneroom_dialect>(std::move(lobby), line_bytes_max);
}

}  // namespace confab::oneroom
