#include "io/dialects/irc/irc.hpp"

#include "io/dialects/irc/closing.hpp"
#include "io/dialects/irc/decoder.hpp"
#include "io/dialects/irc/dialect_name.hpp"
#include "io/dialects/irc/encoding.hpp"
#include "io/dialects/irc/history_answers.hpp"
#include "io/dialects/irc/line_writer.hpp"
#include "io/dialects/irc/own_texts.hpp"
#include "io/dialects/irc/reader.hpp"
#include "io/dialects/irc/refusals.hpp"

#include <algorithm>
#include <utility>

namespace confab::irc {
namespace {

constexpr liveness_probe probe{std::chrono::seconds{90}, std::chrono::seconds{150}};

template <class Event>
bool are_all(const event_batch& batch) {
  return !batch.events.empty() &&
         std::all_of(batch.events.begin(), batch.events.end(),
                     [](const event& each) { return std::holds_alternative<Event>(each); });
}

/// Why the server ends a connection, in words; empty if the decoder has told that.
std::string_view words_for(cut_reason why) {
  switch (why) {
    case cut_reason::slow_reader:
      return "SendQ exceeded";
    case cut_reason::server_backlog:
      return "Server is out of memory for output";
    case cut_reason::login_deadline:
      return "Registration timed out";
    case cut_reason::idle:
      return "Ping timeout";
    case cut_reason::offence:
      return {};
    case cut_reason::shutdown:
      return "Server is shutting down";
  }
  return {};
}

class irc_dialect final : public dialect {
 public:
  explicit irc_dialect(settings chosen) : shared_(std::move(chosen)) {}

  std::string_view name() const override { return dialect_name; }

  // What a client does itself, it hears of, but for its own texts: those come back only if it asked
  // for that. What it says to itself is said to it as to anybody else.
  delivery_policy policy(const event_batch& batch, reader_class reader) const override {
    if (are_all<said>(batch))
      return capabilities_of(reader).has(capability::echo_message) || is_to_oneself(batch)
                 ? delivery_policy::everything
                 : delivery_policy::all_but_own_connection;
    if (are_all<away_set>(batch) || are_all<redacted>(batch) ||
        (are_all<invited>(batch) && batch.to == audience_kind::room))
      return delivery_policy::all_but_own_connection;
    if (are_all<joined>(batch) && !batch.who.who->away.empty() &&
        capabilities_of(reader).has(capability::away_notify))
      return delivery_policy::own_in_own_form;
    return delivery_policy::everything;
  }

  // Behind a JOIN, nobody is told that it is away itself.
  reader_class own_class(reader_class reader) const override {
    auto on = capabilities_of(reader);
    on.remove(capability::away_notify);
    return class_of(on);
  }

  bool announces_members() const override { return true; }
  bool folds_names() const override { return true; }
  bool counts_lines() const override { return true; }
  bool protects_topics() const override { return true; }
  bool echo_confirms() const override { return true; }

  std::optional<std::string> nick_stem(std::string_view) const override { return std::nullopt; }

  std::unique_ptr<decoder> make_decoder() const override { return irc::make_decoder(shared_); }

  // All else is answered by `encode_answer`.
  void encode_reply(const outcome& result, const standing&, std::string& out) const override {
    const auto* no = std::get_if<refused>(&result);
    if (no != nullptr && (no->why == refusal::server_full || no->why == refusal::address_full))
      append_closing_link(nullptr, words_for_refused_connection(no->why), out);
  }

  void encode_answer(const answer_part& part, const asking& asked,
                     std::string& out) const override {
    irc::encode_answer(part, asked, shared_, out);
  }

  void mark_answers(const asking& asked, std::string& out) const override {
    irc::mark_answers(asked, shared_, out);
  }

  void encode_events(const event_batch& batch, reader_class reader,
                     std::string& out) const override {
    irc::encode_events(batch, reader, out);
  }

  void encode_replay(const history_page& said_before, reader_class reader,
                     std::string& out) const override {
    append_replay(said_before, capabilities_of(reader), shared_, out);
  }

  void encode_farewell(cut_reason why, const standing& now, std::string& out) const override {
    if (const auto words = words_for(why); !words.empty())
      append_closing_link(now.who, words, out);
  }

  std::optional<liveness_probe> liveness() const override { return probe; }

  void encode_probe(std::string& out) const override {
    line_writer{out, "", "PING"}.trailing(shared_.server_name);
  }

 private:
  settings shared_;
};

}  // namespace

std::unique_ptr<const dialect> make_dialect(settings chosen) {
  return std::make_unique<const irc_dialect>(std::move(chosen));
}

}  // namespace confab::irc
