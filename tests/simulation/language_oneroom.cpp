// Oneroom, as its clients know it: docs/dialects/oneroom.md.

#include "io/dialects/oneroom/oneroom.hpp"
#include "io/text/printable.hpp"
#include "tests/simulation/language.hpp"
#include "tests/simulation/lines.hpp"
#include "tests/simulation/shown.hpp"

#include <utility>

namespace confab::simulation {

namespace {

constexpr std::size_t line_max = 300;

class oneroom_language final : public language {
 public:
  explicit oneroom_language(std::string room) : room_(std::move(room)) {}

  std::string_view name() const override {
    return is_ruled() ? "oneroom where operators rule" : "oneroom";
  }

  std::shared_ptr<const dialect> make_dialect() const override {
    return oneroom::make_dialect(room_, line_max);
  }

  /// All that a client can send is lines: the first is its name.
  std::vector<draft> write(meaning wish, const words& about, role, dice& random) const override {
    request meant{.what = wish, .subject = {}};
    meant.subject = wish == meaning::log_in ? about.user : about.text;
    if (wish == meaning::nonsense && random.chance(30))
      meant.subject += std::string(random.between(line_max, 2 * line_max), 'x');
    if (wish == meaning::log_in && random.chance(5))
      meant.subject.clear();
    const bool with_return = random.chance(20);
    auto line = meant.subject + (with_return ? "\r\n" : "\n");
    meant.too_long = line.size() > line_max;
    return {draft{std::move(meant), std::move(line)}};
  }

  std::optional<sight> read(std::string_view& stream) const override {
    const auto whole = take_line(stream);
    if (!whole)
      return std::nullopt;
    const auto line = *whole;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos)
      return sight{sight::kind::garbage, {}, {}, std::string{line}};
    return sight{sight::kind::said,
                 {},
                 std::string{line.substr(0, colon)},
                 std::string{line.substr(colon + 1)}};
  }

  effect follow(const request& what, position& where, reply_reader&,
                const house_rules& rules) const override {
    if (what.too_long)
      return end(where);
    if (where.logged_in) {
      effect spoke;
      spoke.what = effect::kind::spoke;
      spoke.is_uncertain = is_ruled();
      return spoke;
    }
    const bool welcome = !what.subject.empty() && what.subject.size() <= rules.name_bytes_max &&
                         room_.size() <= rules.name_bytes_max;
    where.may = role{.speaks = true, .listens = true};
    if (!welcome)
      return end(where);
    where.logged_in = true;
    where.user = what.subject;
    where.room = room_;
    effect entered;
    entered.what = effect::kind::entered;
    entered.room = room_;
    return entered;
  }

  std::optional<std::string> refusal() const override { return std::nullopt; }

  std::string user_name(std::size_t number, dice& random) const override {
    const auto name = "o" + std::to_string(number);
    return random.chance(20) ? name + ":\r!" : name;
  }

  std::vector<std::string> room_names() const override { return {room_}; }

  std::string shown_name(const std::string& user) const override {
    const auto in_one_line = replaced(
        user, [](char byte) { return byte != ':' && byte != '\n' && byte != '\r' && byte != '\0'; },
        '_');
    return without_controls(in_one_line, '_');
  }

  bool shows_text(const std::string& text, const std::string& shown, const std::string&,
                  bool same_language) const override {
    return shown == (same_language ? text : in_one_line(text));
  }

  bool hears_own_connection() const override { return true; }
  bool hears_own_user() const override { return true; }

  bool ends_where_refused() const override { return is_ruled(); }

 private:
  bool is_ruled() const { return room_ == ruled_room; }

  static effect end(position& where) {
    where.over = true;
    effect ended;
    ended.what = effect::kind::ended;
    return ended;
  }

  std::string room_;
};

}  // namespace

language_ptr make_oneroom() {
  return std::make_shared<oneroom_language>("lobby");
}

language_ptr make_ruled_oneroom() {
  return std::make_shared<oneroom_language>(ruled_room);
}

}  // namespace confab::simulation
