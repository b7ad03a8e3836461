#include "core/timeline/time_axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace jitscope::timeline {

namespace {

struct Unit
{
    std::int64_t nanoseconds;
    std::string_view name;
};

constexpr std::array<Unit, 4> units = {
    {{1, "ns"}, {1'000, "\u00b5s"}, {1'000'000, "ms"}, {1'000'000'000, "s"}}};

const Unit& unitFor(double nanoseconds)
{
    std::size_t unit = 0;
    while (unit + 1 < units.size() &&
           nanoseconds >= static_cast<double>(units[unit + 1].nanoseconds))
        ++unit;
    return units[unit];
}

struct Step
{
    std::int64_t major;
    std::int64_t minor;
};

// The smallest step of 1, 2 or 5 times a power of ten that is not below `atLeast`.
Step stepFor(double atLeast)
{
    for (std::int64_t power = 1; power <= 1'000'000'000'000'000'000; power *= 10) {
        for (const std::int64_t digit : {1, 2, 5}) {
            const std::int64_t major = digit * power;
            if (static_cast<double>(major) >= atLeast)
                return {major, std::max<std::int64_t>(1, digit == 2 ? major / 4 : major / 5)};
        }
        if (power == 1'000'000'000'000'000'000)
            break;
    }
    return {5'000'000'000'000'000'000, 1'000'000'000'000'000'000};
}

// A time as a mark: all marks of one axis have the unit of the axis' end and as many decimals as
// the step needs.
std::string tickText(std::int64_t time, std::int64_t step, double furthest)
{
    const Unit& unit = unitFor(furthest);
    const double value = static_cast<double>(time) / static_cast<double>(unit.nanoseconds);
    int decimals = 0;
    for (std::int64_t part = unit.nanoseconds; part > step && decimals < 9; part /= 10)
        ++decimals;
    return fmt::format("{:.{}f} {}", value, decimals, unit.name);
}

std::int64_t floorTo(std::int64_t value, std::int64_t step)
{
    const std::int64_t rest = value % step;
    return value - (rest < 0 ? rest + step : rest);
}

} // namespace

std::vector<Tick> ticks(TimeRange range, std::int64_t origin, double resolution, double spacing)
{
    std::vector<Tick> result;
    if (range.end <= range.start || !(resolution > 0) || !(spacing >= 1))
        return result;
    const Step step = stepFor(resolution * spacing);
    const std::int64_t from = range.start - origin;
    const std::int64_t to = range.end - origin;
    const double furthest =
        std::max(std::abs(static_cast<double>(from)), std::abs(static_cast<double>(to)));
    for (std::int64_t time = floorTo(from, step.major); time <= to; time += step.minor) {
        if (time < from)
            continue;
        const bool isMajor = floorTo(time, step.major) == time;
        result.push_back(
            {origin + time, isMajor ? tickText(time, step.major, furthest) : std::string()});
    }
    return result;
}

std::string durationText(std::int64_t nanoseconds)
{
    const auto magnitude = std::abs(static_cast<double>(nanoseconds));
    const Unit& unit = unitFor(magnitude);
    if (unit.nanoseconds == 1)
        return fmt::format("{} ns", nanoseconds);
    const double value = static_cast<double>(nanoseconds) / static_cast<double>(unit.nanoseconds);
    const double size = std::abs(value);
    const int decimals = size < 10 ? 3 : size < 100 ? 2 : size < 1000 ? 1 : 0;
    return fmt::format("{:.{}f} {}", value, decimals, unit.name);
}

} // namespace jitscope::timeline
