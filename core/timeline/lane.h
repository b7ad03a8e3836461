// One row of slices that do not overlap, and the question that drawing asks of it: what is to be
// seen between two times at so many nanoseconds a pixel. The answer has at most two boxes a pixel,
// found by search and not by scan, so a lane of millions costs what its picture costs. Immutable;
// any thread may read it.
#pragma once

#include "core/timeline/slice.h"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace jitscope::timeline {

// One slice that is at least a pixel wide, or all slices that begin within one pixel.
struct Box
{
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::int64_t busy = 0;   // nanoseconds that its slices cover
    std::size_t first = 0;   // index of its first slice
    std::size_t count = 1;   // how many slices it stands for
    std::size_t longest = 0; // index of its longest slice
};

class Lane
{
public:
    Lane() = default;
    // In order of start, each beginning where the one before has ended or later.
    explicit Lane(std::vector<Slice> slices);

    [[nodiscard]] std::span<const Slice> slices() const { return m_slices; }

    // Appends the boxes of [from, to), in order. `resolution` is the width of a pixel in
    // nanoseconds, above 0.
    void boxes(TimeRange range, double resolution, std::vector<Box>& boxes) const;

    // The slice in which the time lies, else the nearest within `tolerance` nanoseconds.
    [[nodiscard]] std::optional<std::size_t> at(std::int64_t time, std::int64_t tolerance) const;

private:
    struct Summary
    {
        std::int64_t busy = 0;
        std::uint32_t longest = 0;
    };

    void extend(Box& box, std::size_t first, std::size_t last) const;
    void take(Box& box, const Summary& summary) const;
    [[nodiscard]] Summary summaryOf(std::size_t index) const;

    std::vector<Slice> m_slices;
    std::vector<std::vector<Summary>> m_levels; // level k: groups of fanOut^(k+1) slices
};

} // namespace jitscope::timeline
