# Headers of the standard library and of Qt, compiled once: reading them is most of what a file of the window or a
# test costs. -DJITSCOPE_PRECOMPILE=OFF shows where a file lacks an include.

option(JITSCOPE_PRECOMPILE "Precompile the headers of the standard library and of Qt" ON)

set(standard_headers
  <algorithm> <array> <chrono> <cstdint> <filesystem> <functional> <map> <memory> <optional> <set> <string> <string_view>
  <tuple> <unordered_map> <unordered_set> <utility> <variant> <vector>)
set(core_headers <QByteArray> <QDir> <QFile> <QFileInfo> <QHash> <QObject> <QPointer> <QString> <QStringList> <QTimer> <QVariant>)
set(widget_headers
  <QAbstractItemModel> <QAction> <QApplication> <QBoxLayout> <QCheckBox> <QComboBox> <QDialog> <QHeaderView> <QKeyEvent>
  <QLabel> <QLineEdit> <QMainWindow> <QMenu> <QMouseEvent> <QPainter> <QPlainTextEdit> <QPushButton> <QScrollBar>
  <QSettings> <QSortFilterProxyModel> <QTableView> <QToolButton> <QTreeView> <QWidget>)

# Compiled headers can be used only by what is compiled with the same options: programs and libraries differ in those
# for position-independent code, so programs take theirs from a program.
function(jitscope_precompile name kind)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "HEADERS;DEPENDS")
  set(target "jitscope_precompiled_${name}")
  file(CONFIGURE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/${target}.cpp" CONTENT "int main() {}\n")
  if(kind STREQUAL "PROGRAM")
    add_executable(${target} "${CMAKE_CURRENT_BINARY_DIR}/${target}.cpp")
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/precompiled")
  else()
    add_library(${target} STATIC "${CMAKE_CURRENT_BINARY_DIR}/${target}.cpp")
  endif()
  target_link_libraries(${target} PRIVATE jitscope_options ${arg_DEPENDS})
  target_precompile_headers(${target} PRIVATE ${arg_HEADERS})
endfunction()

function(jitscope_reuse_precompiled target name)
  if(TARGET jitscope_precompiled_${name})
    target_precompile_headers(${target} REUSE_FROM jitscope_precompiled_${name})
  endif()
endfunction()

if(JITSCOPE_PRECOMPILE)
  # Qt gives every test the folder it is built in, which would make each differ from all others; nothing here asks for it.
  set_property(TARGET Qt6::Test PROPERTY INTERFACE_COMPILE_DEFINITIONS QT_TESTLIB_LIB)
  jitscope_precompile(tests PROGRAM HEADERS ${standard_headers} ${core_headers} <QTest> <QSignalSpy> DEPENDS Qt6::Test)
  if(JITSCOPE_GUI)
    jitscope_precompile(widgets LIBRARY HEADERS ${standard_headers} ${core_headers} ${widget_headers} DEPENDS Qt6::Widgets)
    jitscope_precompile(widget_tests PROGRAM HEADERS ${standard_headers} ${core_headers} ${widget_headers} <QTest> <QSignalSpy>
                        <QAbstractItemModelTester> DEPENDS Qt6::Test Qt6::Widgets)
  endif()
endif()
