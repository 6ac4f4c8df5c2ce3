# The load generator's own tests, where it is built at all (see apps/bench/CMakeLists.txt).
if(TARGET bench_parts)
  confab_test(bench_test
    SOURCES
      bench/client_layers.cpp
      bench/counting.cpp
      bench/kernel_queues.cpp
      bench/protocols.cpp
      bench/run.cpp
      support/certificates.cpp
    LIBRARIES bench_parts OpenSSL::SSL OpenSSL::Crypto
    LABELS bench)
endif()
