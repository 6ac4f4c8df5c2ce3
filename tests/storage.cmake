# The history's file, without a server.
find_package(SQLite3 3.40 REQUIRED)
confab_test(storage_tests
  SOURCES
    storage/comparing.cpp
    storage/faults.cpp
    storage/faulty_vfs.cpp
    storage/opening.cpp
    storage/pages.cpp
    storage/removal.cpp
    storage/round_trip.cpp
    storage/runs.cpp
    storage/search.cpp
    storage/together.cpp
    storage/transfer.cpp
  LIBRARIES confab_storage SQLite::SQLite3 Threads::Threads
  LABELS unit)

# Prints what the history costs; built when asked for.
add_executable(storage_measure EXCLUDE_FROM_ALL storage/measure.cpp)
set_target_properties(storage_measure PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
target_link_libraries(storage_measure PRIVATE confab_options confab_storage)
