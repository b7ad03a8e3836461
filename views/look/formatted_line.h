// One line of text whose parts look differently, for item delegates.
#pragma once

#include <QList>
#include <QTextLayout>

class QColor;
class QFont;
class QPainter;
class QRect;

namespace jitscope::views {

// Left in the area, centred in its height, cut off at its right. Sets the painter's clip and pen.
void drawFormattedLine(QPainter& painter, const QRect& area, const QString& text,
                       const QList<QTextLayout::FormatRange>& formats, const QFont& font,
                       const QColor& colour);

} // namespace jitscope::views
