#pragma once

#include "actors/model/events.hpp"
#include "io/dialects/irc/capabilities.hpp"
#include "io/dialects/irc/tags.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace confab::irc {

/// Writes the texts of a batch. What is the same for all of them is put together once, since a
/// batch may hold very many: without tags, a text of IRC is copied behind that and is done.
class text_writer {
 public:
  /// `target` is the channel, with its prefix, or the nick. Texts go to the end of `out`.
  text_writer(const event_batch& batch, std::string_view target, capability_set on,
              std::string& out);

  /// Writes a text, which has this index in its batch; nothing if these readers do not get it.
  void write(const said& spoken, std::size_t index);

 private:
  void begin_kind(text_kind kind);
  void reserve_for_batch();
  void collect_tags(const said& spoken, std::size_t index);
  void write_tags_only();
  void write_line(std::string_view text);
  void write_foreign(std::string_view text);

  const event_batch& batch_;
  std::string& out_;
  std::string source_;
  std::string target_;
  bool is_foreign_;
  bool wants_time_;
  bool wants_tags_;
  std::optional<text_kind> kind_ = std::nullopt;  ///< Which `head_` is for.
  std::string head_ = {};                         ///< `:n!u@h PRIVMSG #c :`
  std::size_t text_bytes_max_ = 0;                ///< So much fits behind that.
  std::string tags_ = {};                         ///< Of the text that is being written.
  tag_list client_tags_ = {};
};

}  // namespace confab::irc
