# Turns files into one .cpp that holds them: their bytes, a gzip copy, an ETag, the type.
#
#   cmake -DFOLDER=page -DFILES=a.html,b.js -DFUNCTION=embedded_page -DOUT=page.cpp -P EmbedPage.cmake
#
# The same files make the same bytes, whatever the time and the folder. Hexadecimal digits are cut
# and never matched with ^: before CMake 4.1, REGEX REPLACE matches that again behind each match.
cmake_minimum_required(VERSION 3.25)

set(type_html "text/html\\; charset=utf-8")
set(type_css "text/css\\; charset=utf-8")
set(type_js "text/javascript\\; charset=utf-8")
set(type_svg "image/svg+xml")

find_program(GZIP_PROGRAM gzip REQUIRED)

# An initialiser with the bytes of a file; their number goes into size_variable.
function(bytes_of file result size_variable)
  file(READ "${file}" digits HEX)
  string(LENGTH "${digits}" length)
  math(EXPR size "${length} / 2")
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${digits}")
  string(REPEAT "." 112 row) # 16 bytes
  string(REGEX REPLACE "(${row})" "\\1\n" bytes "${bytes}")
  set(${result} "${bytes}" PARENT_SCOPE)
  set(${size_variable} ${size} PARENT_SCOPE)
endfunction()

string(REPLACE "," ";" files "${FILES}")
set(arrays "")
set(rows "")
set(number 0)
foreach(name IN LISTS files)
  string(REGEX MATCH "[^.]*$" kind "${name}")
  if(NOT DEFINED type_${kind})
    message(FATAL_ERROR "${name}: the type of such files is not known to EmbedPage.cmake")
  endif()
  set(file "${FOLDER}/${name}")
  file(SHA256 "${file}" hash)
  string(SUBSTRING "${hash}" 0 32 hash)
  set(packed "${OUT}.gz")
  execute_process(COMMAND "${GZIP_PROGRAM}" -n -9 -c "${file}"
    OUTPUT_FILE "${packed}" RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "${name}: gzip fails (${failed})")
  endif()
  bytes_of("${file}" plain_bytes plain_size)
  bytes_of("${packed}" gzip_bytes gzip_size)
  if(plain_size EQUAL 0)
    message(FATAL_ERROR "${name} is empty")
  endif()
  string(APPEND arrays
    "constexpr char plain_${number}[] = {\n${plain_bytes}};\n"
    "constexpr char gzip_${number}[] = {\n${gzip_bytes}};\n")
  string(APPEND rows
    "    {\"/${name}\", \"${type_${kind}}\", \"\\\"${hash}\\\"\",\n"
    "     view(plain_${number}), view(gzip_${number})},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(REMOVE "${packed}")
string(REPLACE "\\;" ";" rows "${rows}")

file(WRITE "${OUT}" "// Made by EmbedPage.cmake.
#include \"apps/server/page/embedded_page.hpp\"

namespace confab::server {

namespace {

${arrays}
template <std::size_t Size>
constexpr std::string_view view(const char (&bytes)[Size]) {
  return {bytes, Size};
}

}  // namespace

std::span<const embedded_file> ${FUNCTION}() {
  static constexpr embedded_file files[] = {
${rows}  };
  return files;
}

}  // namespace confab::server
")
