# The parts of the server program. Its behaviour as a whole is tested end to end.
confab_test(server_tests
  SOURCES server/drain.cpp server/log.cpp server/machine.cpp
  LIBRARIES confab_server end_to_end_support
  LABELS unit)
