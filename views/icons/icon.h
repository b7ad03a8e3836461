// The program's own icons: resources/icons/<name>.svg, drawn in the colour of the text they stand
// beside. `currentColor` in a file becomes that colour, so one file serves the light and the dark
// palette, and a change of palette needs no new icon.
#pragma once

#include <QIcon>
#include <QString>
#include <QStringList>

namespace jitscope::views {

// A null icon when there is none of that name. UI thread only.
[[nodiscard]] QIcon icon(const QString& name);

// The names of all icons, in order.
[[nodiscard]] QStringList iconNames();

} // namespace jitscope::views
