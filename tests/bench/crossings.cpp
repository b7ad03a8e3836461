// Crossings of the built-in layout against dot's, over all scopes of samples and large models that
// both can draw, counted on the curves as a person sees them. Counts, so that it needs no idle
// machine. With --dump FILE the scopes of each model with the most crossings are written, with
// dot's crossings beside each: tests/golden/layout/scopes.txt. Models or documents can be named
// instead of those it knows.

#include "tests/core/layout/crossings.h"
#include "core/document/reader.h"
#include "core/layout/dot_layout.h"
#include "core/layout/layered_layout.h"
#include "core/picture/composer.h"
#include "tests/bench/child.h"
#include "tests/bench/models.h"
#include "tests/bench/report.h"
#include "tests/core/layout/graph_text.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <set>

using namespace jitscope;

namespace {

constexpr double goal = 1.3;                       // x dot
constexpr std::chrono::seconds patienceForDot{20}; // the window waits less; here only counts matter
constexpr std::size_t largestForDot = 400;         // boxes
constexpr std::size_t boxLimit = 20'000;           // of a model
constexpr std::size_t largestDumped = 120;         // boxes
constexpr std::size_t dumpedOfModel = 6;           // scopes

// Near enough to the window's fonts.
class FixedMeasure final : public picture::TextMeasure
{
public:
    [[nodiscard]] double titleWidth(std::string_view text) const override
    {
        return 8.2 * static_cast<double>(text.size());
    }
    [[nodiscard]] double textWidth(std::string_view text) const override
    {
        return 6.4 * static_cast<double>(text.size());
    }
    [[nodiscard]] double textHeight() const override { return 13; }
};

// Keeps what is to be laid out.
class Collector final : public layout::Engine
{
public:
    [[nodiscard]] Result<layout::Placement> place(const layout::Graph& graph,
                                                  const CancelToken& cancel) const override
    {
        m_graphs.push_back(graph);
        return m_layered.place(graph, cancel);
    }
    [[nodiscard]] const std::vector<layout::Graph>& graphs() const { return m_graphs; }

private:
    layout::LayeredLayout m_layered;
    mutable std::vector<layout::Graph> m_graphs;
};

// To quarters of a pixel, which make short texts.
double rounded(double length)
{
    return std::round(length * 4) / 4;
}

layout::Graph rounded(layout::Graph graph)
{
    for (layout::BoxSpec& box : graph.boxes)
        box.size = {rounded(box.size.width), rounded(box.size.height)};
    for (layout::EdgeSpec& edge : graph.edges) {
        edge.fromX = rounded(edge.fromX);
        edge.toX = rounded(edge.toX);
    }
    return graph;
}

std::set<std::string> everythingIn(scene::ScopeBuilder& builder, const scene::ScopePtr& root)
{
    std::set<std::string> ids;
    std::vector<scene::ScopePtr> pending{root};
    std::size_t shown = 0;
    while (!pending.empty() && shown < boxLimit) {
        const scene::ScopePtr scope = pending.back();
        pending.pop_back();
        shown += scope->boxes.size();
        for (const scene::Box& box : scope->boxes) {
            // Instances of a Repeat are alike, so are their scopes.
            if (!box.canOpen() || box.kind == scene::BoxKind::Repeat)
                continue;
            ids.insert(box.id);
            if (auto inside = builder.inside(box))
                pending.push_back(*inside);
        }
    }
    return ids;
}

// The graphs of all scopes of a model's forward, closed and open, each once.
std::vector<layout::Graph> graphsOf(const std::filesystem::path& model)
{
    const bool isDocument = model.extension() == ".jitscope";
    const std::filesystem::path document =
        isDocument ? model
                   : std::filesystem::temp_directory_path() / "jitscope-bench-crossings.jitscope";
    if (!isDocument) {
        std::filesystem::remove(document);
        const auto open =
            bench::runChild({JITSCOPE_ENGINE, "open", model.string(), "-o", document.string()});
        if (!open || open->exitCode != 0)
            return {};
    }
    Collector collector;
    auto reader = document::Reader::open(document.string());
    if (!reader)
        return {};
    const auto nodes = document::NodeIndex::read(*reader);
    const auto modules = reader->rows<document::ModuleRow>();
    const auto methods = reader->rows<document::MethodRow>();
    const auto functions = reader->rows<document::FunctionRow>();
    const auto tensors = reader->rows<document::TensorRow>();
    if (!nodes || !modules || !methods || !functions || !tensors)
        return {};
    scene::ScopeBuilder builder(
        std::make_shared<const scene::ModelOutline>(*modules, *methods, *functions, *tensors),
        std::make_shared<const document::NodeIndex>(*nodes),
        [&reader](std::int64_t id) { return reader->graph(id); });
    const auto root = builder.method("", "forward");
    if (!root)
        return {};
    const FixedMeasure measure;
    std::vector<std::string> problems;
    for (const std::set<std::string>& opened :
         {std::set<std::string>{}, everythingIn(builder, *root)}) {
        picture::Composer composer(builder, collector, measure);
        if (!composer.compose(*root, opened, {}, problems))
            return {};
    }
    if (!isDocument)
        std::filesystem::remove(document);
    std::vector<layout::Graph> unique;
    std::set<std::string> seen;
    for (const layout::Graph& collected : collector.graphs()) {
        layout::Graph graph = rounded(collected);
        if (seen.insert(tests::toText({{}, graph})).second)
            unique.push_back(std::move(graph));
    }
    return unique;
}

struct Sums
{
    std::size_t scopes = 0;
    std::size_t layered = 0;
    std::size_t dot = 0;
};

struct Hard
{
    tests::NamedGraph graph;
    std::size_t crossings = 0; // of the built-in layout
};

Sums compare(const std::string& name, const std::vector<layout::Graph>& graphs,
             std::vector<Hard>& hard)
{
    const layout::LayeredLayout layered;
    const layout::DotLayout dot({}, patienceForDot);
    Sums sums;
    for (std::size_t i = 0; i < graphs.size(); ++i) {
        const layout::Graph& graph = graphs[i];
        if (graph.boxes.size() < 4 || graph.boxes.size() > largestForDot)
            continue;
        const auto own = layered.place(graph, {});
        const auto peer = dot.place(graph, {});
        if (!own || !peer)
            continue;
        const std::size_t count = tests::countCrossings(graph, *own);
        const std::size_t against = tests::countCrossings(graph, *peer);
        ++sums.scopes;
        sums.layered += count;
        sums.dot += against;
        if (count + against > 0)
            hard.push_back({{name + " " + std::to_string(i), graph, against}, count});
        if (std::getenv("JITSCOPE_BENCH_VERBOSE") != nullptr && count + against > 0)
            std::fprintf(stderr, "%s %zu: %zu boxes, %zu edges, layered %zu, dot %zu\n",
                         name.c_str(), i, graph.boxes.size(), graph.edges.size(), count, against);
    }
    return sums;
}

void report(const std::string& name, const Sums& sums)
{
    bench::report({"crossings_" + name, static_cast<double>(sums.layered), "crossings",
                   static_cast<double>(sums.dot), "at most 1.3 x dot",
                   static_cast<double>(sums.layered) <= goal * static_cast<double>(sums.dot)});
}

// By name: what is named on the command line, or what ./bench makes.
std::map<std::string, std::filesystem::path> modelsOf(const std::vector<std::string>& named)
{
    std::map<std::string, std::filesystem::path> models;
    for (const std::string& path : named) {
        const std::filesystem::path file(path);
        std::string name = file.stem().string();
        if (models.contains(name))
            name = file.parent_path().filename().string() + "_" + name;
        models.emplace(std::move(name), file);
    }
    if (!models.empty())
        return models;
    const char* const source = std::getenv("JITSCOPE_SOURCE_DIR");
    const std::filesystem::path samples =
        std::filesystem::path(source != nullptr ? source : ".") / "resources/samples";
    for (const char* const name : {"transformer_scripted", "transformer_traced", "nested_if_loop",
                                   "lstm", "residual_cnn_scripted", "fork_wait"})
        models.emplace(std::string("sample_") + name, samples / (std::string(name) + ".pt"));
    for (const char* const name :
         {"resnet50_scripted", "mobilenet_v3_large_scripted", "vit_b_16_traced",
          "vit_b_16_scripted", "maskrcnn_resnet50_fpn_scripted", "transformer_scripted"})
        models.emplace(name, bench::modelPath(name));
    return models;
}

// True when both have the same boxes and edges, perhaps in other sizes: layers of a model are
// alike.
bool areAlike(const layout::Graph& a, const layout::Graph& b)
{
    return a.boxes.size() == b.boxes.size() &&
           std::equal(a.edges.begin(), a.edges.end(), b.edges.begin(), b.edges.end(),
                      [](const layout::EdgeSpec& x, const layout::EdgeSpec& y) {
                          return x.from == y.from && x.to == y.to;
                      });
}

// Adds the hardest scopes of a model that are like none that was taken before.
void choose(std::vector<Hard> hard, std::vector<tests::NamedGraph>& chosen)
{
    std::stable_sort(hard.begin(), hard.end(),
                     [](const Hard& a, const Hard& b) { return a.crossings > b.crossings; });
    std::size_t count = 0;
    for (const Hard& one : hard) {
        const auto isLikeIt = [&one](const tests::NamedGraph& other) {
            return areAlike(one.graph.graph, other.graph);
        };
        if (count == dumpedOfModel || one.graph.graph.boxes.size() > largestDumped ||
            std::any_of(chosen.begin(), chosen.end(), isLikeIt))
            continue;
        chosen.push_back(one.graph);
        ++count;
    }
}

} // namespace

int main(int argc, char** argv)
{
    std::vector<std::string> named;
    std::string dumpPath;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        if (argument == "--dump" && i + 1 < argc)
            dumpPath = argv[++i];
        else if (!argument.starts_with("--"))
            named.push_back(argument);
    }
    Sums all;
    std::vector<tests::NamedGraph> chosen;
    for (const auto& [name, path] : modelsOf(named)) {
        if (!std::filesystem::exists(path)) {
            std::fprintf(stderr, "crossings: %s is missing; ./bench makes it\n", path.c_str());
            return 1;
        }
        const std::vector<layout::Graph> graphs = graphsOf(path);
        if (graphs.empty()) {
            std::fprintf(stderr, "crossings: %s cannot be drawn\n", path.c_str());
            return 1;
        }
        std::vector<Hard> hard;
        const Sums sums = compare(name, graphs, hard);
        choose(std::move(hard), chosen);
        if (sums.scopes == 0) {
            std::fprintf(stderr, "crossings: dot drew nothing of %s; is it installed?\n",
                         name.c_str());
            return 1;
        }
        report(name, sums);
        all.scopes += sums.scopes;
        all.layered += sums.layered;
        all.dot += sums.dot;
    }
    report("in_all", all);
    if (!dumpPath.empty()) {
        std::ofstream file(dumpPath);
        for (const tests::NamedGraph& graph : chosen)
            file << tests::toText(graph);
        if (!file.flush()) {
            std::fprintf(stderr, "crossings: %s cannot be written\n", dumpPath.c_str());
            return 1;
        }
    }
    return 0;
}
