#include "views/look/formatted_line.h"

#include <QPainter>
#include <QTextOption>

namespace jitscope::views {

void drawFormattedLine(QPainter& painter, const QRect& area, const QString& text,
                       const QList<QTextLayout::FormatRange>& formats, const QFont& font,
                       const QColor& colour)
{
    QTextLayout layout(text, font, painter.device());
    layout.setFormats(formats);
    QTextOption wrap;
    wrap.setWrapMode(QTextOption::NoWrap);
    layout.setTextOption(wrap);
    layout.beginLayout();
    QTextLine line = layout.createLine();
    line.setLineWidth(area.width());
    layout.endLayout();
    painter.setClipRect(area);
    painter.setPen(colour);
    layout.draw(&painter, QPointF(area.left(), area.top() + (area.height() - line.height()) / 2));
}

} // namespace jitscope::views
