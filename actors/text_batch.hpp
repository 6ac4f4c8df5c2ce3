#pragma once

#include "actors/model/asking.hpp"
#include "actors/model/commands.hpp"
#include "actors/model/events.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace confab {

/// Texts of one client to one room that travel together. Takes no memory until the first text.
class text_batch {
 public:
  bool empty() const { return !held_ || held_->texts.empty(); }
  std::size_t size() const { return held_ ? held_->texts.size() : 0; }

  /// No less than the bytes that the texts become for one reader.
  std::size_t bytes() const { return held_ ? held_->bytes : 0; }

  /// The room that they are said to: as the client wrote it, until they are taken out. There has
  /// been a text.
  const std::string& room() const { return held_->room; }

  /// Whether this text may travel with others, and join those that wait: it goes to the same
  /// members of the same room. One that may be CTCP travels alone, since a room can refuse it and
  /// not the others.
  bool takes(const say& text) const {
    if (text.text.starts_with('\x01'))
      return false;
    return empty() || (text.room == held_->room && text.to_prefix == held_->to_prefix &&
                       text.kind == held_->kind);
  }

  /// Where the reply to a text stands among all replies.
  struct span {
    std::uint32_t begin;
    std::uint32_t end;
  };

  /// Adds a text. `frame_bytes` is what a dialect puts around it; the first text says how a refusal
  /// is worded.
  void add(say text, std::size_t frame_bytes, const asking* asked) {
    if (!held_)
      held_ = std::make_unique<content>();
    if (empty()) {
      held_->room = std::move(text.room);
      held_->to_prefix = text.to_prefix;
      held_->kind = text.kind;
      held_->asked = asked == nullptr ? nullptr : std::make_shared<const asking>(*asked);
      held_->replies.clear();
    }
    held_->bytes += text.text.size() + (text.tags ? text.tags->size() : 0) + frame_bytes;
    held_->texts.emplace_back(said{std::move(text.text), text.kind, std::move(text.tags)});
  }

  /// The reply to the text that was added last stands there.
  void note_reply(std::size_t begin, std::size_t end) {
    held_->replies.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
  }

  /// Takes the texts out, on their way to the room of this name. There are some.
  event_batch take(std::string room, author who) {
    held_->bytes = 0;
    held_->room = room;
    return {std::move(room),
            std::move(who),
            std::exchange(held_->texts, {}),
            audience_kind::room,
            held_->to_prefix,
            {},
            {}};
  }

  /// Of the last texts, also when they were taken out. There has been a text.
  const asking_ptr& asked() const { return held_->asked; }
  const std::vector<span>& replies() const { return held_->replies; }

 private:
  struct content {
    std::vector<event> texts;
    std::string room;
    std::size_t bytes = 0;
    std::vector<span> replies;
    asking_ptr asked;
    text_kind kind = text_kind::message;
    char to_prefix = 0;
  };

  std::unique_ptr<content> held_;
};

}  // namespace confab
