# One static library per folder. jitscope_library(ir SOURCES graph.cpp DEPENDS jitscope::support)
# called in core/ir makes the target jitscope_core_ir with the alias jitscope::ir.

function(jitscope_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS")
  set(target "jitscope_${name}")
  add_library(${target} STATIC ${arg_SOURCES})
  add_library(jitscope::${name} ALIAS ${target})
  target_link_libraries(${target} PUBLIC jitscope_options ${arg_DEPENDS} PRIVATE ${arg_PRIVATE_DEPENDS})
  if(Qt6::Widgets IN_LIST arg_DEPENDS)
    jitscope_reuse_precompiled(${target} widgets)
  endif()
endfunction()

# A Qt Test program. jitscope_test(ir_codec SOURCES codec_test.cpp DEPENDS jitscope::ir [TIMEOUT seconds] [LABELS l])
function(jitscope_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "SOURCES;DEPENDS;LABELS;ENVIRONMENT")
  set(target "test_${name}")
  add_executable(${target} ${arg_SOURCES})
  set_target_properties(${target} PROPERTIES AUTOMOC ON
                        RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
  target_link_libraries(${target} PRIVATE jitscope_options Qt6::Test ${arg_DEPENDS})
  if(arg_DEPENDS MATCHES "jitscope::(view_(code|find|graph|model|palette|passes|shell|timeline|weights)|gui)|Qt6::Widgets")
    jitscope_reuse_precompiled(${target} widget_tests)
  elseif(NOT arg_DEPENDS MATCHES "Qt6::(Gui|Svg)|jitscope::view_icons") # a third kind, for two programs
    jitscope_reuse_precompiled(${target} tests)
  endif()
  add_test(NAME ${name} COMMAND ${target})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}"
    ENVIRONMENT "QT_QPA_PLATFORM=offscreen;JITSCOPE_SOURCE_DIR=${PROJECT_SOURCE_DIR};JITSCOPE_BIN_DIR=${PROJECT_BINARY_DIR}/bin;${arg_ENVIRONMENT}")
endfunction()
