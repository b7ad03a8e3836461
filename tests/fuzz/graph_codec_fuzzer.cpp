// Whatever bytes a document holds for a graph: decoding ends, and what it accepts can be used in
// every way.

#include "core/ir/codec.h"
#include "core/ir/counts.h"
#include "core/ir/print.h"
#include "tests/core/ir/graph_builder.h"
#include "tests/fuzz/fuzz_driver.h"

#include <cstdlib>
#include <cstring>

using namespace jitscope;

namespace {

void require(bool promise)
{
    if (!promise)
        std::abort();
}

void use(const ir::Graph& graph)
{
    require(graph.isConsistent());
    const ir::UseIndex uses(graph);
    std::uint64_t total = 0;
    for (ir::ValueId value = 0; value < graph.values.size(); ++value)
        total += uses.of(value).size();
    require(total <= ir::count(graph).uses);
    std::uint64_t nodes = 0;
    for (const auto& [kind, number] : ir::countKinds(graph))
        nodes += number;
    require(nodes == graph.nodes.size());
    require(!ir::print(graph, {true, true}).empty());
    for (const ir::Graph& subgraph : graph.subgraphs)
        use(subgraph);
}

test::FuzzInput bytesOf(const ir::Graph& graph)
{
    const std::vector<std::byte> encoded = ir::encode(graph);
    test::FuzzInput bytes(encoded.size());
    std::memcpy(bytes.data(), encoded.data(), encoded.size());
    return bytes;
}

ir::Graph withSubgraph()
{
    test::GraphBuilder builder;
    const ir::ValueId x = builder.parameter("x", "Float(1, 3, strides=[3, 1])");
    const ir::NodeId group = builder.node("prim::TensorExprGroup", {x}, {"y"});
    builder.subgraph(group, test::sampleGraph());
    builder.at(group, "/models/m.py", 300, 4);
    ir::Graph graph = builder.finish({builder.output(group)});
    ir::TensorConstant tensor;
    tensor.shape = {0, 2};
    tensor.hasStatistics = true;
    graph.tensors.push_back(tensor);
    graph.sizes = {3, -1};
    graph.attributes.back().tensors = {0, 1};
    graph.origins = {7, 900};
    graph.nodes[0].origins = {0, 2};
    return graph;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const Result<ir::Graph> graph = ir::decode(std::as_bytes(std::span(data, size)));
    if (!graph) {
        require(!graph.error().what.empty());
        return 0;
    }
    use(*graph);
    // What was read is what is written: a second round changes nothing.
    const std::vector<std::byte> written = ir::encode(*graph);
    const Result<ir::Graph> again = ir::decode(written);
    require(again.has_value() && ir::encode(*again) == written);
    return 0;
}

#ifndef JITSCOPE_LIBFUZZER
int main()
{
    const std::vector<test::FuzzInput> corpus{
        {}, {1}, bytesOf(test::sampleGraph()), bytesOf(withSubgraph())};
    test::runFuzzer(corpus, std::chrono::seconds(2));
    return 0;
}
#endif
