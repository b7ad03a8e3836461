#include "core/picture/box_metrics.h"

#include "core/picture/measures.h"

#include <algorithm>
#include <cmath>

namespace jitscope::picture {

namespace {

constexpr double junctionSize = 6;

} // namespace

double BoxMetrics::headerWidth(const scene::Box& box) const
{
    double width = 2 * measure::sidePadding + m_measure.titleWidth(box.title);
    if (!box.subtitle.empty())
        width += measure::textGap + m_measure.textWidth(box.subtitle);
    if (box.canOpen() && !box.isAlwaysOpen())
        width += measure::markSize + measure::textGap / 2;
    return width;
}

layout::Size BoxMetrics::closedSize(const scene::Box& box) const
{
    if (isJunction(box))
        return {junctionSize, junctionSize};
    double width = headerWidth(box);
    double height = isPill(box) ? measure::pillHeight : measure::headerHeight;
    if (!box.rows.empty()) {
        height +=
            2 * measure::rowsPadding + measure::rowHeight * static_cast<double>(box.rows.size());
        for (const scene::Row& row : box.rows)
            width = std::max(width, 2 * measure::sidePadding + m_measure.textWidth(row.name) +
                                        measure::textGap + m_measure.textWidth(row.value));
    }
    const double ports = measure::portSpacing *
                         static_cast<double>(std::max(box.inputs.size(), box.outputs.size()) + 1);
    width = std::clamp(std::max(width, std::min(ports, measure::largestWidth)),
                       isPill(box) ? 40.0 : measure::smallestWidth, measure::largestWidth);
    return {std::ceil(width), std::ceil(height)};
}

double BoxMetrics::openWidth(const scene::Box& box) const
{
    return std::ceil(std::clamp(headerWidth(box), measure::smallestWidth, measure::largestWidth));
}

double closedPortX(double width, std::size_t index, std::size_t count)
{
    if (count <= 1)
        return width / 2;
    const double step = std::min(measure::portSpacing, width / static_cast<double>(count + 1));
    return width / 2 + step * (static_cast<double>(index) - static_cast<double>(count - 1) / 2);
}

bool isJunction(const scene::Box& box)
{
    return (box.kind == scene::BoxKind::Input || box.kind == scene::BoxKind::Output) &&
           box.title.empty();
}

bool isPill(const scene::Box& box)
{
    return box.kind == scene::BoxKind::Input || box.kind == scene::BoxKind::Output ||
           box.kind == scene::BoxKind::Reference;
}

} // namespace jitscope::picture
