#pragma once

#include "actors/model/case_mapping.hpp"
#include "actors/model/events.hpp"

namespace confab::irc {

/// Whether a client says this to itself. Its own connection is the audience then, and gets the
/// texts as a delivery, and with echo-message as an echo, too.
inline bool is_to_oneself(const event_batch& batch) {
  return batch.to == audience_kind::client && same_name(batch.to_nick, batch.who.who->nick);
}

}  // namespace confab::irc
