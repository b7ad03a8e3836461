// What the passes do to graphs, and that a graph still computes the same.
#include "core/ir/counts.h"
#include "core/torchscript/session.h"
#include "tests/core/torchscript/models.h"
#include "tests/core/torchscript/oracle.h"

#include <QTest>

#include <algorithm>
#include <set>
#include <unordered_set>

using namespace jitscope;

using torchscript::PassArguments;
using torchscript::PassOutcome;
using torchscript::Session;
using torchscript::StageHandle;

struct Opened
{
    std::unique_ptr<Session> session;
    StageHandle stage = 0;
};

class PassesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theCatalogueIsComplete();
    void everyPassLeavesAUsableGraph_data();
    void everyPassLeavesAUsableGraph();
    void keptNodesKeepTheirKeys();
    void frozenModelComputesTheSame();
    void foldingRemovesEveryBatchNorm();
    void addAndReluAreFused();
    void loopsAreUnrolledIntoDuplicates();
    void unusedNodesGo();
    void fusedGroupsKnowTheirMembers();
    void shapesReachEveryTensor();
    void stagesBranch();
    void anUnchangedGraphIsSaidToBe();
    void wrongUseIsExplained();
    void aPassThatThrowsLeavesNothing();
    void cancellingStops();

private:
    Opened m_cnn;
};

namespace {

Opened open(const std::string& name)
{
    Opened opened;
    auto session = Session::load(test::sample(name), {}, {});
    if (!session)
        return opened;
    opened.session = *std::move(session);
    if (const auto stage = opened.session->inlined("", "forward", {}))
        opened.stage = stage->handle;
    return opened;
}

// Applies the passes one after the other.
Result<PassOutcome> applyAll(const Opened& model, const std::vector<std::string>& passes)
{
    StageHandle stage = model.stage;
    Result<PassOutcome> outcome = fail(ErrorCode::Internal, "no pass");
    for (const std::string& pass : passes) {
        outcome = model.session->apply(stage, pass, {}, {});
        if (!outcome)
            return outcome;
        stage = outcome->stage.handle;
    }
    return outcome;
}

std::uint64_t kindCount(const ir::Graph& graph, const std::string& kind)
{
    const auto kinds = ir::countKinds(graph);
    const auto found = kinds.find(kind);
    return found == kinds.end() ? 0 : found->second;
}

std::unordered_set<ir::NodeKey> keysOf(const ir::Graph& graph)
{
    std::unordered_set<ir::NodeKey> keys;
    for (const ir::Node& node : graph.nodes)
        keys.insert(node.key);
    for (const ir::Graph& inner : graph.subgraphs)
        keys.merge(keysOf(inner));
    return keys;
}

} // namespace

void PassesTest::theCatalogueIsComplete()
{
    std::set<std::string> names;
    for (const torchscript::PassInfo& pass : torchscript::passCatalogue()) {
        QVERIFY2(names.insert(pass.name).second, pass.name.c_str());
        QVERIFY2(!pass.label.empty() && !pass.category.empty(), pass.name.c_str());
        QVERIFY2(pass.effect.ends_with('.'), pass.name.c_str());
        QVERIFY2(pass.available || !pass.reason.empty(), pass.name.c_str());
        for (const torchscript::PassArgument& argument : pass.arguments)
            QVERIFY2(!argument.name.empty() && !argument.meaning.empty(), pass.name.c_str());
    }
    for (const char* name : {"inline", "eliminate-dead-code", "constant-propagation",
                             "eliminate-common-subexpressions", "peephole", "constant-pooling",
                             "freeze", "fold-batch-norm", "lower-tuples"})
        QVERIFY2(names.contains(name), name);
}

void PassesTest::everyPassLeavesAUsableGraph_data()
{
    QTest::addColumn<QString>("pass");
    QTest::addColumn<bool>("frozen");
    for (const torchscript::PassInfo& pass : torchscript::passCatalogue()) {
        if (!pass.available)
            continue;
        const bool frozen = std::find(pass.needs.begin(), pass.needs.end(),
                                      torchscript::PassNeed::Frozen) != pass.needs.end();
        QTest::newRow(pass.name.c_str()) << QString::fromStdString(pass.name) << frozen;
    }
}

// On a CNN with branches and calls: consistent, every key once, every origin a node of the stage
// before.
void PassesTest::everyPassLeavesAUsableGraph()
{
    QFETCH(QString, pass);
    QFETCH(bool, frozen);
    // One session for all rows; stages do not touch each other.
    if (!m_cnn.session)
        m_cnn = open("residual_cnn_scripted");
    const Opened& model = m_cnn;
    QVERIFY(model.stage != 0);
    StageHandle from = model.stage;
    std::unordered_set<ir::NodeKey> before;
    if (frozen) {
        const auto stage = model.session->apply(from, "freeze", {}, {});
        QVERIFY2(stage, stage ? "" : stage.error().message().c_str());
        from = stage->stage.handle;
        before = keysOf(stage->stage.graph);
    } else {
        const auto stage = model.session->inlined("", "forward", {});
        QVERIFY(stage);
        from = stage->handle;
        before = keysOf(stage->graph);
    }
    const auto outcome = model.session->apply(from, pass.toStdString(), {}, {});
    QVERIFY2(outcome, outcome ? "" : outcome.error().message().c_str());
    const ir::Graph& graph = outcome->stage.graph;
    QVERIFY(graph.isConsistent());
    QCOMPARE(outcome->after, ir::count(graph));
    QVERIFY(outcome->durationNs > 0);
    std::unordered_set<ir::NodeKey> keys;
    for (const ir::Node& node : graph.nodes) {
        QVERIFY(node.key != 0);
        QVERIFY(keys.insert(node.key).second);
        const auto origins = graph.originsOf(node);
        QCOMPARE(before.contains(node.key), origins.empty() && before.contains(node.key));
        for (const ir::NodeKey origin : origins)
            QVERIFY(before.contains(origin));
    }
    // Passes that change what is computed are none of ours: with a side effect removed or an
    // exception less, a valid input still gives the same.
    const bool runs = graph.subgraphs.empty();
    if (runs) {
        QVERIFY(oracle::largestDifference(*model.session, outcome->stage.handle,
                                          test::sample("residual_cnn_scripted"),
                                          {"1x3x32x32"}) < 1e-4);
    }
}

void PassesTest::keptNodesKeepTheirKeys()
{
    const Opened model = open("residual_cnn_scripted");
    const auto stage = model.session->inlined("", "forward", {});
    QVERIFY(stage);
    std::map<ir::NodeKey, std::string> kinds;
    for (const ir::Node& node : stage->graph.nodes)
        kinds.emplace(node.key, stage->graph.kind(node));
    const auto outcome =
        model.session->apply(stage->handle, "eliminate-common-subexpressions", {}, {});
    QVERIFY(outcome);
    QVERIFY(outcome->after.nodes < outcome->before.nodes);
    for (const ir::Node& node : outcome->stage.graph.nodes) {
        QVERIFY(kinds.contains(node.key));
        QCOMPARE(outcome->stage.graph.kind(node), std::string_view(kinds[node.key]));
        QCOMPARE(node.origins.count, 0U);
    }
}

void PassesTest::frozenModelComputesTheSame()
{
    for (const std::string name : {"residual_cnn_scripted", "residual_cnn_traced"}) {
        const Opened model = open(name);
        const auto frozen = model.session->apply(model.stage, "freeze", {}, {});
        QVERIFY2(frozen, frozen ? "" : frozen.error().message().c_str());
        QVERIFY(frozen->changed);
        const ir::Graph& graph = frozen->stage.graph;
        QCOMPARE(kindCount(graph, "prim::GetAttr"), std::uint64_t{0});
        QVERIFY(graph.values[graph.parametersOf(graph.blocks[0])[0]].name != 0);
        for (const ir::Node& node : graph.nodes) {
            const auto inputs = graph.inputsOf(node);
            QVERIFY(std::find(inputs.begin(), inputs.end(),
                              graph.parametersOf(graph.blocks[0])[0]) == inputs.end());
        }
        QVERIFY(oracle::largestDifference(*model.session, frozen->stage.handle, test::sample(name),
                                          {"1x3x32x32"}) < 1e-5);
    }
}

void PassesTest::foldingRemovesEveryBatchNorm()
{
    const Opened model = open("residual_cnn_scripted");
    const auto frozen = applyAll(model, {"freeze"});
    QVERIFY(frozen);
    QVERIFY(kindCount(frozen->stage.graph, "aten::batch_norm") > 0);
    const auto folded = applyAll(model, {"freeze", "fold-batch-norm"});
    QVERIFY2(folded, folded ? "" : folded.error().message().c_str());
    QCOMPARE(kindCount(folded->stage.graph, "aten::batch_norm"), std::uint64_t{0});
    QVERIFY(folded->changed);
    QVERIFY(folded->kindsBefore.contains("aten::batch_norm"));
    QVERIFY(!folded->kindsAfter.contains("aten::batch_norm"));
    QVERIFY(oracle::largestDifference(*model.session, folded->stage.handle,
                                      test::sample("residual_cnn_scripted"), {"1x3x32x32"}) < 1e-4);
    // The convolutions stay who they are; their new weights come from them.
    std::size_t derived = 0;
    for (const ir::Node& node : folded->stage.graph.nodes) {
        if (folded->stage.graph.kind(node) == "prim::Constant" && node.origins.count > 0)
            ++derived;
    }
    QVERIFY(derived > 0);
}

void PassesTest::addAndReluAreFused()
{
    const Opened model = open("residual_cnn_scripted");
    const auto fused = applyAll(model, {"freeze", "fold-batch-norm", "fuse-add-relu"});
    QVERIFY2(fused, fused ? "" : fused.error().message().c_str());
    QVERIFY(kindCount(fused->stage.graph, "aten::_add_relu") +
                kindCount(fused->stage.graph, "aten::_add_relu_") >
            0);
    QVERIFY(oracle::largestDifference(*model.session, fused->stage.handle,
                                      test::sample("residual_cnn_scripted"), {"1x3x32x32"}) < 1e-4);
}

void PassesTest::loopsAreUnrolledIntoDuplicates()
{
    const Opened model = open("residual_cnn_scripted");
    const auto stage = model.session->inlined("", "forward", {});
    QVERIFY(stage);
    const auto unrolled = model.session->apply(stage->handle, "unroll-loops", {}, {});
    QVERIFY2(unrolled, unrolled ? "" : unrolled.error().message().c_str());
    QVERIFY(unrolled->after.nodes > unrolled->before.nodes);
    const auto before = keysOf(stage->graph);
    std::size_t duplicates = 0;
    for (const ir::Node& node : unrolled->stage.graph.nodes) {
        if (!before.contains(node.key)) {
            QCOMPARE(node.ordinal, ir::none);
            duplicates += unrolled->stage.graph.originsOf(node).size() == 1 ? 1 : 0;
        }
    }
    QVERIFY(duplicates > 0);
    QVERIFY(oracle::largestDifference(*model.session, unrolled->stage.handle,
                                      test::sample("residual_cnn_scripted"), {"1x3x32x32"}) < 1e-6);
}

void PassesTest::unusedNodesGo()
{
    const Opened model = open("transformer_traced");
    const auto cleaned = model.session->apply(model.stage, "eliminate-dead-code", {}, {});
    QVERIFY2(cleaned, cleaned ? "" : cleaned.error().message().c_str());
    QVERIFY(cleaned->after.nodes <= cleaned->before.nodes);
    // What is left is used, or has an effect: a second run finds nothing.
    const auto again = model.session->apply(cleaned->stage.handle, "eliminate-dead-code", {}, {});
    QVERIFY(again);
    QCOMPARE(again->after.nodes, again->before.nodes);
    QVERIFY(!again->changed);
}

void PassesTest::fusedGroupsKnowTheirMembers()
{
    const Opened model = open("pointwise");
    const auto stage = model.session->inlined("", "forward", {});
    QVERIFY(stage);
    const auto before = keysOf(stage->graph);
    const auto grouped = model.session->apply(stage->handle, "create-autodiff-subgraphs", {}, {});
    QVERIFY2(grouped, grouped ? "" : grouped.error().message().c_str());
    const ir::Graph& graph = grouped->stage.graph;
    std::size_t groups = 0;
    for (const ir::Node& node : graph.nodes) {
        if (graph.kind(node) != "prim::DifferentiableGraph")
            continue;
        ++groups;
        const ir::Attribute* body = graph.attribute(node, "Subgraph");
        QVERIFY(body != nullptr);
        const ir::Graph& members = graph.subgraphsOf(*body)[0];
        const auto origins = graph.originsOf(node);
        for (const ir::Node& member : members.nodes) {
            // A member keeps its key; a constant that is also used outside is copied.
            const auto from = members.originsOf(member);
            const ir::NodeKey key = from.empty() ? member.key : from[0];
            QVERIFY(before.contains(key));
            QVERIFY(members.kind(member) == "prim::Constant" || from.empty());
            QVERIFY(std::find(origins.begin(), origins.end(), key) != origins.end());
        }
    }
    QVERIFY(groups > 0);
    QVERIFY(grouped->message.find("group") != std::string::npos);
}

void PassesTest::shapesReachEveryTensor()
{
    const Opened model = open("residual_cnn_scripted");
    const auto frozen = applyAll(model, {"freeze"});
    QVERIFY(frozen);
    const auto typed = model.session->apply(frozen->stage.handle, "propagate-shapes",
                                            {{"inputs", "1x3x32x32"}}, {});
    QVERIFY2(typed, typed ? "" : typed.error().message().c_str());
    const ir::Graph& graph = typed->stage.graph;
    for (const ir::Node& node : graph.nodes) {
        if (graph.kind(node) == "aten::conv2d" || graph.kind(node) == "aten::_convolution") {
            const auto type = graph.text(graph.values[graph.outputsOf(node)[0]].type);
            QVERIFY2(type.find("(1, ") != std::string_view::npos, std::string(type).c_str());
        }
    }
    const auto wrong =
        model.session->apply(frozen->stage.handle, "propagate-shapes", {{"inputs", "1xtwo"}}, {});
    QVERIFY(!wrong);
    QVERIFY(wrong.error().what.find("two") != std::string::npos);
    const auto many =
        model.session->apply(frozen->stage.handle, "propagate-shapes", {{"inputs", "1,1,1,1"}}, {});
    QVERIFY(!many);
}

void PassesTest::stagesBranch()
{
    const Opened model = open("residual_cnn_scripted");
    const auto first = model.session->apply(model.stage, "constant-pooling", {}, {});
    const auto second = model.session->apply(model.stage, "eliminate-exceptions", {}, {});
    const auto again = model.session->apply(model.stage, "constant-pooling", {}, {});
    QVERIFY(first && second && again);
    QCOMPARE(first->before, second->before);
    QCOMPARE(first->after, again->after);
    QVERIFY(first->stage.handle != again->stage.handle);
}

void PassesTest::anUnchangedGraphIsSaidToBe()
{
    const Opened model = open("pointwise");
    const auto outcome = model.session->apply(model.stage, "unroll-loops", {}, {});
    QVERIFY(outcome);
    QVERIFY(!outcome->changed);
    QCOMPARE(outcome->before, outcome->after);
}

void PassesTest::wrongUseIsExplained()
{
    const Opened model = open("residual_cnn_scripted");
    const auto unknown = model.session->apply(model.stage, "make-it-fast", {}, {});
    QVERIFY(!unknown);
    QCOMPARE(unknown.error().code, ErrorCode::InvalidArgument);
    QVERIFY(unknown.error().what.find("make-it-fast") != std::string::npos);
    const auto notFrozen = model.session->apply(model.stage, "fold-batch-norm", {}, {});
    QVERIFY(!notFrozen);
    QCOMPARE(notFrozen.error().code, ErrorCode::InvalidArgument);
    QVERIFY(notFrozen.error().remedy.find("freeze") != std::string::npos);
    const auto argument = model.session->apply(model.stage, "peephole", {{"speed", "high"}}, {});
    QVERIFY(!argument);
    QVERIFY(argument.error().what.find("speed") != std::string::npos);
    QVERIFY(argument.error().remedy.find("shapes") != std::string::npos);
    const auto value = model.session->apply(model.stage, "peephole", {{"shapes", "perhaps"}}, {});
    QVERIFY(!value);
    QCOMPARE(value.error().code, ErrorCode::InvalidArgument);
    const auto number =
        model.session->apply(model.stage, "create-autodiff-subgraphs", {{"smallest", "-1"}}, {});
    QVERIFY(!number);
    QCOMPARE(number.error().code, ErrorCode::InvalidArgument);
    const auto stage = model.session->apply(4711, "peephole", {}, {});
    QVERIFY(!stage);
    QCOMPARE(stage.error().code, ErrorCode::InvalidArgument);
}

void PassesTest::aPassThatThrowsLeavesNothing()
{
    const Opened model = open("nested_if_loop");
    const auto failed =
        model.session->apply(model.stage, "propagate-shapes", {{"inputs", "4x8,5"}}, {});
    QVERIFY(!failed); // the second argument is an int
    QCOMPARE(failed.error().code, ErrorCode::ModelFailed);
    QVERIFY(failed.error().where.find("propagate-shapes") != std::string::npos);
    QVERIFY(oracle::largestDifference(*model.session, model.stage, test::sample("nested_if_loop"),
                                      {"4x8", "6"}) < 1e-6);
}

void PassesTest::cancellingStops()
{
    const Opened model = open("residual_cnn_scripted");
    JobContext job;
    job.cancel.cancel();
    const auto outcome = model.session->apply(model.stage, "constant-pooling", {}, job);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Cancelled);
    QVERIFY(model.session->apply(model.stage, "constant-pooling", {}, {}));
}

QTEST_GUILESS_MAIN(PassesTest)
#include "passes_test.moc"
