# IRC clients of other people, as Debian ships them, with the real server. What is not installed
# makes its tests skip: they print 'skipped here: ..' and CTest counts them as skipped.
confab_test_suite(real_clients
  SOURCES
    real_clients/crossing.cpp
    real_clients/fifo_client.cpp
    real_clients/ii.cpp
    real_clients/ii_client.cpp
    real_clients/irc_friend.cpp
    real_clients/irc_server.cpp
    real_clients/irssi.cpp
    real_clients/irssi_client.cpp
    real_clients/sandbox.cpp
    real_clients/terminal_client.cpp
    real_clients/weechat.cpp
    real_clients/weechat_client.cpp
  LIBRARIES end_to_end_support)
add_dependencies(real_clients server sender receiver client oneroom_client)
catch_discover_tests(real_clients
  TEST_PREFIX "real_clients: "
  PROPERTIES
    TIMEOUT 600 # Waits for programs that nobody here can speed up, each for a minute at most.
    ENVIRONMENT "CONFAB_BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}"
    SKIP_REGULAR_EXPRESSION "skipped here: "
    LABELS real_clients)
