find_package(SQLite3 3.40 REQUIRED)
# Several nodes of a cluster, without a network.
confab_test(node_tests
  SOURCES cluster/catching_up.cpp cluster/chaos.cpp cluster/histories.cpp cluster/nodes.cpp
    cluster/patience.cpp
  LIBRARIES confab_actors confab_dialects confab_storage SQLite::SQLite3 CAF::io
  PRECOMPILED actor_tests
  LABELS cluster)

# Prints how long a handler takes at most when many clients come or go; built when asked for.
add_executable(cluster_measure EXCLUDE_FROM_ALL cluster/measure.cpp)
set_target_properties(cluster_measure PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
target_link_libraries(cluster_measure
  PRIVATE confab_options confab_actors confab_dialects confab_storage SQLite::SQLite3 CAF::io)

# Several nodes: what crosses between them, and how they find each other.
confab_test(cluster_tests
  SOURCES
    cluster/dial_plan.cpp
    cluster/link_metrics.cpp
    cluster/options.cpp
    cluster/small_parts.cpp
    cluster/wire_round_trip.cpp
  LIBRARIES confab_server confab_io tls_support CLI11::CLI11
  PRECOMPILED support/catch.hpp <caf/all.hpp> <caf/io/all.hpp>
  LABELS unit)

# With real links, over loopback.
confab_test(cluster_links
  SOURCES
    cluster/encrypted_links.cpp
    cluster/faults.cpp
    cluster/hostile.cpp
    cluster/links.cpp
    cluster/node.cpp
  LIBRARIES confab_io tls_support OpenSSL::SSL OpenSSL::Crypto
  PRECOMPILED support/catch.hpp <caf/all.hpp> <caf/io/all.hpp>
  LABELS net)
