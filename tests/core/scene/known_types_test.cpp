// Types that one stage knows, found for the values of others.
#include "core/scene/known_types.h"
#include "tests/core/scene/graph_maker.h"
#include "tests/core/scene/scene_model.h"

#include <QTest>

using namespace jitscope;
using tests::GraphMaker;

namespace {

constexpr const char* seen = "Float(2, 8, device=cpu)";

document::ObservedTypeRow output(ir::NodeKey node, const char* type, std::int64_t position = 0)
{
    return {1, node, "output", position, type};
}

// What a caller of KnownTypes knows of a node.
std::string outputOf(const scene::KnownTypes& known, const ir::Graph& graph, ir::NodeId node,
                     std::string_view modulePath = {}, scene::KnownTypes::Call call = {})
{
    return known.output(graph, graph.nodes[node], modulePath, 0, call);
}

} // namespace

class KnownTypesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatWasSeenCountsMoreThanWhatIsStated()
    {
        GraphMaker maker(10, "f");
        const ir::ValueId x = maker.parameter("x", "Float(2, *)");
        const ir::ValueId y = maker.node("aten::relu", {x});
        maker.setType(y, "Float(*, 8)");
        const ir::ValueId z = maker.node("aten::relu", {y});
        maker.setType(z, "Float(4, 8)");
        maker.returns({z});
        const auto graph = std::make_shared<const ir::Graph>(maker.take());
        const std::vector<document::ObservedTypeRow> rows{{1, 0, "parameter", 0, seen},
                                                          output(10, seen)};
        const scene::KnownTypes known(graph, rows);
        QCOMPARE(known.parameter(0), std::string(seen));
        QCOMPARE(known.parameter(1), std::string());
        QCOMPARE(outputOf(known, *graph, 0), std::string(seen));
        QCOMPARE(outputOf(known, *graph, 1), std::string("Float(4, 8)"));
        QCOMPARE(known.input(*graph, graph->nodes[0], {}, 0, {}), std::string(seen));
        QCOMPARE(known.output(*graph, graph->nodes[0], {}, 7, {}), std::string());
    }

    // Rows of a damaged document.
    void rowsThatFitNothingAreIgnored()
    {
        GraphMaker maker(10, "f");
        const ir::ValueId x = maker.parameter("x", "Tensor");
        maker.returns({maker.node("aten::relu", {x})});
        const auto graph = std::make_shared<const ir::Graph>(maker.take());
        const std::vector<document::ObservedTypeRow> rows{output(99, seen),
                                                          output(10, seen, 1),
                                                          output(10, seen, -1),
                                                          {1, 10, "parameter", 0, seen},
                                                          {1, 0, "parameter", 5, seen},
                                                          {1, -4, "nowhere", 0, seen}};
        const scene::KnownTypes known(graph, rows);
        QCOMPARE(outputOf(known, *graph, 0), std::string());
        QCOMPARE(known.parameter(0), std::string());
    }

    // A stage that an executor made: a node in the place of one other is that one, with another
    // kind it is something else.
    void replacedNodesAreTheirOrigin()
    {
        GraphMaker maker(10, "f");
        maker.returns({maker.node("aten::relu", {maker.parameter("x", "Tensor")})});
        const auto graph = std::make_shared<const ir::Graph>(maker.take());
        const std::vector<document::ObservedTypeRow> rows{output(10, seen)};
        const scene::KnownTypes known(graph, rows);

        const auto executed = [](const char* kind, std::vector<ir::NodeKey> origins) {
            GraphMaker other(50);
            other.returns({other.node(kind, {other.parameter("x", "Tensor")})});
            ir::Graph made = other.take();
            made.nodes[0].ordinal = ir::none;
            made.nodes[0].origins = {0, static_cast<std::uint32_t>(origins.size())};
            made.origins = std::move(origins);
            return made;
        };
        QCOMPARE(outputOf(known, executed("aten::relu", {10}), 0), std::string(seen));
        QCOMPARE(outputOf(known, executed("aten::sigmoid", {10}), 0), std::string());
        QCOMPARE(outputOf(known, executed("aten::relu", {10, 11}), 0), std::string());
        QCOMPARE(outputOf(known, executed("aten::relu", {}), 0), std::string());
    }

    // One node as written, twice in the stage: its module is called twice.
    void callsOfOneModuleShareWhatTheyHaveInCommon()
    {
        GraphMaker maker(10, "f");
        const ir::ValueId x = maker.parameter("x", "Tensor");
        maker.setModulePath("act");
        maker.returns({maker.node("aten::relu", {maker.node("aten::relu", {x})})});
        ir::Graph twice = maker.take();
        twice.nodes[1].ordinal = twice.nodes[0].ordinal;
        const auto graph = std::make_shared<const ir::Graph>(std::move(twice));
        const std::vector<document::ObservedTypeRow> rows{output(10, "Float(2, 8, device=cpu)"),
                                                          output(11, "Float(2, 4, device=cpu)")};
        const scene::KnownTypes known(graph, rows);
        QCOMPARE(outputOf(known, *graph, 0, "act"), std::string("Float(2, 8, device=cpu)"));
        QCOMPARE(outputOf(known, *graph, 1, "act"), std::string("Float(2, 4, device=cpu)"));
        ir::Graph loaded = *graph;
        loaded.nodes[0].key = 1;
        QCOMPARE(outputOf(known, loaded, 0, "act"), std::string("Float(2, *, device=cpu)"));
        QCOMPARE(outputOf(known, loaded, 0, "act", {1, 2}), std::string("Float(2, 4, device=cpu)"));
        QCOMPARE(outputOf(known, loaded, 0, "act", {1, 3}), std::string("Float(2, *, device=cpu)"));
        QCOMPARE(outputOf(known, loaded, 0, "elsewhere"), std::string());
    }
};

QTEST_GUILESS_MAIN(KnownTypesTest)
#include "known_types_test.moc"
