// The colour of every box of a picture in one of the ways to colour, and what the colours mean.
// Private to views/graph.
#pragma once

#include "views/graph/box_times_p.h"
#include "views/graph/graph_style_p.h"
#include "views/graph/picture_p.h"

#include <QString>

#include <vector>

namespace jitscope::views {

class Colouring
{
public:
    struct Entry
    {
        QColor colour;
        QString text;
    };

    // `times` is looked at for ColourBy::Time alone, and may be null.
    Colouring(const Picture& picture, const GraphStyle& style, GraphView::ColourBy colourBy,
              const BoxTimes* times);

    [[nodiscard]] const QColor& of(std::uint32_t box) const
    {
        return m_entries[m_entryOf[box]].colour;
    }
    [[nodiscard]] const QString& title() const { return m_title; }
    // The colours that the picture uses, as a legend lists them; long lists are cut and say so.
    [[nodiscard]] const std::vector<Entry>& legend() const { return m_legend; }

private:
    using Index = std::uint8_t;

    void byClass(const Picture& picture, const GraphStyle& style);
    void byModule(const Picture& picture, const GraphStyle& style);
    void byType(const Picture& picture, const GraphStyle& style);
    void byDevice(const Picture& picture, const GraphStyle& style);
    void byTime(const Picture& picture, const GraphStyle& style, const BoxTimes* times);
    // Gives every box the entry of its text, in order of appearance; boxes with an empty text stay
    // neutral.
    template <typename TextOf>
    void byText(const Picture& picture, const GraphStyle& style, TextOf textOf);

    QString m_title;
    std::vector<Entry> m_entries; // the first is that of boxes without a colour
    std::vector<Index> m_entryOf; // by box
    std::vector<Entry> m_legend;
};

} // namespace jitscope::views
