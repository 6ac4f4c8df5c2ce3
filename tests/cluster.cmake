# Several nodes: what crosses between them, and how they find each other.
confab_test(cluster_tests
  SOURCES
    cluster/wire_round_trip.cpp
  LIBRARIES confab_actors CAF::io
  PRECOMPILED support/catch.hpp <caf/all.hpp> <caf/io/all.hpp>
  LABELS unit)
