# Finds libmicrohttpd (Debian: libmicrohttpd-dev), which speaks HTTP for the
# admin port. Defines the imported target LibMicroHttpd::LibMicroHttpd.
find_path(LibMicroHttpd_INCLUDE_DIR microhttpd.h)
find_library(LibMicroHttpd_LIBRARY microhttpd)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibMicroHttpd
  REQUIRED_VARS LibMicroHttpd_LIBRARY LibMicroHttpd_INCLUDE_DIR
  REASON_FAILURE_MESSAGE
    "install it with: apt-get install libmicrohttpd-dev (or run scripts/install-packages)")
mark_as_advanced(LibMicroHttpd_INCLUDE_DIR LibMicroHttpd_LIBRARY)

if(LibMicroHttpd_FOUND AND NOT TARGET LibMicroHttpd::LibMicroHttpd)
  add_library(LibMicroHttpd::LibMicroHttpd UNKNOWN IMPORTED)
  set_target_properties(LibMicroHttpd::LibMicroHttpd PROPERTIES
    IMPORTED_LOCATION ${LibMicroHttpd_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${LibMicroHttpd_INCLUDE_DIR})
endif()
