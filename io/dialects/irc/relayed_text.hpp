#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// Texts on their way between IRC and the other dialects.
namespace confab::irc {

/// A text of another dialect as IRC can carry it: valid UTF-8 without CR, LF, NUL and 0x01. A byte
/// that is no UTF-8 becomes U+FFFD, the others blanks, and an empty text is one blank.
std::string text_for_irc(std::string_view foreign);

/// What stands in front of a text that is relayed.
struct relayed_head {
  std::string_view source;   ///< `n!u@h` of the author.
  std::string_view command;  ///< `PRIVMSG` or `NOTICE`.
  std::string_view target;
  std::string_view tags = {};  ///< As a tag_list has them; empty: none.
};

/// Appends a text of another dialect as whole lines, as many as it takes: together they hold
/// `text_for_irc(foreign)`, cut between two characters. Each has the tags. Returns their number.
std::size_t append_foreign_text(const relayed_head& head, std::string_view foreign,
                                std::string& out);

/// A text of IRC as the other dialects have it: without formatting (0x02, 0x03 and its colours,
/// 0x04 and its colours, 0x0f, 0x11, 0x16, 0x1d-0x1f) and without 0x01.
///
/// `* text` for a CTCP ACTION. Nothing for any other CTCP, and for a text that is formatting only.
std::optional<std::string> text_for_other_dialects(std::string_view text);

}  // namespace confab::irc
