#pragma once

#include "actors/model/reader_class.hpp"
#include "io/dialects/irc/capabilities.hpp"

namespace confab::irc {

/// A reader class is the set of the capabilities that are on.
constexpr reader_class class_of(capability_set on) {
  return on.bits();
}

/// The capabilities that change how events are written. Readers who differ in others only are of
/// one class, so that there are few classes.
inline constexpr capability_set event_capabilities{
    capability::away_notify,      capability::echo_message,  capability::extended_join,
    capability::extended_monitor, capability::invite_notify, capability::message_tags,
    capability::server_time,      capability::setname,       capability::message_redaction,
    capability::event_playback,   capability::chathistory,   capability::batch};

/// The class of a reader of events. Batches are made of what was said before the reader came, which
/// who has chathistory asks for itself.
constexpr reader_class event_class_of(capability_set on) {
  if (on.has(capability::chathistory))
    on.remove(capability::batch);
  return on.bits() & event_capabilities.bits();
}

/// The capabilities of a reader class.
constexpr capability_set capabilities_of(reader_class reader) {
  return capability_set::of_bits(reader);
}

}  // namespace confab::irc
