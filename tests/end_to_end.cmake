# The suites of the real programs: everything here speaks TCP to a `server` process.
add_library(end_to_end_support STATIC
  support/certificate_files.cpp
  support/mixed_server.cpp
  support/reader_crowd.cpp
  support/server_process.cpp
  support/socket.cpp)
target_link_libraries(end_to_end_support PUBLIC confab_options confab_net test_support PRIVATE Catch2::Catch2)

set(end_to_end_programs)
foreach(program server sender receiver)
  if(TARGET ${program})
    list(APPEND end_to_end_programs ${program})
  endif()
endforeach()

set(end_to_end_suites
  admin
  cluster
  crossing
  crowds
  disconnects
  encrypted
  faults
  framed
  histories_converge
  history
  limits
  lines
  listeners
  login
  memory_bounds
  oneroom
  options
  ordering
  quota
  rooms
  seeds_scenarios
  several_loops
  shutdown
  texts
  web)
foreach(suite IN LISTS end_to_end_suites)
  confab_test(end_to_end_${suite}
    SOURCES end_to_end/${suite}.cpp
    LIBRARIES end_to_end_support
    PROGRAMS ${end_to_end_programs}
    LABELS end_to_end)
endforeach()
target_compile_definitions(end_to_end_options PRIVATE CONFAB_SOURCE_FOLDER="${PROJECT_SOURCE_DIR}")
# Nodes have certificates of an authority of their own.
target_link_libraries(end_to_end_cluster PRIVATE tls_support)

# What is promised does not depend on where a connection is served, so these run once more with
# several loops: all but `options`, which says itself how many there are, and `several_loops`.
# Catch's module tells the two discoveries of a suite apart by their arguments.
set(suites_of_any_loops ${end_to_end_suites})
list(REMOVE_ITEM suites_of_any_loops options several_loops)
foreach(suite IN LISTS suites_of_any_loops)
  catch_discover_tests(end_to_end_${suite}
    TEST_PREFIX "end_to_end_${suite} with three loops: "
    EXTRA_ARGS --order decl
    PROPERTIES
      TIMEOUT 300
      ENVIRONMENT "CONFAB_BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}"
      ENVIRONMENT_MODIFICATION "CONFAB_SERVER_OPTIONS=set:--loops 3"
      LABELS end_to_end)
endforeach()
