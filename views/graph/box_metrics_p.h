// How large a closed box is, and where what is in it goes. May be used on any thread; one object on
// one thread. Private to views/graph.
#pragma once

#include "core/layout/layout.h"
#include "core/scene/scene.h"

#include <QFont>
#include <QFontMetricsF>

#include <array>
#include <string_view>

namespace jitscope::views {

class TextWidth
{
public:
    explicit TextWidth(const QFont& font);
    // Of UTF-8. Texts of ASCII are measured by a table, 40 times quicker than by shaping.
    [[nodiscard]] double of(std::string_view text) const;

private:
    QFontMetricsF m_metrics;
    std::array<double, 128> m_advances{};
};

class BoxMetrics
{
public:
    BoxMetrics(const QFont& titleFont, const QFont& textFont);

    [[nodiscard]] layout::Size closedSize(const scene::Box& box) const;
    // The least width of an open box, for its title bar.
    [[nodiscard]] double openWidth(const scene::Box& box) const;

private:
    [[nodiscard]] double headerWidth(const scene::Box& box) const;

    TextWidth m_title;
    TextWidth m_text;
};

// Where port `index` of `count` is on a closed box of this width, from its left edge.
[[nodiscard]] double closedPortX(double width, std::size_t index, std::size_t count);

// True for the unlabelled points through which values enter and leave the blocks of a Control.
[[nodiscard]] bool isJunction(const scene::Box& box);

[[nodiscard]] bool isPill(const scene::Box& box);

} // namespace jitscope::views
