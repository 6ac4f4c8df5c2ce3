# The load generator's own tests, where it is built at all (see apps/bench/CMakeLists.txt).
if(TARGET bench_parts)
  confab_test(bench_test
    SOURCES bench/protocols.cpp bench/counting.cpp bench/kernel_queues.cpp bench/run.cpp
    LIBRARIES bench_parts
    LABELS bench)
endif()
