// One line of JSON a benchmark: {name, value, unit, against, ratio, goal, ok}.
#pragma once

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

namespace jitscope::bench {

struct Figure
{
    std::string name;
    double value = 0;
    std::string unit;
    std::optional<double> against; // the peer or floor, in the same unit, measured in the same run
    std::string goal;
    bool ok = true; // the goal is met, or there is none
};

inline double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

inline void report(const Figure& figure)
{
    nlohmann::json line{{"name", figure.name}, {"value", figure.value}, {"unit", figure.unit},
                        {"against", nullptr},  {"ratio", nullptr},      {"goal", figure.goal},
                        {"ok", figure.ok}};
    if (figure.against) {
        line["against"] = *figure.against;
        line["ratio"] = figure.value / *figure.against;
    }
    std::printf("%s\n", line.dump().c_str());
    std::fflush(stdout);
}

} // namespace jitscope::bench
