# Faults and peers that need more of the machine than sockets: skipped where it does not have them.
function(fault_test script sentence)
  add_test(NAME "faults: ${sentence}"
    COMMAND bash ${PROJECT_SOURCE_DIR}/tests/faults/${script}.sh ${CMAKE_RUNTIME_OUTPUT_DIRECTORY})
  set_tests_properties("faults: ${sentence}" PROPERTIES
    LABELS faults TIMEOUT 180 SKIP_RETURN_CODE 77 RUN_SERIAL ON)
endfunction()

fault_test(vanished_peer "a peer that vanishes without a word is found")
fault_test(prometheus_scrapes "a real Prometheus scrapes the metrics and promtool accepts them")
