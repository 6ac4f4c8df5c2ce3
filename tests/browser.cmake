# The page of the chat in a real browser, served by the real server. Without a browser the tests
# are skipped.
find_package(nlohmann_json REQUIRED)

add_library(browser_support STATIC
  browser/browser.cpp
  browser/browser_tab.cpp
  browser/chat_page.cpp)
target_link_libraries(browser_support
  PUBLIC confab_options end_to_end_support nlohmann_json::nlohmann_json
  PRIVATE Catch2::Catch2)

# Pictures of the page, for people to look at.
target_compile_definitions(browser_support PRIVATE
  CONFAB_PICTURES="${PROJECT_BINARY_DIR}/pictures")

confab_test(browser
  SOURCES
    browser/conversations.cpp
    browser/everybody.cpp
    browser/looks.cpp
    browser/rooms_page.cpp
  LIBRARIES browser_support real_client_support
  PROGRAMS server
  TIMEOUT 600
  LABELS browser)

# A browser at each of three nodes that are restarted under load. Not under the sanitizers, where a
# restart takes longer than anybody would wait.
if(NOT CONFAB_SANITIZE)
  confab_test(browser_cluster
    SOURCES browser/rolling_restart.cpp
    LIBRARIES browser_support
    PROGRAMS server
    TIMEOUT 600
    LABELS browser cluster)
endif()

target_compile_definitions(browser PRIVATE
  CONFAB_BROWSER_TESTS="${CMAKE_CURRENT_SOURCE_DIR}/browser")
