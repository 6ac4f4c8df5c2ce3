#pragma once

#include "actors/model/answers.hpp"
#include "actors/model/history.hpp"
#include "io/dialects/irc/capabilities.hpp"
#include "io/dialects/irc/reply.hpp"

#include <string>

/// What was said before, for those who ask for it, and for those who just came in.
namespace confab::irc {

/// Appends a page of history, as CHATHISTORY or SEARCH is answered: in a batch, if the client takes
/// batches.
void append_history(const history_answer& answer, const reply& to);

/// Appends in which channels something was said, as `CHATHISTORY TARGETS` is answered.
void append_targets(const targets_answer& answer, const reply& to);

/// Appends what was said in a channel before the client came in: nothing for those who ask for
/// that, a batch for those who take batches and see the times, lines for all others.
void append_replay(const history_page& said_before, capability_set on, const settings& shared,
                   std::string& out);

/// Appends why history cannot be read, or not be changed: `FAIL`, whatever the reason. Returns
/// false, and appends nothing, if the command was about something else.
bool append_history_refusal(const refused& result, const reply& to);

}  // namespace confab::irc
