#pragma once

#include "io/dialects/irc/message.hpp"
#include "io/dialects/irc/numerics.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace confab::irc {

/// Appends one line to a string: the constructor begins it, and either `trailing` or `end` ends it.
///
///     line_writer{out, "alice!a@host", "PRIVMSG"}.middle("#cafe").trailing("hello");
///
/// Without its tags, a line never has more than 512 bytes: one that would is cut between two
/// characters, in its last parameter as long as the others leave a place for that.
class line_writer {
 public:
  /// Begins a line. `source` (empty: the line has none), `command` and `tags` (as a tag_list has
  /// them; empty: none) are ours: they hold no blank, CR, LF or NUL.
  line_writer(std::string& out, std::string_view source, std::string_view command,
              std::string_view tags = {});

  /// Begins a numeric reply: `:server 001 nick`. `nick` is `*` before the client has one.
  line_writer(std::string& out, std::string_view server, numeric number, std::string_view nick,
              std::string_view tags = {});

  line_writer(const line_writer&) = delete;
  line_writer& operator=(const line_writer&) = delete;
  ~line_writer();

  /// Adds a parameter that is one word. What could not be read back as one (empty, with a blank,
  /// CR, LF or NUL, or with a `:` in front) is written as `*`.
  line_writer& middle(std::string_view word);

  /// Adds a number as a parameter.
  line_writer& number(std::uint64_t value);

  /// Adds the last parameter, with a `:` whatever it holds, and ends the line. CR, LF and NUL
  /// become blanks.
  void trailing(std::string_view text);

  /// Ends a line that has no free text.
  void end();

 private:
  std::string& out_;
  std::size_t start_ = 0;  ///< Where the line begins in `out_`, behind its tags.
  bool ended_ = false;
};

/// How many bytes of text fit into a line of these, behind `:source command target :`.
std::size_t text_bytes_that_fit(std::string_view source, std::string_view command,
                                std::string_view target);

}  // namespace confab::irc
