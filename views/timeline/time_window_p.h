// The part of time that the canvas shows: where it begins and how long a pixel is. Private to
// views/timeline.
#pragma once

#include "core/timeline/slice.h"

#include <algorithm>
#include <cmath>

namespace jitscope::views {

class TimeWindow
{
public:
    // Closest: ten pixels a nanosecond, which is the unit of the recordings.
    static constexpr double closestResolution = 0.1;
    // Room left and right of what is fitted, as a share of it.
    static constexpr double margin = 0.01;

    // All that can be shown; the window stays near it.
    void setBounds(timeline::TimeRange bounds) { m_bounds = bounds; }
    [[nodiscard]] timeline::TimeRange bounds() const { return m_bounds; }
    void setWidth(int pixels)
    {
        m_width = std::max(1, pixels);
        keepInBounds();
    }
    [[nodiscard]] int width() const { return m_width; }

    [[nodiscard]] double resolution() const { return m_resolution; } // nanoseconds in one pixel
    [[nodiscard]] timeline::TimeRange range() const { return {timeAt(0), timeAt(m_width) + 1}; }
    [[nodiscard]] double xOf(std::int64_t time) const
    {
        return (static_cast<double>(time - m_bounds.start) - m_offset) / m_resolution;
    }
    [[nodiscard]] std::int64_t timeAt(double x) const
    {
        return m_bounds.start + std::llround(m_offset + x * m_resolution);
    }

    void fit() { show(m_bounds); }
    void show(timeline::TimeRange range)
    {
        const double duration = std::max<double>(1, static_cast<double>(range.duration()));
        m_resolution = clamped(duration * (1 + 2 * margin) / m_width);
        const double middle = static_cast<double>(range.start - m_bounds.start) + duration / 2;
        m_offset = middle - m_resolution * m_width / 2;
        keepInBounds();
    }
    void pan(double pixels)
    {
        m_offset += pixels * m_resolution;
        keepInBounds();
    }
    // The time under `x` stays there. Above 1 is closer.
    void zoom(double factor, double x)
    {
        const double time = m_offset + x * m_resolution;
        m_resolution = clamped(m_resolution / factor);
        m_offset = time - x * m_resolution;
        keepInBounds();
    }
    void centre(std::int64_t time)
    {
        m_offset = static_cast<double>(time - m_bounds.start) - m_resolution * m_width / 2;
        keepInBounds();
    }

    // For a scroll bar: where the window begins and how much of all it is, as shares of all.
    [[nodiscard]] double position() const { return (m_offset + room()) / extent(); }
    [[nodiscard]] double share() const { return std::min(1.0, m_resolution * m_width / extent()); }
    void setPosition(double position)
    {
        m_offset = position * extent() - room();
        keepInBounds();
    }

private:
    [[nodiscard]] double duration() const
    {
        return std::max<double>(1, static_cast<double>(m_bounds.duration()));
    }
    [[nodiscard]] double room() const { return duration() * margin; }
    [[nodiscard]] double extent() const { return duration() + 2 * room(); }
    [[nodiscard]] double clamped(double resolution) const
    {
        const double furthest = std::max(closestResolution, extent() / m_width);
        return std::clamp(resolution, closestResolution, furthest);
    }
    void keepInBounds()
    {
        m_resolution = clamped(m_resolution);
        const double last = std::max(-room(), duration() + room() - m_resolution * m_width);
        m_offset = std::clamp(m_offset, -room(), last);
    }

    timeline::TimeRange m_bounds;
    double m_offset = 0; // nanoseconds from the beginning of the bounds to the left edge
    double m_resolution = 1;
    int m_width = 1;
};

} // namespace jitscope::views
