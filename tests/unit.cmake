# Suites that need no socket and no program.
confab_test(text_tests
  SOURCES unit/line_reader.cpp unit/printable.cpp
  LIBRARIES confab_text
  LABELS unit)
confab_test(dialect_tests
  SOURCES
    unit/framed_dialect.cpp
    unit/irc_capabilities.cpp
    unit/irc_isupport.cpp
    unit/irc_line_writer.cpp
    unit/irc_mask.cpp
    unit/irc_message.cpp
    unit/irc_mode_changes.cpp
    unit/irc_names.cpp
    unit/irc_relayed_text.cpp
    unit/irc_tags.cpp
    unit/no_message_forges_another.cpp
    unit/oneroom_dialect.cpp
    unit/tagged_dialect.cpp
    support/miniature_server.cpp
    support/strict_reader.cpp
  LIBRARIES confab_dialects confab_text
  LABELS unit)
confab_test(actor_tests
  SOURCES unit/quota.cpp unit/rooms_and_registry.cpp unit/sessions.cpp
  LIBRARIES confab_actors confab_dialects CAF::io
  LABELS unit)
confab_test(output_tests
  SOURCES unit/output.cpp
  LIBRARIES confab_output
  LABELS unit)
confab_test(gateway_tests
  SOURCES
    unit/busy_poll.cpp
    unit/departures.cpp
    unit/flush_scheduler.cpp
    unit/gateway.cpp
    unit/gateway_parts.cpp
    unit/request_flow.cpp
    support/simulated_network.cpp
  LIBRARIES confab_io confab_dialects
  LABELS unit)
