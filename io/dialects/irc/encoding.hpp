#pragma once

#include "actors/model/answers.hpp"
#include "actors/model/asking.hpp"
#include "actors/model/events.hpp"
#include "io/dialects/irc/settings.hpp"

#include <string>

/// From answers and events to lines.
namespace confab::irc {

/// Appends the lines of an answer to `out`.
void encode_answer(const answer_part& part, const asking& asked, const settings& shared,
                   std::string& out);

/// Appends the lines that readers of this class get of the events; nothing if they get none.
void encode_events(const event_batch& batch, reader_class reader, std::string& out);

/// `out` holds the lines that answer one request: marks them with the label that was asked for, or
/// as part of the batch that answers it.
void mark_answers(const asking& asked, const settings& shared, std::string& out);

}  // namespace confab::irc
