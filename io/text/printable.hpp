#pragma once

#include <string>
#include <string_view>

/// Other people's bytes, made harmless for terminals and logs.
namespace confab {

/// Other people's bytes as text that a terminal only shows, never obeys.
///
/// Valid UTF-8 stays as it is, and so does a tab. Shown as escapes instead are: C0 controls and DEL
/// (`\x1B`), C1 controls as UTF-8 (`\u009B`), line and paragraph separators, characters that
/// reorder the text around them (bidirectional controls) or are never seen (`\u202E`), and each
/// byte that is not part of valid UTF-8, among them C1 controls as single bytes (`\x9B`).
[[nodiscard]] std::string printable(std::string_view bytes);

/// The same for the start of a name or text in a log: what is longer than 64 bytes is cut, and ends
/// with `...`.
[[nodiscard]] std::string printable_start(std::string_view bytes);

/// The same for a text of several lines: its newlines stay.
[[nodiscard]] std::string printable_lines(std::string_view bytes);

}  // namespace confab
