# Every library from outside, found once. Reasons and licences: docs/dependencies.md.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tl-expected REQUIRED)
find_package(SQLiteCpp REQUIRED)
find_package(SQLite3 REQUIRED)
# The two belong together: what the compiler writes includes the header of its own version.
find_path(FlatBuffers_INCLUDE_DIR flatbuffers/flatbuffers.h REQUIRED)
find_program(FlatBuffers_COMPILER flatc REQUIRED)
pkg_check_modules(libzip REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(seccomp REQUIRED IMPORTED_TARGET libseccomp)

# The programs link it before the C library, whose malloc it takes the place of (docs/decisions/0014-allocator.md);
# the sanitizers have one of their own.
add_library(jitscope_allocator INTERFACE)
if(NOT JITSCOPE_SANITIZE)
  find_package(mimalloc REQUIRED CONFIG)
  target_link_libraries(jitscope_allocator INTERFACE mimalloc)
endif()

if(JITSCOPE_ENGINE)
  find_package(CLI11 REQUIRED)
  find_package(LibTorch 2.11.0 EXACT REQUIRED)
endif()
if(JITSCOPE_GUI)
  find_package(Qt6 6.4 REQUIRED COMPONENTS Core Gui Widgets Svg)
endif()
if(JITSCOPE_TESTS)
  find_package(Qt6 6.4 REQUIRED COMPONENTS Core Gui Widgets Test)
endif()
