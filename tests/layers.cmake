# The layers between a socket and a dialect, without a socket.
find_package(OpenSSL 3.0 REQUIRED)
confab_test(layer_tests
  SOURCES
    net/layers/http_head.cpp
    net/layers/layer_stack.cpp
    net/layers/proxy_header.cpp
    net/layers/tls_layer.cpp
    net/layers/tls_loading.cpp
    net/layers/tls_memory.cpp
    net/layers/tls_raw_client.cpp
    net/layers/tls_refusals.cpp
    net/layers/web_layer.cpp
    net/layers/web_site.cpp
    net/layers/websocket_frames.cpp
    net/layers/websocket_reader.cpp
  LIBRARIES tls_support OpenSSL::SSL OpenSSL::Crypto
  LABELS unit)
