// Time of the built-in layout for 10,000 and 100,000 boxes in one scope: residual blocks of a chain
// with skips, and the same with dot where it is quick enough to be compared.
#include "core/layout/dot_layout.h"
#include "core/layout/layered_layout.h"
#include "tests/bench/report.h"

#include <chrono>
#include <random>

using namespace jitscope;

namespace {

// Blocks of 31 boxes: three branches of ten that part and join, with skips over a block.
layout::Graph makeGraph(std::uint32_t count)
{
    std::mt19937 random(1);
    layout::Graph graph;
    std::uint32_t last = 0;
    graph.boxes.push_back({{80, 26}});
    while (graph.boxes.size() + 31 <= count) {
        const std::uint32_t entry = last;
        std::vector<std::uint32_t> ends;
        for (int branch = 0; branch < 3; ++branch) {
            std::uint32_t at = entry;
            for (int i = 0; i < 10; ++i) {
                const auto box = static_cast<std::uint32_t>(graph.boxes.size());
                graph.boxes.push_back({{70.0 + random() % 90, 26.0 + random() % 50}});
                graph.edges.push_back({at, box, graph.boxes[at].size.width / 2, 30});
                at = box;
            }
            ends.push_back(at);
        }
        last = static_cast<std::uint32_t>(graph.boxes.size());
        graph.boxes.push_back({{90, 26}});
        for (std::size_t i = 0; i < ends.size(); ++i)
            graph.edges.push_back({ends[i], last, 35, 20.0 * static_cast<double>(i + 1)});
        graph.edges.push_back({entry, last, 40, 80});
    }
    return graph;
}

// Median of `runs`, in milliseconds; negative when a run failed.
double measure(const layout::Engine& engine, const layout::Graph& graph, int runs)
{
    std::vector<double> times;
    for (int i = 0; i < runs; ++i) {
        const auto start = std::chrono::steady_clock::now();
        if (!engine.place(graph, {}))
            return -1;
        times.push_back(
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
                .count());
    }
    return bench::median(times);
}

} // namespace

int main()
{
    const layout::LayeredLayout layered;
    const double small = measure(layered, makeGraph(1'000), 9);
    const double dot =
        measure(layout::DotLayout({}, std::chrono::seconds(60)), makeGraph(1'000), 3);
    bench::report({"layout_1k_boxes", small, "ms", dot > 0 ? std::optional(dot) : std::nullopt,
                   "<= 10 ms", small <= 10});
    const double medium = measure(layered, makeGraph(10'000), 5);
    bench::report(
        {"layout_10k_boxes", medium, "ms", {}, "<= 500 ms", medium >= 0 && medium <= 500});
    const double large = measure(layered, makeGraph(100'000), 3);
    bench::report(
        {"layout_100k_boxes", large, "ms", {}, "<= 5000 ms", large >= 0 && large <= 5000});
    return 0;
}
