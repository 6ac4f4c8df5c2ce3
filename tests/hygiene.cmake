# Checks of the sources themselves. Each script can also check itself: with
# --self-test it must find what it looks for in samples that it makes.
# hygiene_test(SCRIPT SENTENCE [argument...])
function(hygiene_test script sentence)
  add_test(NAME "hygiene: ${sentence}"
    COMMAND bash ${PROJECT_SOURCE_DIR}/tests/hygiene/${script}.sh ${ARGN})
  add_test(NAME "hygiene: the check of '${sentence}' can fail"
    COMMAND bash ${PROJECT_SOURCE_DIR}/tests/hygiene/${script}.sh --self-test)
  set_tests_properties(
    "hygiene: ${sentence}" "hygiene: the check of '${sentence}' can fail"
    PROPERTIES LABELS hygiene TIMEOUT 600)
endfunction()

hygiene_test(no_locks "our code has no lock and no atomic" ${PROJECT_SOURCE_DIR})
if(NOT CONFAB_SANITIZE)  # The sanitizers add globals of their own.
  hygiene_test(no_mutable_globals "our object files hold no mutable global" ${PROJECT_BINARY_DIR}
    ${PROJECT_SOURCE_DIR})
endif()
hygiene_test(includes_point_one_way "includes point one way" ${PROJECT_SOURCE_DIR})
hygiene_test(links_resolve "links in the documents point to files that exist" ${PROJECT_SOURCE_DIR})
hygiene_test(certificates_are_made "scripts/make-certificate makes what it promises" ${PROJECT_SOURCE_DIR})
hygiene_test(test_names_arrive "the names of tests arrive at Catch2 as they are" ${PROJECT_SOURCE_DIR})
