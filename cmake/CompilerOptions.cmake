# What every target of this project is compiled and linked with.
#
# confab_options: link to it (PRIVATE) to get the warnings, the hardening and,
# when asked for, the sanitizers.
add_library(confab_options INTERFACE)

target_include_directories(confab_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(confab_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
if(CONFAB_WERROR)
  target_compile_options(confab_options INTERFACE -Werror)
endif()

# A hardened build is the default. FORTIFY needs an optimised build, and a
# sanitized build checks more than FORTIFY does.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
include(CheckPIESupported)
check_pie_supported()
target_compile_options(confab_options INTERFACE -fstack-protector-strong)
target_link_options(confab_options INTERFACE -Wl,-z,relro,-z,now)
if(CONFAB_SANITIZE)
  target_compile_options(confab_options INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
    -fno-sanitize=vptr)  # It needs a free descriptor, and some tests leave none.
  target_link_options(confab_options INTERFACE -fsanitize=address,undefined)
elseif(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  target_compile_options(confab_options INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
