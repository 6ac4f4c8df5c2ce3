# The load generator's own tests, where it is built at all (see apps/bench/CMakeLists.txt).
if(TARGET bench_parts)
  confab_test(bench_test
    SOURCES bench_protocols.cpp bench_counting.cpp bench_run.cpp
    LIBRARIES bench_parts
    LABELS bench)
endif()
