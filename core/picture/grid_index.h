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
