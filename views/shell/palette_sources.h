// What the command palette of the window offers: the actions of its menus, passes, stages and
// recent files, modules and methods, nodes, lines of source.
#pragma once

#include "views/palette/palette_item.h"
#include "views/shell/document_page.h"
#include "views/shell/recent_files.h"

#include <functional>
#include <vector>

class QMenuBar;

namespace jitscope::views {

// Outlives the palette.
struct PaletteContext
{
    const QMenuBar& menus;
    const RecentFiles& recent;
    std::function<DocumentPage&()> page; // the current one
    std::function<void(const QString& path)> openFile;
    std::function<void(const QString& module, const QString& method)> showMethod;
    std::function<void(const QString& text)> find;
};

[[nodiscard]] std::vector<PaletteSource> paletteSources(PaletteContext context);

} // namespace jitscope::views
