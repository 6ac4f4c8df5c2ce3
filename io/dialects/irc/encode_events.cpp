#include "actors/model/history.hpp"
#include "io/dialects/irc/encoding.hpp"
#include "io/dialects/irc/line_tags.hpp"
#include "io/dialects/irc/line_writer.hpp"
#include "io/dialects/irc/message_id.hpp"
#include "io/dialects/irc/mode_changes.hpp"
#include "io/dialects/irc/names.hpp"
#include "io/dialects/irc/own_texts.hpp"
#include "io/dialects/irc/reader.hpp"
#include "io/dialects/irc/text_writer.hpp"

#include <optional>
#include <string_view>
#include <type_traits>

namespace confab::irc {
namespace {

/// Ends a line with a text, or without one if it is empty.
void end_with(line_writer& line, std::string_view text) {
  if (text.empty())
    line.end();
  else
    line.trailing(text);
}

/// Writes what happened beside texts. `channel` is nothing if IRC cannot see the room.
class event_writer {
 public:
  event_writer(const event_batch& batch, const std::optional<std::string>& channel,
               capability_set on, std::string& out)
      : batch_(batch), channel_(channel), on_(on), out_(out), source_(hostmask(who())) {}

  void write(const joined&) {
    if (!channel_)
      return;
    line_writer line{out_, source_, "JOIN"};
    line.middle(*channel_);
    if (on_.has(capability::extended_join))
      line.middle(who().account).trailing(who().real_name);
    else
      line.end();
  }

  /// What follows a JOIN, and is no part of it.
  void write_whether_away() {
    if (channel_ && !who().away.empty() && on_.has(capability::away_notify))
      write_away();
  }

  void write(const left& gone) {
    if (!gone.quits && !channel_)
      return;
    line_writer line{out_, source_, gone.quits ? "QUIT" : "PART"};
    if (!gone.quits)
      line.middle(*channel_);
    end_with(line, gone.reason);
  }

  void write(const kicked& removal) {
    if (!channel_)
      return;
    line_writer line{out_, source_, "KICK"};
    line.middle(*channel_).middle(removal.whom.who->nick);
    line.trailing(removal.reason.empty() ? who().nick : removal.reason);
  }

  void write(const renamed& change) {
    line_writer{out_, hostmask(*change.before), "NICK"}.middle(who().nick).end();
  }

  void write(const topic_set& change) {
    if (channel_)
      line_writer{out_, source_, "TOPIC"}.middle(*channel_).trailing(change.topic);
  }

  void write(const modes_set& change) {
    if (channel_)
      append_mode_lines(source_, *channel_, change.changes, out_);
  }

  // The invited itself is always told.
  void write(const invited& invitation) {
    if (channel_ && (batch_.to == audience_kind::client || on_.has(capability::invite_notify)))
      line_writer{out_, source_, "INVITE"}.middle(invitation.nick).middle(*channel_).end();
  }

  void write(const away_set&) {
    if (on_.has(capability::away_notify) && watches_enough())
      write_away();
  }

  void write(const real_name_set&) {
    if (on_.has(capability::setname) && watches_enough())
      line_writer{out_, source_, "SETNAME"}.trailing(who().real_name);
  }

  void write(const redacted& taken_back) {
    if (!channel_ || !on_.has(capability::message_redaction))
      return;
    line_writer line{out_, source_, "REDACT"};
    line.middle(*channel_).middle(message_id_text(taken_back.which));
    end_with(line, taken_back.reason);
  }

  void write(const wall& spoken) { line_writer{out_, source_, "WALLOPS"}.trailing(spoken.text); }

 private:
  const identity& who() const { return *batch_.who.who; }

  // Who shares no room with the author hears of it only by this capability.
  bool watches_enough() const {
    return batch_.to != audience_kind::watchers || on_.has(capability::extended_monitor);
  }

  void write_away() {
    line_writer line{out_, source_, "AWAY"};
    end_with(line, who().away);
  }

  const event_batch& batch_;
  const std::optional<std::string>& channel_;
  capability_set on_;
  std::string& out_;
  std::string source_;
};

/// Writes the events of one batch for readers of one class.
class batch_writer {
 public:
  batch_writer(const event_batch& batch, capability_set on, std::string& out)
      : batch_(batch), on_(on), out_(out), channel_(channel_of_room(batch.room)) {}

  void write(const said& spoken, std::size_t index) {
    if (!texts_)
      begin_texts();
    if (!texts_)
      return;
    texts_->write(spoken, index);
    if (is_to_oneself(batch_) && on_.has(capability::echo_message))
      texts_->write(spoken, index);  // What came is a delivery; this is the echo.
  }

  template <class Event>
  void write(const Event& happening, std::size_t index) {
    event_writer writer{batch_, channel_, on_, out_};
    const auto start = out_.size();
    writer.write(happening);
    tag_event(start, index, wants_ids() && is_kept(batch_.events[index]));
    if constexpr (std::is_same_v<Event, joined>) {
      const auto behind = out_.size();
      writer.write_whether_away();
      tag_event(behind, index, false);
    }
  }

 private:
  /// Whether readers know events by their ids: they find them again in the history.
  bool wants_ids() const {
    return on_.has(capability::event_playback) && on_.has(capability::message_tags);
  }

  // What nobody has stamped has neither a time nor a number.
  void tag_event(std::size_t start, std::size_t index, bool has_id) {
    if (out_.size() == start || batch_.at.first_ms == 0)
      return;
    std::string tags;
    if (on_.has(capability::server_time)) {
      tags += "time=";
      append_server_time(batch_.at.time_ms(index), tags);
    }
    if (has_id) {
      tags += tags.empty() ? "msgid=" : ";msgid=";
      append_message_id(batch_.at, index, tags);
    }
    if (!tags.empty())
      tag_lines(out_, start, tags);
  }

  void begin_texts() {
    if (batch_.to == audience_kind::client) {
      texts_.emplace(batch_, batch_.to_nick, on_, out_);
    } else if (channel_) {
      auto target = *channel_;
      if (batch_.to_prefix != 0)
        target.insert(target.begin(), batch_.to_prefix);
      texts_.emplace(batch_, target, on_, out_);
    }
  }

  const event_batch& batch_;
  capability_set on_;
  std::string& out_;
  std::optional<std::string> channel_;
  std::optional<text_writer> texts_ = std::nullopt;
};

}  // namespace

void encode_events(const event_batch& batch, reader_class reader, std::string& out) {
  batch_writer writer{batch, capabilities_of(reader), out};
  for (std::size_t index = 0; index < batch.events.size(); ++index)
    std::visit([&writer, index](const auto& each) { writer.write(each, index); },
               batch.events[index]);
}

}  // namespace confab::irc
