#pragma once

#include <cstddef>
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

/// The start of `printable(bytes)`, at most `characters_max` characters of it; an escape counts as
/// many as it has and is never cut. `…` follows if there is more. For names that strangers chose.
[[nodiscard]] std::string printable_start(std::string_view bytes, std::size_t characters_max);

/// A user or room name as the log shows it: its first 64 characters, printable.
[[nodiscard]] std::string printable_name(std::string_view name);

/// `text`, which is UTF-8, in at most `bytes_max` bytes, 3 or more: if it has more, it is cut
/// between two characters and `…` takes the place of the rest.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t bytes_max);

/// `bytes` with `replacement` for each character that `printable` would escape. Bytes that are no
/// UTF-8 stay, but for those that are C1 controls.
[[nodiscard]] std::string without_controls(std::string_view bytes, char replacement);

/// `text` with `replacement` for each blank, of whatever width (Unicode's White_Space).
[[nodiscard]] std::string without_blanks(std::string_view text, char replacement);

/// `printable` for a text of several lines: its newlines stay.
[[nodiscard]] std::string printable_lines(std::string_view bytes);

}  // namespace confab
