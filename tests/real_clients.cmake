# IRC clients of other people, as Debian ships them, with the real server. What is not installed
# makes its tests skip.
add_library(real_client_support STATIC
  real_clients/fifo_client.cpp
  real_clients/ii_client.cpp
  real_clients/irc_friend.cpp
  real_clients/irc_server.cpp
  real_clients/irssi_client.cpp
  real_clients/sandbox.cpp
  real_clients/terminal_client.cpp
  real_clients/weechat_client.cpp)
target_link_libraries(real_client_support
  PUBLIC confab_options end_to_end_support
  PRIVATE Catch2::Catch2)

confab_test(real_clients
  SOURCES
    real_clients/crossing.cpp
    real_clients/ii.cpp
    real_clients/irssi.cpp
    real_clients/weechat.cpp
  LIBRARIES real_client_support
  PROGRAMS server sender receiver client oneroom_client
  TIMEOUT 600 # Waits for programs that nobody here can speed up, each for a minute at most.
  LABELS real_clients)
