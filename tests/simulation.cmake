# Deterministic simulation: the real actors and gateways under a seeded scheduler, and a model that
# judges what clients see. A longer run: build/tests/simulate --seeds 1..10000
add_executable(simulate
  simulation/bounds.cpp
  simulation/bounds_service.cpp
  simulation/cables.cpp
  simulation/client.cpp
  simulation/gateway_watch.cpp
  simulation/irc_answers.cpp
  simulation/language_framed.cpp
  simulation/language_irc.cpp
  simulation/language_oneroom.cpp
  simulation/language_tagged.cpp
  simulation/loop.cpp
  simulation/main.cpp
  simulation/model.cpp
  simulation/model_bounds.cpp
  simulation/model_deliveries.cpp
  simulation/model_endings.cpp
  simulation/model_existence.cpp
  simulation/model_follow_nicks.cpp
  simulation/model_kept.cpp
  simulation/model_nicks.cpp
  simulation/model_nicks_bounds.cpp
  simulation/model_nicks_judged.cpp
  simulation/model_nicks_told.cpp
  simulation/model_nodes.cpp
  simulation/model_nodes_healed.cpp
  simulation/model_nodes_kept.cpp
  simulation/model_nodes_order.cpp
  simulation/model_nodes_rules.cpp
  simulation/model_nodes_views.cpp
  simulation/model_notices.cpp
  simulation/model_order.cpp
  simulation/model_replays.cpp
  simulation/model_replies.cpp
  simulation/model_rules.cpp
  simulation/plan.cpp
  simulation/plants.cpp
  simulation/plants_of_archive.cpp
  simulation/plants_of_directory.cpp
  simulation/plants_of_limits.cpp
  simulation/plants_of_loops.cpp
  simulation/plants_of_members.cpp
  simulation/plants_of_nodes.cpp
  simulation/plants_of_rules.cpp
  simulation/plants_of_texts.cpp
  simulation/pressure.cpp
  simulation/run.cpp
  simulation/scene.cpp
  simulation/scene_finale.cpp
  simulation/scene_nodes.cpp
  simulation/scene_restarts.cpp
  simulation/server.cpp
  simulation/server_nodes.cpp
  simulation/storage.cpp
  simulation/storage_compared.cpp
  support/simulated_carriage.cpp
  support/simulated_network.cpp)
find_package(CLI11 REQUIRED)
target_link_libraries(simulate PRIVATE confab_options confab_io confab_dialects confab_text CLI11::CLI11)
target_precompile_headers(simulate PRIVATE <caf/all.hpp> <caf/io/all.hpp>)
set_target_properties(simulate PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)

# Under the sanitizers a seed takes three times as long, and what they look for shows in few.
set(seeds 2000)
if(CONFAB_SANITIZE)
  set(seeds 500)
endif()
add_test(NAME "simulation: ${seeds} seeds keep all guarantees" COMMAND simulate --seeds 1..${seeds})
add_test(NAME "simulation: ${seeds} seeds under pressure keep all bounds"
  COMMAND simulate --pressure --seeds 1..${seeds})
add_test(NAME "simulation: ${seeds} seeds through layers keep all guarantees"
  COMMAND simulate --layers --seeds 1..${seeds})
add_test(NAME "simulation: ${seeds} seeds of several loops keep all guarantees"
  COMMAND simulate --loops --seeds 1..${seeds})
add_test(NAME "simulation: ${seeds} seeds of several nodes keep all guarantees"
  COMMAND simulate --nodes --seeds 1..${seeds})
add_test(NAME "simulation: a seed of several nodes that is run again does the same"
  COMMAND simulate --nodes --seeds 1..20 --twice)
add_test(NAME "simulation: a seed that is run again does the same"
  COMMAND simulate --seeds 1..20 --twice)
add_test(NAME "simulation: a seed of several loops that is run again does the same"
  COMMAND simulate --loops --seeds 1..20 --twice)
add_test(NAME "simulation: a seed under pressure that is run again does the same"
  COMMAND simulate --pressure --seeds 1..20 --twice)
# Seeds beyond these that have shown something wrong once.
add_test(NAME "simulation: what layers keep back is no sign of life"
  COMMAND simulate --layers --seed 3299)
add_test(NAME "simulation: a list that was cut off says nothing of rooms"
  COMMAND simulate --loops --seed 3866)
add_test(NAME "simulation: an author that hears itself is one of its readers"
  COMMAND simulate --pressure --seed 2564)
set(simulation_tests
  "simulation: what layers keep back is no sign of life"
  "simulation: a list that was cut off says nothing of rooms"
  "simulation: an author that hears itself is one of its readers"
  "simulation: ${seeds} seeds keep all guarantees"
  "simulation: ${seeds} seeds under pressure keep all bounds"
  "simulation: ${seeds} seeds through layers keep all guarantees"
  "simulation: ${seeds} seeds of several loops keep all guarantees"
  "simulation: ${seeds} seeds of several nodes keep all guarantees"
  "simulation: a seed of several nodes that is run again does the same"
  "simulation: a seed of several loops that is run again does the same"
  "simulation: a seed that is run again does the same"
  "simulation: a seed under pressure that is run again does the same")
# One run in some hundred leaves an actor of the simulation itself in memory, the one that waits for
# a node which is killed while it ends. What actors of the server leave, other rows show.
set_tests_properties("simulation: ${seeds} seeds of several nodes keep all guarantees" PROPERTIES
  ENVIRONMENT "ASAN_OPTIONS=detect_leaks=0:strict_string_checks=1:detect_stack_use_after_return=1")
foreach(plant
    reply-too-many
    lost-text-on-join
    forgotten-member
    left-behind
    text-twice
    early-reply
    unasked-echo
    late-text
    wrong-author
    lost-reply
    deaf-to-rules
    deaf-to-rules-tagged
    deaf-to-rules-framed
    deaf-to-rules-oneroom
    open-door-tagged
    open-door-framed
    open-door-oneroom
    old-name
    early-move
    told-again
    untold
    stale-roster
    lost-request
    hears-after-part
    hears-after-kick
    private-twice
    private-lost
    nick-for-two
    longer-nick
    one-connection-more
    one-room-more
    one-kept-room-more
    one-more-room-each
    one-entry-more
    one-watch-more
    one-invitation-more
    one-whowas-more
    one-whowas-less
    ok-too-early
    lost-at-failure
    kept-twice
    unbounded-unconfirmed
    replay-twice
    replay-gap
    replay-too-many
    lost-label
    lost-message
    lost-record
    number-for-two
    generous-quota
    uncut-batches
    whole-room
    small-last
    slow-rounds
    held-receipt
    unheld-authors
    no-epoch-check
    rules-stay-home
    deaf-after-heal
    nick-for-two-nodes
    link-unheard
    text-lost-between-nodes
    receipts-before-left
    forgotten-ghost
    taken-before-queued
    remote-batches-forwarded
    late-kicks-hold
    credit-unbounded
    histories-not-compared
    holes-in-histories
    take-backs-forgotten
    texts-renumbered
    asks-without-waiting
    missing-at-once
    ok-too-early-of-nodes
    late-texts-told
    quits-told-again
    runs-repeated
    no-farewell)
  add_test(NAME "simulation: finds the planted bug ${plant}"
    COMMAND simulate --seeds 1..1000 --plant ${plant} --expect-finding)
  list(APPEND planted_tests "simulation: finds the planted bug ${plant}")
endforeach()
set_tests_properties(${simulation_tests} ${planted_tests} PROPERTIES LABELS simulation TIMEOUT 900)
# A planted bug may leave actors that keep each other in memory: that is a finding, not a leak.
set_tests_properties(${planted_tests} PROPERTIES ENVIRONMENT "ASAN_OPTIONS=detect_leaks=0")
confab_test(simulation_interleavings
  SOURCES
    simulation/cables.cpp
    simulation/interleavings.cpp
    simulation/loop.cpp
    simulation/server.cpp
    simulation/server_nodes.cpp
    simulation/storage.cpp
    simulation/storage_compared.cpp
    support/simulated_carriage.cpp
    support/simulated_network.cpp
  LIBRARIES confab_io confab_dialects
  PRECOMPILED actor_tests
  LABELS simulation)
