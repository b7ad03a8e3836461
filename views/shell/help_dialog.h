// How to use the program: the page resources/help/help.md, which is in the program itself.
#pragma once

class QWidget;

namespace jitscope::views {

// Object name "helpDialog"; within it "helpText". One at a time, beside the window.
void showHelp(QWidget& window);

} // namespace jitscope::views
