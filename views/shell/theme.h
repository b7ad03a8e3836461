// The look of the program: Qt's Fusion style with a light and a dark palette of our own.
#pragma once

#include <QPalette>

class QApplication;

namespace jitscope::views {

enum class Theme
{
    System,
    Light,
    Dark
};

// System follows the desktop as far as Qt 6.4 can tell: dark if the palette that it started with
// is.
void applyTheme(QApplication& application, Theme theme);
[[nodiscard]] QPalette palette(Theme theme);

} // namespace jitscope::views
