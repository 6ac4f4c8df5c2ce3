#pragma once

#include "actors/model/answers.hpp"
#include "io/dialects/irc/reply.hpp"

/// Answers about one room.
namespace confab::irc {

/// Appends what JOIN, NAMES, TOPIC, MODE or WHO is answered with, whichever was asked. Who is
/// outside sees no invisible member, nobody at all in a secret room, and no key.
void append_room_answer(const room_answer& answer, const reply& to);

/// Appends the entries of a list, and its end.
void append_list_answer(const list_answer& answer, const reply& to);

/// Appends 366, the end of NAMES, for what was asked.
void append_end_of_names(std::string_view asked_for, const reply& to);

/// Appends 315, the end of WHO, for what was asked.
void append_end_of_who(const reply& to);

}  // namespace confab::irc
