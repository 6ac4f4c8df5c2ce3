#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// Message tags: what stands between `@` and the first blank of a line.
namespace confab::irc {

/// The tags of a client, and our own, each have at most so many bytes, with the `@` and the blank.
inline constexpr std::size_t tags_bytes_max = 4096;

/// The same without the `@` and the blank.
inline constexpr std::size_t tag_data_bytes_max = tags_bytes_max - 2;

/// Appends a value as it stands in a tag: `\:` for `;`, `\s` for a blank, `\\`, `\r`, `\n`. A NUL,
/// which cannot be written, becomes a blank.
void append_escaped(std::string_view value, std::string& out);

/// The value that `raw` stands for. A backslash before any other character, or at the end, is left
/// out.
std::string unescaped(std::string_view raw);

/// The value of the tag `key` in `tags`, escaped as it was sent; the last one if there are several.
/// Empty if the tag has no value; nothing if there is no such tag.
std::optional<std::string_view> find_tag(std::string_view tags, std::string_view key);

/// Collects the tags of an outgoing line: the data between `@` and the blank.
class tag_list {
 public:
  /// Adds a tag without a value. Left out if our tags became longer than `tag_data_bytes_max`.
  void add(std::string_view key);

  /// Adds a tag with a value, which is escaped. Left out if our tags became too long.
  void add(std::string_view key, std::string_view value);

  /// Adds those of a client's tags that are relayed: the ones that begin with `+` and whose key is
  /// letters, digits and `-./`. They stay as they were sent. Left out is what holds a CR, LF or
  /// NUL, and what goes beyond `tag_data_bytes_max` bytes of them.
  void add_client_tags(std::string_view tags);

  /// The tags, joined by `;`; empty if there are none. At most 8189 bytes.
  const std::string& text() const { return text_; }

  void clear();

 private:
  void begin_tag(std::string_view key);
  void end_tag(std::size_t size_before, std::size_t& used);

  std::string text_;
  std::size_t own_bytes_ = 0;     ///< Of our tags, with the `;` between them.
  std::size_t client_bytes_ = 0;  ///< Of a client's tags, likewise.
};

}  // namespace confab::irc
