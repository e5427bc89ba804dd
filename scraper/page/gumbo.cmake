# The library that builds trees, as the target placer_gumbo, and how gumbo_hooks.cc gets between
# its functions.
set(PLACER_GUMBO static CACHE STRING "Where Gumbo comes from: static or shared, Debian's library")
set_property(CACHE PLACER_GUMBO PROPERTY STRINGS static shared)
if(NOT PLACER_GUMBO MATCHES "^(static|shared)$")
  message(FATAL_ERROR "PLACER_GUMBO is ${PLACER_GUMBO}; it can be static or shared")
endif()

pkg_check_modules(gumbo REQUIRED IMPORTED_TARGET gumbo)
find_library(PLACER_GUMBO_ARCHIVE libgumbo.a HINTS ${gumbo_LIBDIR})
mark_as_advanced(PLACER_GUMBO_ARCHIVE)

add_library(placer_gumbo INTERFACE)
if(PLACER_GUMBO STREQUAL "static" AND PLACER_GUMBO_ARCHIVE)
  target_include_directories(placer_gumbo SYSTEM INTERFACE ${gumbo_INCLUDE_DIRS})
  set_source_files_properties(gumbo_hooks.cc PROPERTIES COMPILE_DEFINITIONS PLACER_GUMBO_WRAPPED
                                                        SKIP_PRECOMPILE_HEADERS ON)
  target_link_options(placer_gumbo INTERFACE -Wl,--wrap=gumbo_debug -Wl,--wrap=gumbo_get_attribute)
  target_link_libraries(placer_gumbo INTERFACE ${PLACER_GUMBO_ARCHIVE})
else()
  if(PLACER_GUMBO STREQUAL "static")
    message(STATUS "No libgumbo.a: Gumbo is linked as a shared library, which is slower")
  endif()
  target_link_libraries(placer_gumbo INTERFACE PkgConfig::gumbo)
endif()
