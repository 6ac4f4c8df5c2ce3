#include "io/dialects/shown_text.hpp"

#include "io/dialects/irc/dialect_name.hpp"
#include "io/dialects/irc/relayed_text.hpp"

namespace confab {

shown_text::shown_text(const event_batch& batch, const said& spoken) {
  if (spoken.kind == text_kind::tags_only || batch.to_prefix != 0)
    return;
  if (batch.who.dialect() != irc::dialect_name) {
    shown_ = spoken.text;
    return;
  }
  plain_ = irc::text_for_other_dialects(spoken.text);
  if (plain_)
    shown_ = *plain_;
}

}  // namespace confab
