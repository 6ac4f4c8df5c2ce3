# The page of the chat in a real browser, served by the real server. Without a browser the tests
# are skipped: they print 'skipped here: ..' and CTest counts them as skipped.
find_package(nlohmann_json REQUIRED)

add_library(browser_support STATIC
  browser/browser.cpp
  browser/browser_tab.cpp
  browser/chat_page.cpp)
target_link_libraries(browser_support
  PUBLIC confab_options end_to_end_support nlohmann_json::nlohmann_json
  PRIVATE Catch2::Catch2)

confab_test_suite(browser_tests
  SOURCES browser/conversations.cpp browser/looks.cpp
  LIBRARIES browser_support)
target_compile_definitions(browser_tests PRIVATE
  CONFAB_BROWSER_TESTS="${CMAKE_CURRENT_SOURCE_DIR}/browser")
add_dependencies(browser_tests server)
catch_discover_tests(browser_tests
  TEST_PREFIX "browser: "
  PROPERTIES
    TIMEOUT 300
    ENVIRONMENT "CONFAB_BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}"
    SKIP_REGULAR_EXPRESSION "skipped here: "
    LABELS browser)
