// Numbers for people. Private to core/report.
#pragma once

#include <cstdint>
#include <string>

namespace jitscope::report {

[[nodiscard]] std::string grouped(std::uint64_t number);          // "25,557,032"
[[nodiscard]] std::string bytesText(std::uint64_t bytes);         // "102.2 MB"
[[nodiscard]] std::string durationText(std::int64_t nanoseconds); // "1.25 ms"
[[nodiscard]] std::string percentText(double share);              // "12.5 %"
[[nodiscard]] std::string shortCount(std::uint64_t number);       // "25.6 M"
[[nodiscard]] std::string plural(std::uint64_t n, const char* one, const char* many); // "3 nodes"

} // namespace jitscope::report
