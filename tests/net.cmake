# Sockets, without the actors.
confab_test(net_tests
  SOURCES net/listening_sockets.cpp
  LIBRARIES end_to_end_support
  LABELS net)
