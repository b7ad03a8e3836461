// The most memory that the engine holds while it opens a model into a document, against a plain
// torch::jit::load of the same file. Fresh processes, taking turns; medians.

#include "tests/bench/child.h"
#include "tests/bench/models.h"
#include "tests/bench/report.h"

using namespace jitscope;

namespace {

constexpr int rounds = 5;
constexpr double goal = 0.5; // of a plain load

bool measure(const std::string& name)
{
    const std::string model = bench::modelPath(name).string();
    const std::filesystem::path document =
        std::filesystem::temp_directory_path() / ("jitscope-bench-" + name + ".jitscope");
    std::vector<double> plain;
    std::vector<double> engine;
    for (int round = 0; round < rounds; ++round) {
        const auto load = bench::runChild({JITSCOPE_OPEN_FLOOR, "--load-only", model});
        std::filesystem::remove(document);
        const auto open =
            bench::runChild({JITSCOPE_ENGINE, "open", model, "-o", document.string(), "--json"});
        std::filesystem::remove(document);
        if (!load || load->exitCode != 0 || !open || open->exitCode != 0) {
            std::fprintf(stderr, "engine_memory: opening %s failed\n", model.c_str());
            return false;
        }
        plain.push_back(load->peakMegabytes);
        engine.push_back(open->peakMegabytes);
    }
    const double value = bench::median(engine);
    const double against = bench::median(plain);
    bench::report({"engine_memory_" + name, value, "MB", against, "at most 0.5 x a plain load",
                   value <= goal * against});
    return true;
}

} // namespace

int main()
{
    return measure("transformer_scripted") ? 0 : 1;
}
