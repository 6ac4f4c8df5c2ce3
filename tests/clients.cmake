# The clients: their parts, and the programs against a scripted server. The folders mirror
# apps/clients/.
confab_test(clients_unit
  SOURCES clients/common/arguments.cpp clients/common/line_queue.cpp
    clients/tagged/messages.cpp clients/tagged/sessions.cpp
    clients/conversation/sessions.cpp clients/basic/parts.cpp
  LIBRARIES confab_tagged_client confab_framed_client confab_oneroom_client confab_basic_client
  LABELS clients)

confab_test(clients_tagged
  SOURCES clients/tagged/invocation.cpp clients/tagged/receiver.cpp
    clients/tagged/receiver_terminal.cpp clients/tagged/sender.cpp
    clients/tagged/sender_input.cpp clients/tagged/sender_terminal.cpp
  LIBRARIES test_support
  PROGRAMS sender receiver
  LABELS clients)

confab_test(clients_conversation
  SOURCES clients/conversation/invocation.cpp clients/conversation/terminal.cpp
    clients/framed/client.cpp clients/oneroom/client.cpp
  LIBRARIES test_support
  PROGRAMS client oneroom_client basic_client basic_server
  LABELS clients)

confab_test(clients_tls
  SOURCES clients/common/record_bounds.cpp clients/common/tls_connection.cpp
    clients/common/tls_handshake.cpp clients/common/tls_options.cpp
    clients/common/tls_refusals.cpp clients/conversation/slow_server.cpp
    clients/conversation/tls.cpp clients/tagged/tls.cpp
  LIBRARIES confab_client_conversation tls_support OpenSSL::SSL
  PROGRAMS sender receiver client oneroom_client basic_client
  LABELS clients)

confab_test(clients_basic
  SOURCES clients/basic/programs.cpp
  LIBRARIES end_to_end_support
  PROGRAMS basic_client basic_server
  LABELS clients)

# With the real server: the scenarios of the course documents.
confab_test(clients_scenarios
  SOURCES clients/conversation/scenarios.cpp
  LIBRARIES test_support
  PROGRAMS client oneroom_client server
  LABELS clients)

confab_test(clients_terminal_safety
  SOURCES clients/common/terminal_safety.cpp
  LIBRARIES test_support
  PROGRAMS sender receiver client oneroom_client
  LABELS clients)
