// Only here so that Catch2's headers are compiled once, for all suites: see tests/CMakeLists.txt.
