// The keys of the window, by menus, with a line to look for one.
#pragma once

class QMenuBar;
class QWidget;

namespace jitscope::views {

// Object name "keysDialog"; within it "keysFilter" and "keysTree": a group for each menu, in it the
// actions that have keys. Returns when it is closed.
void showKeys(const QMenuBar& menus, QWidget& parent);

} // namespace jitscope::views
