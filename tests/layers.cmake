# The layers between a socket and a dialect, without a socket.
find_package(OpenSSL 3.0 REQUIRED)
confab_test(layer_tests
  SOURCES
    net/layers/http_head.cpp
    net/layers/websocket_frames.cpp
    net/layers/websocket_reader.cpp
  LIBRARIES confab_layers OpenSSL::SSL OpenSSL::Crypto
  LABELS unit)
