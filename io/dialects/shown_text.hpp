#pragma once

#include "actors/model/events.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace confab {

/// What a text is for readers of the courses' dialects; nothing: they do not see it. Texts of IRC
/// come without formatting, `* text` for an ACTION; all others as they are.
///
/// May refer to the text, so it lives no longer than that.
class shown_text {
 public:
  shown_text(const event_batch& batch, const said& spoken);
  shown_text(const shown_text&) = delete;
  shown_text& operator=(const shown_text&) = delete;

  explicit operator bool() const { return shown_.has_value(); }
  std::string_view operator*() const { return *shown_; }

 private:
  std::optional<std::string> plain_;
  std::optional<std::string_view> shown_;
};

}  // namespace confab
