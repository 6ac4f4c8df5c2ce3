# The parts of the server program. Its behaviour as a whole is tested end to end.
confab_test(server_tests
  SOURCES
    server/drain.cpp
    server/hash_command.cpp
    server/irc_options.cpp
    server/layering.cpp
    server/log.cpp
    server/loops.cpp
    server/machine.cpp
    server/signals.cpp
    server/start_wait.cpp
  LIBRARIES confab_server confab_crypto end_to_end_support tls_support CLI11::CLI11
  LABELS unit)
