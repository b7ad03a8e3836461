// Whatever a text file holds: reading printed IR ends, what it accepts can be used in every way,
// and printing what was read and reading it again changes nothing.

#include "core/ir/codec.h"
#include "core/ir/print.h"
#include "core/ir/text_reader.h"
#include "tests/core/ir/graph_builder.h"
#include "tests/fuzz/fuzz_driver.h"

#include <cstdlib>
#include <string>

using namespace jitscope;

namespace {

void require(bool promise)
{
    if (!promise)
        std::abort();
}

test::FuzzInput bytesOf(const std::string& text)
{
    return {text.begin(), text.end()};
}

std::string withSubgraph()
{
    test::GraphBuilder builder;
    const ir::ValueId x = builder.parameter("x", "Float(1, 3, strides=[3, 1])");
    const ir::NodeId group = builder.node("prim::TensorExprGroup", {x}, {"y"});
    builder.subgraph(group, test::sampleGraph());
    builder.at(group, "/models/m.py", 300, 4);
    return ir::print(builder.finish({builder.output(group)}), {true, true});
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(data, data + size);
    const auto graphs = ir::readPrinted(text);
    require(graphs.has_value() ? !graphs->empty() : !graphs.error().what.empty());
    if (!graphs) {
        require(graphs.error().code == ErrorCode::UnusableFile);
        return 0;
    }
    require(ir::holdsPrintedGraph(text));
    for (const ir::ReadGraph& read : *graphs) {
        require(read.graph.isConsistent());
        require(ir::decode(ir::encode(read.graph)).has_value());
        const std::string printed = ir::print(read.graph, {true, true});
        const auto again = ir::readPrinted(printed);
        require(again.has_value() && again->size() == 1);
        require(ir::print(again->front().graph, {true, true}) == printed);
    }
    return 0;
}

#ifndef JITSCOPE_LIBFUZZER
int main()
{
    const std::vector<test::FuzzInput> corpus{
        {},
        bytesOf("graph():\n  return ()\n"),
        bytesOf(withSubgraph()),
        bytesOf(
            "[DUMP a.cpp:1] After Inline:\n[DUMP a.cpp:1] graph(%x : Tensor):\n[DUMP a.cpp:1]   "
            "return (%x)\n"),
        bytesOf("graph(%self : __torch__.Net):\n  %1 : (int, str[]), %t : Float(2, device=cpu) = "
                "prim::Constant[value= 1 2 [ CPULongType{2} ], name=\"a\\\"]\", "
                "n=[1, 2...](%self), scope: __module.a.b # a.py:1:2\n   = ^Op(1)(%1)\n  return "
                "(%t)\n"),
    };
    test::runFuzzer(corpus, std::chrono::seconds(2));
    return 0;
}
#endif
