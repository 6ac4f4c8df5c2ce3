# The clients `sender` and `receiver`: their parts, and the programs against a scripted server.
confab_test(clients_unit
  SOURCES clients/arguments.cpp clients/line_splitter.cpp clients/messages.cpp
    clients/printable.cpp clients/sessions.cpp
  LIBRARIES confab_client
  LABELS clients)
confab_test(clients_programs
  SOURCES clients/common.cpp clients/receiver.cpp clients/receiver_terminal.cpp
    clients/sender.cpp clients/sender_input.cpp clients/sender_terminal.cpp
  LIBRARIES test_support
  PROGRAMS sender receiver
  LABELS clients)

# The chat clients `client` and `oneroom_client`, and `basic_client` with `basic_server`.
confab_test(clients_chat_unit
  SOURCES clients/basic_parts.cpp clients/chat_sessions.cpp
  LIBRARIES confab_chat_client confab_basic
  LABELS clients)
confab_test(clients_chat_programs
  SOURCES clients/chat_common.cpp clients/chat.cpp clients/chat_terminal.cpp
    clients/oneroom.cpp
  LIBRARIES test_support
  PROGRAMS client oneroom_client basic_client basic_server
  LABELS clients)
confab_test(clients_basic_programs
  SOURCES clients/basic.cpp
  LIBRARIES end_to_end_support
  PROGRAMS basic_client basic_server
  LABELS clients)
confab_test(clients_seed_scenarios
  SOURCES clients/seed_scenarios.cpp
  LIBRARIES test_support
  PROGRAMS client oneroom_client server
  LABELS clients)
