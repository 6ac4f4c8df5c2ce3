# Several nodes of a cluster, without a network.
confab_test(node_tests
  SOURCES cluster/nodes.cpp
  LIBRARIES confab_actors confab_dialects CAF::io
  PRECOMPILED actor_tests
  LABELS cluster)
