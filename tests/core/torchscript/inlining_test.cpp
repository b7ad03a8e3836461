// The structural inliner: the right nodes, each in the right module, named for good.
#include "core/torchscript/session.h"
#include "tests/core/torchscript/models.h"
#include "tests/core/torchscript/oracle.h"

#include <QTest>

#include <set>
#include <unordered_map>

using namespace jitscope;

class InliningTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyNodeHasItsModule_data();
    void everyNodeHasItsModule();
    void largeModelsHaveTheirModules_data();
    void largeModelsHaveTheirModules();
    void nodesAreTracedToLoadedOnes_data();
    void nodesAreTracedToLoadedOnes();
    void nothingIsComputedOtherwise_data();
    void nothingIsComputedOtherwise();
    void forkedBodiesBelongToTheirModules();
    void aSubmoduleHasPathsFromTheRoot();
    void callChainsNameTheCallers();
    void unknownNamesAreRefused();
    void cancellingStops();
};

namespace {

std::unique_ptr<torchscript::Session> open(const std::filesystem::path& model)
{
    auto session = torchscript::Session::load(model, {}, {});
    return session ? *std::move(session) : nullptr;
}

void samples()
{
    QTest::addColumn<QString>("name");
    for (const std::string& name : test::sampleNames())
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
}

void compare(const std::filesystem::path& model)
{
    const auto session = open(model);
    QVERIFY(session);
    const auto stage = session->inlined("", "forward", {});
    QVERIFY2(stage, stage ? "" : stage.error().message().c_str());
    QVERIFY(stage->graph.isConsistent());
    const auto expected = oracle::inlined(model, "forward");
    QCOMPARE(stage->graph.nodes.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const ir::Node& node = stage->graph.nodes[i];
        QCOMPARE(stage->graph.kind(node), std::string_view(expected[i].kind));
        QCOMPARE(stage->graph.text(node.modulePath), std::string_view(expected[i].modulePath));
        QCOMPARE(stage->graph.text(node.source.file), std::string_view(expected[i].file));
        QCOMPARE(node.source.line, expected[i].line);
    }
}

} // namespace

void InliningTest::everyNodeHasItsModule_data()
{
    samples();
}

void InliningTest::everyNodeHasItsModule()
{
    QFETCH(QString, name);
    compare(test::sample(name.toStdString()));
}

void InliningTest::largeModelsHaveTheirModules_data()
{
    QTest::addColumn<QString>("name");
    for (const std::string& name : test::largeModelNames())
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
}

void InliningTest::largeModelsHaveTheirModules()
{
    QFETCH(QString, name);
    const auto model = test::largeModel(name.toStdString());
    if (model.empty())
        QSKIP("The large models are not there; ./test makes them.");
    compare(model);
}

void InliningTest::nodesAreTracedToLoadedOnes_data()
{
    samples();
}

// (function, ordinal) leads to a node of the same kind in the loaded graph, and the origin is that
// node's key.
void InliningTest::nodesAreTracedToLoadedOnes()
{
    QFETCH(QString, name);
    const auto session = open(test::sample(name.toStdString()));
    QVERIFY(session);
    const auto program = session->program({});
    QVERIFY(program);
    const auto stage = session->inlined("", "forward", {});
    QVERIFY(stage);
    std::unordered_map<ir::NodeKey, bool> loaded;
    for (const ir::Function& function : program->functions) {
        for (const ir::Node& node : function.graph.nodes)
            loaded.emplace(node.key, true);
    }
    std::set<ir::NodeKey> keys;
    for (const ir::Node& node : stage->graph.nodes) {
        QVERIFY(keys.insert(node.key).second);
        QVERIFY(!loaded.contains(node.key));
        const auto function = program->functionNamed(stage->graph.text(node.function));
        QVERIFY(function);
        const ir::Graph& graph = program->functions[*function].graph;
        QVERIFY(node.ordinal < graph.nodes.size());
        const ir::Node& from = graph.nodes[node.ordinal];
        QCOMPARE(graph.kind(from), stage->graph.kind(node));
        const auto origins = stage->graph.originsOf(node);
        QCOMPARE(origins.size(), std::size_t{1});
        QCOMPARE(origins[0], from.key);
        QCOMPARE(node.source.line, from.source.line);
    }
}

void InliningTest::nothingIsComputedOtherwise_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QStringList>("shapes");
    const auto row = [](const char* name, const QStringList& shapes) {
        QTest::newRow(name) << QString::fromLatin1(name) << shapes;
    };
    row("residual_cnn_scripted", {QStringLiteral("1x3x32x32")});
    row("residual_cnn_traced", {QStringLiteral("1x3x32x32")});
    row("transformer_scripted", {QStringLiteral("int64:1x12")});
    row("transformer_traced", {QStringLiteral("int64:1x12")});
    row("nested_if_loop", {QStringLiteral("4x8"), QStringLiteral("6")});
    row("lstm", {QStringLiteral("2x10x16")});
    row("fork_wait", {QStringLiteral("4x32")});
    row("several_methods", {QStringLiteral("4x16")});
    row("frozen_cnn", {QStringLiteral("1x3x32x32")});
    row("pointwise", {QStringLiteral("128x256"), QStringLiteral("128x256")});
    row("interface_calls", {QStringLiteral("4x8"), QStringLiteral("0")});
}

// Run from lazily loaded weights, against the model loaded whole.
void InliningTest::nothingIsComputedOtherwise()
{
    QFETCH(QString, name);
    QFETCH(QStringList, shapes);
    const auto model = test::sample(name.toStdString());
    const auto session = open(model);
    QVERIFY(session);
    const auto stage = session->inlined("", "forward", {});
    QVERIFY(stage);
    std::vector<std::string> texts;
    for (const QString& shape : shapes)
        texts.push_back(shape.toStdString());
    QVERIFY(oracle::largestDifference(*session, stage->handle, model, texts) < 1e-5);
}

void InliningTest::forkedBodiesBelongToTheirModules()
{
    const auto session = open(test::sample("fork_wait"));
    QVERIFY(session);
    const auto stage = session->inlined("", "forward", {});
    QVERIFY(stage);
    std::set<std::string_view> paths;
    QVERIFY(!stage->graph.subgraphs.empty());
    for (const ir::Graph& body : stage->graph.subgraphs) {
        for (const ir::Node& node : body.nodes) {
            QVERIFY(body.kind(node) != "prim::CallMethod");
            paths.insert(body.text(node.modulePath));
        }
    }
    QVERIFY(paths.contains("left.linear"));
    QVERIFY(paths.contains("right.linear"));
    QVERIFY(!paths.contains(""));
}

void InliningTest::aSubmoduleHasPathsFromTheRoot()
{
    const auto session = open(test::sample("residual_cnn_scripted"));
    QVERIFY(session);
    const auto program = session->program({});
    QVERIFY(program);
    int checked = 0;
    for (const ir::Module& module : program->modules) {
        if (module.parent == ir::none || module.methods.empty() ||
            module.methods[0].name != "forward")
            continue;
        const auto stage = session->inlined(module.path, "forward", {});
        QVERIFY2(stage, stage ? "" : stage.error().message().c_str());
        for (const ir::Node& node : stage->graph.nodes) {
            const std::string_view path = stage->graph.text(node.modulePath);
            QVERIFY(path == module.path || path.starts_with(module.path + "."));
        }
        ++checked;
    }
    QVERIFY(checked > 5);
}

void InliningTest::callChainsNameTheCallers()
{
    const auto session = open(test::sample("residual_cnn_scripted"));
    QVERIFY(session);
    const auto stage = session->inlined("", "forward", {});
    QVERIFY(stage);
    int convolutions = 0;
    for (const ir::Node& node : stage->graph.nodes) {
        if (stage->graph.kind(node) != "aten::conv2d")
            continue;
        ++convolutions;
        const std::string chain(stage->graph.text(node.source.callChain));
        QVERIFY2(chain.find("conv.py(") != std::string::npos, chain.c_str());
        QVERIFY2(chain.find("): _conv_forward\n") != std::string::npos, chain.c_str());
        const auto lastLine = chain.substr(chain.rfind('\n') + 1);
        QVERIFY2(lastLine.find("make_samples.py(") != std::string::npos, chain.c_str());
        QVERIFY2(lastLine.ends_with("): forward"), chain.c_str());
        QVERIFY(node.source.column > 0);
    }
    QVERIFY(convolutions > 0);
}

void InliningTest::unknownNamesAreRefused()
{
    const auto session = open(test::sample("residual_cnn_scripted"));
    QVERIFY(session);
    const auto noModule = session->inlined("no.such.module", "forward", {});
    QVERIFY(!noModule);
    QCOMPARE(noModule.error().code, ErrorCode::InvalidArgument);
    QVERIFY(noModule.error().what.find("no.such.module") != std::string::npos);
    const auto noMethod = session->inlined("", "backward", {});
    QVERIFY(!noMethod);
    QCOMPARE(noMethod.error().code, ErrorCode::InvalidArgument);
    QVERIFY(noMethod.error().what.find("backward") != std::string::npos);
}

void InliningTest::cancellingStops()
{
    const auto session = open(test::sample("transformer_scripted"));
    QVERIFY(session);
    QVERIFY(session->program({}));
    JobContext job;
    job.onProgress = [&job](const Progress& progress) {
        if (progress.phase == "inlining")
            job.cancel.cancel();
    };
    const auto stage = session->inlined("", "forward", job);
    QVERIFY(!stage);
    QCOMPARE(stage.error().code, ErrorCode::Cancelled);
    QVERIFY(session->inlined("", "forward", {})); // and the session still works
}

QTEST_GUILESS_MAIN(InliningTest)
#include "inlining_test.moc"
