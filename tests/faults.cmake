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
add_library(cluster_rules STATIC faults/cluster/rules.cpp faults/cluster/speech.cpp)
target_link_libraries(cluster_rules PUBLIC confab_options)
add_executable(cluster_faults
  faults/cluster/cluster.cpp
  faults/cluster/command.cpp
  faults/cluster/crowd.cpp
  faults/cluster/injector.cpp
  faults/cluster/main.cpp
  faults/cluster/onlookers.cpp
  faults/cluster/scenarios.cpp)
target_link_libraries(cluster_faults PRIVATE cluster_rules)
set_target_properties(cluster_faults PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
add_dependencies(cluster_faults server)

# cluster_faults_test(SCENARIO SENTENCE [LONG]): one kind of run. On a machine that does other things,
# too, everything may take twice as long as it should.
# LONG: only if the environment has CONFAB_LONG.
function(cluster_faults_test scenario sentence)
  set(run "exec '$<TARGET_FILE:cluster_faults>' '${CMAKE_RUNTIME_OUTPUT_DIRECTORY}' \
'${PROJECT_SOURCE_DIR}' ${scenario} patience=2 histories=1")
  if("LONG" IN_LIST ARGN)
    string(PREPEND run "[ -n \"$CONFAB_LONG\" ] || exit 77; ")
  endif()
  add_test(NAME "faults: ${sentence}" COMMAND sh -c "${run}")
  set_tests_properties("faults: ${sentence}" PROPERTIES
    LABELS "faults;cluster" TIMEOUT 1800 SKIP_RETURN_CODE 77 RUN_SERIAL ON)
endfunction()

# Not under the sanitizers, which make everything slow and large; the simulation runs there.
if(NOT CONFAB_SANITIZE)
  cluster_faults_test(killed "a node that is killed holds up nobody, and its people leave" LONG)
  cluster_faults_test(rolling
    "three nodes that are restarted in turn lose no text that was acknowledged")
  cluster_faults_test(random
    "three nodes under random faults lose no text that was acknowledged" LONG)
  cluster_faults_test(stopped
    "while a node is stopped under full load, the others stay small" LONG)
  cluster_faults_test(irssi
    "an irssi on each node comes back when the nodes are restarted in turn")
endif()

# The rules themselves, with logs that were made up.
confab_test(cluster_rules_test
  SOURCES faults/cluster/rules_test.cpp
  LIBRARIES cluster_rules
  LABELS unit)
