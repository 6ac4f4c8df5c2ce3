# Faults and peers that need more of the machine than sockets: skipped where it does not have them.
function(fault_test script sentence)
  add_test(NAME "faults: ${sentence}"
    COMMAND bash ${PROJECT_SOURCE_DIR}/tests/faults/${script}.sh ${CMAKE_RUNTIME_OUTPUT_DIRECTORY})
  set_tests_properties("faults: ${sentence}" PROPERTIES
    LABELS faults TIMEOUT 180 SKIP_RETURN_CODE 77 RUN_SERIAL ON)
endfunction()

fault_test(vanished_peer "a peer that vanishes without a word is found")
fault_test(prometheus_scrapes "a real Prometheus scrapes the metrics and promtool accepts them")

# Three real servers in network namespaces, and faults. Minutes long with CONFAB_LONG=1.
add_library(cluster_rules STATIC faults/cluster/rules.cpp)
target_link_libraries(cluster_rules PUBLIC confab_options)
add_executable(cluster_faults
  faults/cluster/cluster.cpp
  faults/cluster/command.cpp
  faults/cluster/crowd.cpp
  faults/cluster/injector.cpp
  faults/cluster/main.cpp
  faults/cluster/scenarios.cpp
  faults/cluster/speech.cpp)
target_link_libraries(cluster_faults PRIVATE cluster_rules)
set_target_properties(cluster_faults PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
add_dependencies(cluster_faults server)
