# The libFuzzer targets: scripts/run-fuzzers builds and runs them (preset fuzz; needs clang++).
if(CONFAB_FUZZ)
  # All of our code is instrumented, so that the fuzzer sees where its inputs lead.
  target_compile_options(confab_options INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(confab_options INTERFACE -fsanitize=fuzzer-no-link)

  add_library(fuzz_support STATIC
    fuzz/decoding.cpp
    fuzz/lines.cpp
    support/certificates.cpp
    support/miniature_server.cpp
    support/strict_reader.cpp)
  target_link_libraries(fuzz_support
    PUBLIC confab_options confab_tagged_client confab_dialects confab_layers confab_text
      OpenSSL::SSL OpenSSL::Crypto)

  # Each is one file in fuzz/, with its first inputs in fuzz/corpus/.
  add_custom_target(fuzzers)
  foreach(name
      framed_decoder
      frame_reader
      http_head
      irc_decoder
      irc_mask
      irc_message
      irc_mode_changes
      irc_relayed_text
      line_reader
      oneroom_decoder
      printable
      proxy_header
      receiver_lines
      sender_replies
      tagged_decoder
      tls_layer
      web_layer
      websocket_reader
      wire_message)
    add_executable(fuzz_${name} fuzz/${name}.cpp fuzz/entry.cpp)
    set_target_properties(fuzz_${name} PROPERTIES
      OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/fuzzers)
    target_link_libraries(fuzz_${name} PRIVATE fuzz_support)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    add_dependencies(fuzzers fuzz_${name})
  endforeach()
  # Only this file of the actors: none of them is run here.
  target_sources(fuzz_wire_message PRIVATE ../actors/cluster/wire_codec.cpp)
  target_link_libraries(fuzz_wire_message PRIVATE confab_model CAF::core)
endif()
