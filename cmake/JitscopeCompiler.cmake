# The compiler settings of the project: an interface target that every target of ours links.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib")

find_program(JITSCOPE_CCACHE ccache)
if(JITSCOPE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Two checkouts share one cache when paths are seen relative to their own root; precompiled headers need
  # the sloppiness that ccache's manual names for them.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND}" -E env "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" CCACHE_NOHASHDIR=1
      "CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime"
      "${JITSCOPE_CCACHE}")
endif()

add_library(jitscope_options INTERFACE)
target_include_directories(jitscope_options INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(jitscope_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror
  # With C++20 and -O2, GCC 12 reports these inside its own <string> and <vector>.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-stringop-overflow -Wno-array-bounds -Wno-maybe-uninitialized>)
# LibTorch is used as released: its headers differ in layout without NDEBUG. QT_NO_KEYWORDS keeps `slots`
# and `signals` free, which LibTorch's headers use as names.
target_compile_definitions(jitscope_options INTERFACE QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII)

if(JITSCOPE_SANITIZE)
  target_compile_options(jitscope_options INTERFACE "-fsanitize=${JITSCOPE_SANITIZE}"
                         -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(jitscope_options INTERFACE "-fsanitize=${JITSCOPE_SANITIZE}")
endif()
