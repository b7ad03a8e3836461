// Paints boxes in full, in the plane of the picture. Private to views/graph.
#pragma once

#include "views/graph/graph_style_p.h"
#include "views/graph/picture_p.h"
#include "views/graph/text_width_p.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QStaticText>

#include <string>
#include <unordered_map>

namespace jitscope::views {

class BoxPainter
{
public:
    // `style` must outlive it; make another when its fonts have changed.
    explicit BoxPainter(const GraphStyle& style);

    void paintOpen(QPainter& painter, const PictureBox& drawn, const QColor& colour) const;
    void paintClosed(QPainter& painter, const PictureBox& drawn, const QColor& colour) const;
    void paintPill(QPainter& painter, const PictureBox& drawn) const;
    // A line of small text, shortened to the rectangle's width, in the painter's pen.
    void paintText(QPainter& painter, const QRectF& rect, std::string_view text) const;

private:
    struct Letters
    {
        explicit Letters(const QFont& f);
        [[nodiscard]] const QStaticText& textOf(const std::string& text) const;
        QFont font;
        TextWidth width;
        QFontMetricsF metrics;
        double top = 0; // of a line, above its middle
        // Texts that were laid out, by what they say; the same few are drawn again and again.
        mutable std::unordered_map<std::string, QStaticText> texts;
    };

    void paintHeader(QPainter& painter, const QRectF& header, const scene::Box& box,
                     bool isOpen) const;
    void paintRows(QPainter& painter, const QRectF& area, const scene::Box& box) const;
    void paintSheets(QPainter& painter, const QRectF& rect, const QColor& colour) const;
    double drawText(QPainter& painter, const Letters& letters, const QRectF& rect,
                    std::string_view text, Qt::Alignment alignment) const;

    const GraphStyle& m_style;
    Letters m_title;
    Letters m_text;
};

// `a` with a share of `b`.
[[nodiscard]] QColor blend(const QColor& a, const QColor& b, double share);

} // namespace jitscope::views
