// Colours and measures of the timeline, light and dark. Private to views/timeline.
#pragma once

#include "core/scene/operator_class.h"

#include <QColor>
#include <QPalette>

#include <string_view>

namespace jitscope::views {

enum class SliceColour
{
    OperatorClass,
    Module,
};

class TimelineStyle
{
public:
    // Takes what it can from the palette, and from its background whether it is light or dark.
    explicit TimelineStyle(const QPalette& palette);

    [[nodiscard]] QColor classColour(scene::OperatorClass operatorClass) const;
    // One of a few well separate colours, the same for the same text in every process.
    [[nodiscard]] QColor textColour(std::string_view text) const;
    // Black or white, whichever reads better on the colour.
    [[nodiscard]] static QColor onColour(const QColor& colour);

    QColor background;
    QColor alternate; // every other track
    QColor header;
    QColor line;
    QColor strongLine;
    QColor text;
    QColor dimText;
    QColor iteration;
    QColor warmup;
    QColor unread;
    QColor selection;
    QColor range; // translucent

private:
    bool m_isDark;
};

} // namespace jitscope::views
