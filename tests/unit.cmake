# Suites that need no socket and no program.
confab_test(text_tests
  SOURCES unit/line_reader.cpp unit/printable.cpp
  LIBRARIES confab_text
  LABELS unit)
confab_test(dialect_tests
  SOURCES
    unit/framed_dialect.cpp
    unit/irc_answers.cpp
    unit/irc_capabilities.cpp
    unit/irc_commands.cpp
    unit/irc_decoder.cpp
    unit/irc_events.cpp
    unit/irc_history_answers.cpp
    unit/irc_history_commands.cpp
    unit/irc_isupport.cpp
    unit/irc_labels.cpp
    unit/irc_line_writer.cpp
    unit/irc_mask.cpp
    unit/irc_message.cpp
    unit/irc_message_id.cpp
    unit/irc_mode_changes.cpp
    unit/irc_names.cpp
    unit/irc_registration.cpp
    unit/irc_relayed_text.cpp
    unit/irc_tags.cpp
    unit/irc_welcome_refusals_list.cpp
    unit/no_message_forges_another.cpp
    unit/oneroom_dialect.cpp
    unit/tagged_dialect.cpp
    support/miniature_server.cpp
    support/strict_reader.cpp
  LIBRARIES confab_dialects confab_text
  LABELS unit)
confab_test(actor_tests
  SOURCES
    unit/archive.cpp
    unit/authenticator.cpp
    unit/directory.cpp
    unit/directory_requests.cpp
    unit/event_clock.cpp
    unit/nick_table.cpp
    unit/quota.cpp
    unit/recent_texts.cpp
    unit/room_rules.cpp
    unit/rooms_and_directory.cpp
    unit/rooms_and_registry.cpp
    unit/sessions.cpp
    unit/sessions_in_rooms.cpp
    unit/told_readers.cpp
    unit/awaited_news.cpp
    unit/watch_lists.cpp
    unit/whowas_ring.cpp
  LIBRARIES confab_actors confab_crypto confab_dialects CAF::io
  PRECOMPILED support/catch.hpp <caf/all.hpp> <caf/io/all.hpp>
  LABELS unit)
confab_test(crypto_tests
  SOURCES unit/crypto.cpp
  LIBRARIES confab_crypto
  LABELS unit)
confab_test(output_tests
  SOURCES unit/output.cpp
  LIBRARIES confab_output
  LABELS unit)
confab_test(gateway_tests
  SOURCES
    unit/busy_poll.cpp
    unit/confirmations.cpp
    unit/departures.cpp
    unit/flush_scheduler.cpp
    unit/gateway.cpp
    unit/gateway_parts.cpp
    unit/request_flow.cpp
    support/simulated_carriage.cpp
    support/simulated_network.cpp
  LIBRARIES confab_io confab_dialects
  PRECOMPILED actor_tests
  LABELS unit)
