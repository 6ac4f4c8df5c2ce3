#include "io/storage/event_columns.hpp"

#include "io/storage/event_run.hpp"

#include <cassert>
#include <charconv>
#include <memory>

namespace confab::storage {
namespace {

/// Each change is a sign, a letter, the length of its parameter, a colon, and the parameter.
void append_change(const mode_change& change, std::string& out) {
  out += change.add ? '+' : '-';
  out += change.letter;
  out += std::to_string(change.parameter.size());
  out += ':';
  out += change.parameter;
}

std::vector<mode_change> changes_of(std::string_view text) {
  std::vector<mode_change> result;
  while (!text.empty()) {
    const auto colon = text.find(':', 2);
    if (colon == std::string_view::npos || (text[0] != '+' && text[0] != '-'))
      throw_damaged("changes of modes that are none");
    std::size_t size = 0;
    const auto read = std::from_chars(text.data() + 2, text.data() + colon, size);
    if (read.ec != std::errc{} || read.ptr != text.data() + colon || size > text.size() - colon - 1)
      throw_damaged("changes of modes that are none");
    result.push_back({text[0] == '+', text[1], std::string{text.substr(colon + 1, size)}});
    text.remove_prefix(colon + 1 + size);
  }
  return result;
}

/// Finds the columns of each kind of event.
struct column_visitor {
  std::string& buffer;

  event_columns operator()(const said& it) const {
    event_columns result{row_kind::message, nullptr, it.text, std::nullopt};
    if (it.kind == text_kind::notice)
      result.kind = row_kind::notice;
    else if (it.kind == text_kind::tags_only)
      result.kind = row_kind::tags_only;
    if (it.tags)
      result.tags = *it.tags;
    return result;
  }
  event_columns operator()(const joined&) const { return {row_kind::joined, nullptr, {}, {}}; }
  event_columns operator()(const left& it) const {
    return {it.quits ? row_kind::quit : row_kind::left, nullptr, it.reason, {}};
  }
  event_columns operator()(const kicked& it) const {
    return {row_kind::kicked, it.whom.who, it.reason, {}};
  }
  event_columns operator()(const renamed& it) const {
    return {row_kind::renamed, it.before, {}, {}};
  }
  event_columns operator()(const topic_set& it) const {
    return {row_kind::topic_set, nullptr, it.topic, {}};
  }
  event_columns operator()(const modes_set& it) const {
    buffer.clear();
    for (const auto& change : it.changes) {
      auto shown = change;
      if (shown.letter == 'k' && !shown.parameter.empty())
        shown.parameter = "*";  // The key itself is nothing to be read back.
      append_change(shown, buffer);
    }
    return {row_kind::modes_set, nullptr, buffer, {}};
  }
  template <class Other>
  event_columns operator()(const Other&) const {
    assert(false && "not kept");
    return {};
  }
};

said said_of(text_kind kind, std::string_view text, const std::optional<std::string_view>& tags) {
  said result{std::string{text}, kind, nullptr};
  if (tags)
    result.tags = std::make_shared<const std::string>(*tags);
  return result;
}

kicked kicked_of(const identity_ptr& whom, std::string_view reason) {
  kicked result;
  result.whom.who = whom;
  result.reason = reason;
  return result;
}

identity_ptr needed(const identity_ptr& other) {
  if (!other)
    throw_damaged("an event that is about nobody");
  return other;
}

/// A text that can be in a run with others; null: the event cannot.
const said* plain_text(const event& happening) {
  const auto* text = std::get_if<said>(&happening);
  return text != nullptr && text->kind != text_kind::tags_only && !text->tags ? text : nullptr;
}

}  // namespace

std::size_t events_of_run(const event_batch& batch, std::size_t first) {
  std::size_t count = 1;
  const auto* text = plain_text(batch.events[first]);
  if (text == nullptr)
    return count;
  const auto kind = text->kind;
  auto bytes = text->text.size();
  for (; first + count < batch.events.size() && count < run_events_max; ++count) {
    text = plain_text(batch.events[first + count]);
    if (text == nullptr || text->kind != kind || bytes + text->text.size() > run_bytes_max)
      break;
    bytes += text->text.size();
  }
  return count;
}

event_columns columns_of(const event& happening, std::string& buffer) {
  return std::visit(column_visitor{buffer}, happening);
}

event event_of(std::int64_t kind, const identity_ptr& other, std::string_view text,
               const std::optional<std::string_view>& tags) {
  switch (static_cast<row_kind>(kind)) {
    case row_kind::message:
      return said_of(text_kind::message, text, tags);
    case row_kind::notice:
      return said_of(text_kind::notice, text, tags);
    case row_kind::tags_only:
      return said_of(text_kind::tags_only, text, tags);
    case row_kind::joined:
      return joined{};
    case row_kind::left:
      return left{false, std::string{text}};
    case row_kind::quit:
      return left{true, std::string{text}};
    case row_kind::kicked:
      return kicked_of(needed(other), text);
    case row_kind::renamed:
      return renamed{needed(other)};
    case row_kind::topic_set:
      return topic_set{std::string{text}};
    case row_kind::modes_set:
      return modes_set{changes_of(text)};
  }
  throw_damaged("an event of the unknown kind " + std::to_string(kind));
}

}  // namespace confab::storage
