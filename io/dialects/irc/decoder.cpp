#include "io/dialects/irc/decoder.hpp"

#include "io/dialects/irc/command_table.hpp"
#include "io/dialects/irc/message.hpp"
#include "io/dialects/irc/names.hpp"
#include "io/dialects/irc/reader.hpp"
#include "io/dialects/irc/registration.hpp"
#include "io/dialects/irc/request.hpp"
#include "io/dialects/irc/standard_replies.hpp"
#include "io/dialects/irc/tags.hpp"
#include "io/text/line_reader.hpp"
#include "io/text/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <utility>
#include <variant>

namespace confab::irc {
namespace {

/// A longer label is none; ircv3.net/specs/extensions/labeled-response.
constexpr std::size_t label_bytes_max = 64;

std::string_view nick_of(const standing& now) {
  return now.logged_in() ? std::string_view{now.who->nick} : "*";
}

// The tags of a line that may be no UTF-8 elsewhere; those that are none themselves are left out.
std::string_view tags_in_front(std::string_view line) {
  if (!line.starts_with('@'))
    return {};
  const auto tags = line.substr(1, std::min(line.find(' '), line.size()) - 1);
  return is_valid_utf8(tags) ? tags : std::string_view{};
}

class irc_decoder final : public decoder {
 public:
  explicit irc_decoder(const settings& shared) : shared_(shared) {}

  std::optional<command> next(std::string_view& input, const standing& now) override {
    if (client_.awaits_login)
      note_login(now);
    for (;;) {
      while (!queue_.empty())
        if (auto result = take_pending(now))
          return result;
      const auto found = lines_.next(input);
      if (std::holds_alternative<line_reader::need_more>(found))
        return std::nullopt;
      if (const auto* line = std::get_if<line_reader::line>(&found))
        read_line(line->text, now);
      else
        refuse_as_too_long({}, now);
    }
  }

  bool has_queued() const override { return !queue_.empty(); }

  const asking* asks() const override { return &asked_; }

 private:
  void note_login(const standing& now) {
    if (now.logged_in())
      client_.wanted = nullptr;
    else
      reopen_registration(client_);
    client_.awaits_login = false;
  }

  /// Takes the first command of the queue, if it still is one.
  std::optional<command> take_pending(const standing& now) {
    auto& first = queue_.front();
    asked_ = first.answered;
    if (first.departures > 0)
      return take_departure(now);
    std::optional<command> result{std::move(first.what)};
    queue_.pop_front();
    complete_asking(now);
    return result;
  }

  /// The rooms of the client are known one at a time, the one that it entered last.
  std::optional<command> take_departure(const standing& now) {
    auto& first = queue_.front();
    const bool is_last = --first.departures == 0 || !now.in_room();
    if (is_last)
      queue_.pop_front();
    if (!now.in_room())
      return std::nullopt;
    asked_.subject = channel_of_room(now.room).value_or("*");
    complete_asking(now);
    return leave_room{now.room, {}};
  }

  void complete_asking(const standing& now) {
    asked_.nick = nick_of(now);
    asked_.reader = class_of(client_.on);
  }

  void read_line(std::string_view line, const standing& now) {
    const auto parsed = parse_line(line);
    if (const auto* found = std::get_if<message>(&parsed))
      read_message(*found, now);
    else if (const auto* broken = std::get_if<line_not_utf8>(&parsed))
      refuse_as_not_utf8(*broken, tags_in_front(line), now);
    else if (std::holds_alternative<line_too_long>(parsed))
      refuse_as_too_long(tags_in_front(line), now);
  }

  void read_message(const message& line, const standing& now) {
    const auto label = label_in(line.tags);
    auto asked = request_with(line.parameters(), line.tags, now);
    handle_command(line.command, asked);
    if (!now.logged_in())
      finish_registration(asked);
    mark(label);
  }

  void refuse_as_not_utf8(const line_not_utf8& line, std::string_view tags, const standing& now) {
    const auto label = label_in(tags);
    auto asked = request_with({}, {}, now);
    if (line.command == "USER")
      asked.reply(numeric::ERR_INVALIDUSERNAME).trailing("Your names are no UTF-8");
    append_fail(shared_.server_name, line.command, "INVALID_UTF8", {},
                "Message rejected: it is no UTF-8", asked.answer());
    mark(label);
  }

  void refuse_as_too_long(std::string_view tags, const standing& now) {
    const auto label = label_in(tags);
    request_with({}, {}, now).reply(numeric::ERR_INPUTTOOLONG).trailing("Input line was too long");
    mark(label);
  }

  request request_with(std::span<const std::string_view> parameters, std::string_view tags,
                       const standing& now) {
    return {shared_, now, client_, {}, parameters, tags, queue_};
  }

  /// The label under which the client wants the answers, as it was sent; empty: none, or one that
  /// it cannot have.
  std::string_view label_in(std::string_view tags) const {
    if (!client_.on.has(capability::labeled_response) || !client_.on.has(capability::batch))
      return {};
    const auto label = find_tag(tags, "label").value_or("");
    const bool is_usable =
        label.size() <= label_bytes_max && label.find('\r') == std::string_view::npos;
    return is_usable ? label : std::string_view{};
  }

  /// Puts a label on what became of a line: on its one command, or on a batch around all of them.
  void mark(std::string_view label) {
    if (label.empty())
      return;
    const auto is_answered = [](const pending_command& each) {
      return !std::holds_alternative<read_as>(each.what);
    };
    const auto count = std::count_if(queue_.begin(), queue_.end(), is_answered);
    if (count == 0)
      queue_.emplace_back(pending_command{.what = respond{}}).answered.label = label;
    else if (count == 1 && has_one_receipt(queue_.back()))
      queue_.back().answered.label = label;
    else
      wrap_in_batch(label);
  }

  // A list comes in pages, and a client leaves its rooms one by one.
  static bool has_one_receipt(const pending_command& each) {
    return !std::holds_alternative<list_rooms>(each.what) && each.departures == 0;
  }

  void wrap_in_batch(std::string_view label) {
    const auto reference = "l" + std::to_string(++batches_);
    for (auto& each : queue_)
      if (!std::holds_alternative<read_as>(each.what))
        each.answered.batch = reference;
    std::string begin;
    line_writer{begin, shared_.server_name, "BATCH", std::string{"label="}.append(label)}
        .middle("+" + reference)
        .middle("labeled-response")
        .end();
    std::string end;
    line_writer{end, shared_.server_name, "BATCH"}.middle("-" + reference).end();
    queue_.push_front({.what = respond{std::move(begin)}});
    queue_.push_back({.what = respond{std::move(end)}});
  }

  const settings& shared_;
  line_reader lines_{input_line_bytes_max};
  registration client_;
  command_queue queue_;        ///< What the line read last has become.
  asking asked_;               ///< About the command returned last.
  std::uint64_t batches_ = 0;  ///< That were begun so far.
};

}  // namespace

std::unique_ptr<decoder> make_decoder(const settings& shared) {
  return std::make_unique<irc_decoder>(shared);
}

}  // namespace confab::irc
