#include "views/graph/box_metrics_p.h"

#include "views/graph/graph_style_p.h"

#include <QString>

#include <algorithm>
#include <cmath>

namespace jitscope::views {

namespace {

constexpr double junctionSize = 6;
constexpr double titleGap = 8; // between title and subtitle, name and value of a row

} // namespace

TextWidth::TextWidth(const QFont& font) : m_metrics(font)
{
    for (std::size_t c = 32; c < m_advances.size(); ++c)
        m_advances[c] = m_metrics.horizontalAdvance(QChar(static_cast<char16_t>(c)));
}

double TextWidth::of(std::string_view text) const
{
    double width = 0;
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        if (code >= m_advances.size())
            return m_metrics.horizontalAdvance(
                QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())));
        width += m_advances[code];
    }
    return width;
}

BoxMetrics::BoxMetrics(const QFont& titleFont, const QFont& textFont)
    : m_title(titleFont), m_text(textFont)
{}

double BoxMetrics::headerWidth(const scene::Box& box) const
{
    double width = 2 * measure::sidePadding + m_title.of(box.title);
    if (!box.subtitle.empty())
        width += titleGap + m_text.of(box.subtitle);
    if (box.canOpen() && !box.isAlwaysOpen())
        width += measure::markSize + titleGap / 2;
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
            width = std::max(width, 2 * measure::sidePadding + m_text.of(row.name) + titleGap +
                                        m_text.of(row.value));
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

} // namespace jitscope::views
