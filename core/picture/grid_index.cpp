#include "core/picture/grid_index.h"

#include <algorithm>
#include <cmath>

namespace jitscope::picture {

namespace {

constexpr double cellSize = 600;        // pixels at 100 %; a screen shows about ten
constexpr double cellLimit = 4'000'000; // a picture of millions of pixels gets larger cells

Rect unionOf(std::span<const Rect> rects)
{
    if (rects.empty())
        return {};
    double left = rects[0].x;
    double top = rects[0].y;
    double right = rects[0].right();
    double bottom = rects[0].bottom();
    for (const Rect& rect : rects) {
        left = std::min(left, rect.x);
        top = std::min(top, rect.y);
        right = std::max(right, rect.right());
        bottom = std::max(bottom, rect.bottom());
    }
    return {left, top, right - left, bottom - top};
}

} // namespace

GridIndex::GridIndex(std::span<const Rect> bounds) : m_area(unionOf(bounds)), m_items(bounds.size())
{
    m_cell = std::max(cellSize, std::sqrt(std::max(1.0, m_area.width * m_area.height) / cellLimit));
    m_columns = std::max(1, static_cast<int>(std::ceil(m_area.width / m_cell)));
    m_rows = std::max(1, static_cast<int>(std::ceil(m_area.height / m_cell)));
    m_first.assign(static_cast<std::size_t>(m_columns) * static_cast<std::size_t>(m_rows) + 1, 0);
    const auto eachCell = [this](const Rect& rect, auto visit) {
        const auto [left, right] = columns(rect);
        const auto [top, bottom] = rows(rect);
        for (int row = top; row <= bottom; ++row) {
            for (int column = left; column <= right; ++column)
                visit(static_cast<std::size_t>(row) * static_cast<std::size_t>(m_columns) +
                      static_cast<std::size_t>(column));
        }
    };
    for (const Rect& rect : bounds)
        eachCell(rect, [this](std::size_t cell) { ++m_first[cell + 1]; });
    for (std::size_t i = 0; i + 1 < m_first.size(); ++i)
        m_first[i + 1] += m_first[i];
    m_entries.resize(m_first.back());
    std::vector<std::uint32_t> next(m_first.begin(), m_first.end());
    for (std::uint32_t item = 0; item < bounds.size(); ++item)
        eachCell(bounds[item],
                 [this, &next, item](std::size_t cell) { m_entries[next[cell]++] = item; });
}

std::pair<int, int> GridIndex::columns(const Rect& rect) const
{
    const auto column = [this](double x) {
        return static_cast<int>(
            std::clamp(std::floor((x - m_area.x) / m_cell), 0.0, m_columns - 1.0));
    };
    return {column(rect.x), column(rect.right())};
}

std::pair<int, int> GridIndex::rows(const Rect& rect) const
{
    const auto row = [this](double y) {
        return static_cast<int>(std::clamp(std::floor((y - m_area.y) / m_cell), 0.0, m_rows - 1.0));
    };
    return {row(rect.y), row(rect.bottom())};
}

void GridIndex::find(const Rect& rect, std::vector<std::uint32_t>& found,
                     std::vector<std::uint32_t>& marks) const
{
    if (m_items == 0)
        return;
    const auto [left, right] = columns(rect);
    const auto [top, bottom] = rows(rect);
    const std::size_t begin = found.size();
    const std::size_t cells =
        static_cast<std::size_t>(right - left + 1) * static_cast<std::size_t>(bottom - top + 1);
    if (cells + 1 == m_first.size()) { // everything
        for (std::uint32_t item = 0; item < m_items; ++item)
            found.push_back(item);
        return;
    }
    marks.resize(std::max(marks.size(), (m_items + 31) / 32), 0);
    (void)any(rect, [&](std::uint32_t item) {
        std::uint32_t& word = marks[item / 32];
        const std::uint32_t bit = 1U << (item % 32);
        if ((word & bit) == 0) {
            word |= bit;
            found.push_back(item);
        }
        return false;
    });
    for (std::size_t i = begin; i < found.size(); ++i)
        marks[found[i] / 32] = 0;
    std::sort(found.begin() + static_cast<std::ptrdiff_t>(begin), found.end());
}

} // namespace jitscope::picture
