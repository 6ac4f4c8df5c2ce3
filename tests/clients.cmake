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

# The chat clients `client` and `oneroom_client`, and `basic_client` with `basic_server`.
confab_test(clients_chat_unit
  SOURCES clients_basic_parts_test.cpp clients_chat_sessions_test.cpp
  LIBRARIES confab_chat_client confab_basic
  LABELS clients)
confab_test(clients_chat_programs
  SOURCES clients_chat_common_test.cpp clients_chat_test.cpp clients_chat_terminal_test.cpp
    clients_oneroom_test.cpp
  LIBRARIES test_support
  PROGRAMS client oneroom_client basic_client basic_server
  LABELS clients)
confab_test(clients_basic_programs
  SOURCES clients_basic_test.cpp
  LIBRARIES end_to_end_support
  PROGRAMS basic_client basic_server
  LABELS clients)
confab_test(clients_seed_scenarios
  SOURCES clients_seed_scenarios_test.cpp
  LIBRARIES test_support
  PROGRAMS client oneroom_client server
  LABELS clients)
