# FindLibTorch
# ------------
# Finds LibTorch without its own CMake package (which insists on a CUDA toolkit and on nvcc whenever the
# library was built with CUDA) and makes imported targets:
#
#   LibTorch::c10          the core types
#   LibTorch::libtorch     libtorch_cpu and the headers: what the engine links
#   LibTorch::cuda         libtorch_cuda and c10_cuda, if this LibTorch has them; loaded at run time, not linked
#
# and sets LibTorch_FOUND, LibTorch_VERSION, LibTorch_ROOT, LibTorch_LIBRARY_DIR, LibTorch_HAS_CUDA.
#
# Looked for, in this order: LibTorch_ROOT or the environment variable JITSCOPE_LIBTORCH (the folder that holds
# include/ and lib/: an unpacked LibTorch zip or site-packages/torch), the cache folder that the set-up scripts
# fill, a torch that python3 can import, a system package.

set(_libtorch_hints "${LibTorch_ROOT}" "$ENV{JITSCOPE_LIBTORCH}")
set(_libtorch_cache "$ENV{HOME}/.cache")
if(DEFINED ENV{XDG_CACHE_HOME})
  set(_libtorch_cache "$ENV{XDG_CACHE_HOME}")
endif()
file(GLOB _libtorch_wheels "${_libtorch_cache}/jitscope/python/lib/python3*/site-packages/torch")
list(APPEND _libtorch_hints ${_libtorch_wheels} "${_libtorch_cache}/jitscope/libtorch/torch")

find_path(LibTorch_INCLUDE_DIR torch/csrc/jit/api/module.h
  HINTS ${_libtorch_hints} PATH_SUFFIXES include NO_DEFAULT_PATH)
if(NOT LibTorch_INCLUDE_DIR)
  execute_process(
    COMMAND python3 -c "import importlib.util as u; s = u.find_spec('torch'); print(s.submodule_search_locations[0] if s else '')"
    OUTPUT_VARIABLE _libtorch_python OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  find_path(LibTorch_INCLUDE_DIR torch/csrc/jit/api/module.h
    HINTS ${_libtorch_python} PATH_SUFFIXES include)
endif()

if(LibTorch_INCLUDE_DIR)
  get_filename_component(LibTorch_ROOT "${LibTorch_INCLUDE_DIR}" DIRECTORY)
  file(STRINGS "${LibTorch_INCLUDE_DIR}/torch/headeronly/version.h" _libtorch_version_lines
       REGEX "define TORCH_VERSION_(MAJOR|MINOR|PATCH)")
  if(NOT _libtorch_version_lines)
    file(STRINGS "${LibTorch_INCLUDE_DIR}/torch/csrc/api/include/torch/version.h" _libtorch_version_lines
         REGEX "define TORCH_VERSION_(MAJOR|MINOR|PATCH)")
  endif()
  string(REGEX REPLACE ".*MAJOR ([0-9]+).*MINOR ([0-9]+).*PATCH ([0-9]+).*" "\\1.\\2.\\3"
         LibTorch_VERSION "${_libtorch_version_lines}")
endif()

find_library(LibTorch_CPU_LIBRARY torch_cpu HINTS "${LibTorch_ROOT}/lib" NO_CMAKE_FIND_ROOT_PATH)
find_library(LibTorch_C10_LIBRARY c10 HINTS "${LibTorch_ROOT}/lib" NO_CMAKE_FIND_ROOT_PATH)
find_library(LibTorch_CUDA_LIBRARY torch_cuda HINTS "${LibTorch_ROOT}/lib" NO_CMAKE_FIND_ROOT_PATH)
find_library(LibTorch_C10_CUDA_LIBRARY c10_cuda HINTS "${LibTorch_ROOT}/lib" NO_CMAKE_FIND_ROOT_PATH)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch
  REQUIRED_VARS LibTorch_CPU_LIBRARY LibTorch_C10_LIBRARY LibTorch_INCLUDE_DIR
  VERSION_VAR LibTorch_VERSION
  REASON_FAILURE_MESSAGE "Run ./run, which installs it, or set JITSCOPE_LIBTORCH to the folder that holds include/ and lib/ of LibTorch.")

if(LibTorch_FOUND)
  set(LibTorch_HAS_CUDA FALSE)
  get_filename_component(LibTorch_LIBRARY_DIR "${LibTorch_CPU_LIBRARY}" DIRECTORY)

  if(NOT TARGET LibTorch::c10)
    add_library(LibTorch::c10 SHARED IMPORTED)
    set_target_properties(LibTorch::c10 PROPERTIES
      IMPORTED_LOCATION "${LibTorch_C10_LIBRARY}"
      INTERFACE_INCLUDE_DIRECTORIES "${LibTorch_INCLUDE_DIR};${LibTorch_INCLUDE_DIR}/torch/csrc/api/include"
      INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${LibTorch_INCLUDE_DIR};${LibTorch_INCLUDE_DIR}/torch/csrc/api/include"
      # The released libraries are built with NDEBUG; without it some of their classes have another layout.
      INTERFACE_COMPILE_DEFINITIONS "NDEBUG")
    add_library(LibTorch::libtorch SHARED IMPORTED)
    set_target_properties(LibTorch::libtorch PROPERTIES
      IMPORTED_LOCATION "${LibTorch_CPU_LIBRARY}"
      INTERFACE_LINK_LIBRARIES "LibTorch::c10"
      # Its own needs (libgomp, libcudart, libcupti) are found by its run path when the program starts.
      INTERFACE_LINK_OPTIONS "LINKER:--allow-shlib-undefined")
  endif()
  if(LibTorch_CUDA_LIBRARY AND LibTorch_C10_CUDA_LIBRARY)
    set(LibTorch_HAS_CUDA TRUE)
    if(NOT TARGET LibTorch::cuda)
      add_library(LibTorch::cuda SHARED IMPORTED)
      set_target_properties(LibTorch::cuda PROPERTIES IMPORTED_LOCATION "${LibTorch_CUDA_LIBRARY}")
    endif()
  endif()
endif()
mark_as_advanced(LibTorch_INCLUDE_DIR LibTorch_CPU_LIBRARY LibTorch_C10_LIBRARY LibTorch_CUDA_LIBRARY
                 LibTorch_C10_CUDA_LIBRARY)
