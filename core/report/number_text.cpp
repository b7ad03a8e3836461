#include "core/report/number_text_p.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace jitscope::report {

namespace {

constexpr double thousand = 1000;

// "1.2", "12.3", "123": three digits that count.
std::string threeDigits(double value)
{
    return value >= 100  ? fmt::format("{:.0f}", value)
           : value >= 10 ? fmt::format("{:.1f}", value)
                         : fmt::format("{:.2f}", value);
}

} // namespace

std::string grouped(std::uint64_t number)
{
    std::string text = std::to_string(number);
    for (auto i = static_cast<std::ptrdiff_t>(text.size()) - 3; i > 0; i -= 3)
        text.insert(static_cast<std::size_t>(i), ",");
    return text;
}

std::string bytesText(std::uint64_t bytes)
{
    static constexpr std::array units = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= thousand && unit + 1 < units.size()) {
        value /= thousand;
        ++unit;
    }
    return unit == 0 ? fmt::format("{} B", bytes)
                     : fmt::format("{} {}", threeDigits(value), units.at(unit));
}

std::string durationText(std::int64_t nanoseconds)
{
    static constexpr std::array units = {"ns", "µs", "ms", "s"};
    auto value = static_cast<double>(nanoseconds);
    std::size_t unit = 0;
    while (std::abs(value) >= thousand && unit + 1 < units.size()) {
        value /= thousand;
        ++unit;
    }
    return unit == 0 ? fmt::format("{} ns", nanoseconds)
                     : fmt::format("{} {}", threeDigits(value), units.at(unit));
}

std::string percentText(double share)
{
    return std::isfinite(share) ? fmt::format("{:.1f} %", share * 100) : std::string("–");
}

std::string shortCount(std::uint64_t number)
{
    static constexpr std::array units = {"", " k", " M", " B", " T"};
    auto value = static_cast<double>(number);
    std::size_t unit = 0;
    while (value >= thousand && unit + 1 < units.size()) {
        value /= thousand;
        ++unit;
    }
    return unit == 0 ? std::to_string(number) : threeDigits(value) + units.at(unit);
}

std::string plural(std::uint64_t n, const char* one, const char* many)
{
    return fmt::format("{} {}", grouped(n), n == 1 ? one : many);
}

} // namespace jitscope::report
