// Which rectangles touch which square of the plane. Immutable; may be asked on any thread.
#pragma once

#include "core/picture/drawing.h"

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace jitscope::picture {

class GridIndex
{
public:
    GridIndex() = default;
    explicit GridIndex(std::span<const Rect> bounds);
    // Appends each item whose bounds may touch the rectangle, once, in order. `marks` is scratch of
    // the caller.
    void find(const Rect& rect, std::vector<std::uint32_t>& found,
              std::vector<std::uint32_t>& marks) const;
    // Whether `test` says so of an item whose bounds may touch the rectangle. An item may be asked
    // more than once, in any order.
    template <typename Test>
    [[nodiscard]] bool any(const Rect& rect, const Test& test) const
    {
        if (m_items == 0)
            return false;
        const auto [left, right] = columns(rect);
        const auto [top, bottom] = rows(rect);
        for (int row = top; row <= bottom; ++row) {
            for (int column = left; column <= right; ++column) {
                const std::size_t cell =
                    static_cast<std::size_t>(row) * static_cast<std::size_t>(m_columns) +
                    static_cast<std::size_t>(column);
                for (std::uint32_t e = m_first[cell]; e < m_first[cell + 1]; ++e) {
                    if (test(m_entries[e]))
                        return true;
                }
            }
        }
        return false;
    }

private:
    [[nodiscard]] std::pair<int, int> columns(const Rect& rect) const;
    [[nodiscard]] std::pair<int, int> rows(const Rect& rect) const;

    Rect m_area;
    double m_cell = 1;
    int m_columns = 0;
    int m_rows = 0;
    std::size_t m_items = 0;
    std::vector<std::uint32_t> m_first;
    std::vector<std::uint32_t> m_entries;
};

} // namespace jitscope::picture
