# The clients `sender` and `receiver`: their parts, and the programs against a scripted server.
confab_test(clients_unit
  SOURCES clients_arguments_test.cpp clients_line_splitter_test.cpp clients_messages_test.cpp
    clients_printable_test.cpp clients_sessions_test.cpp
  LIBRARIES confab_client
  LABELS clients)
confab_test(clients_programs
  SOURCES clients_common_test.cpp clients_receiver_test.cpp clients_receiver_terminal_test.cpp
    clients_sender_test.cpp clients_sender_input_test.cpp clients_sender_terminal_test.cpp
  LIBRARIES test_support
  PROGRAMS sender receiver
  LABELS clients)
