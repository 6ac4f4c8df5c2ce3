#pragma once

#include "actors/dialect.hpp"

#include <string>
#include <string_view>

/// Readers of each wire that take nothing on trust: an oracle for 'no message forges another'
/// (docs/dialects/README.md) that shares no code with the encoders.
namespace confab::test {

/// What is wrong with the bytes that a reader of `reads` gets for `batch`; empty when the reader
/// sees exactly one message for each event that its protocol can express, of the right kind, in the
/// right room, by the right author, with the right text. A text may be several lines of IRC.
std::string what_is_forged(const dialect& reads, const event_batch& batch);

/// The same for bytes that are at hand. `dialect_name`: tagged, oneroom, framed or irc, whose
/// reader has no capability.
std::string what_is_forged(std::string_view dialect_name, const event_batch& batch,
                           std::string_view wire);

/// Whether `bytes` are UTF-8: shortest forms, no surrogates, no cut character.
bool is_utf8(std::string_view bytes);

}  // namespace confab::test
