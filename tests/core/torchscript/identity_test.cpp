// Keys and the executor's plans: which node is which.
#include "core/ir/codec.h"
#include "core/torchscript/session.h"
#include "tests/core/torchscript/models.h"
#include "tests/core/torchscript/oracle.h"

#include <QTest>

#include <set>
#include <unordered_set>

using namespace jitscope;

class IdentityTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSameFileGivesTheSameProgram();
    void keysAreCountedFromOne();
    void reservedKeysAreNotGiven();
    void plansLeadToTheStage_data();
    void plansLeadToTheStage();
    void failuresNameThePythonLine();
    void theModuleTreeIsWhole();
    void tensorsAreListedWithoutReading();
};

namespace {

std::unique_ptr<torchscript::Session> open(const std::string& name)
{
    auto session = torchscript::Session::load(test::sample(name), {}, {});
    return session ? *std::move(session) : nullptr;
}

bool equal(const ir::Graph& a, const ir::Graph& b)
{
    return ir::encode(a) == ir::encode(b);
}

} // namespace

void IdentityTest::theSameFileGivesTheSameProgram()
{
    const auto first = open("several_methods");
    const auto second = open("several_methods");
    QVERIFY(first && second);
    const auto a = first->program({});
    const auto b = second->program({});
    const auto again = first->program({}); // asked twice
    QVERIFY(a && b && again);
    QCOMPARE(a->functions.size(), b->functions.size());
    for (std::size_t i = 0; i < a->functions.size(); ++i) {
        QCOMPARE(a->functions[i].name, b->functions[i].name);
        QVERIFY(equal(a->functions[i].graph, b->functions[i].graph));
        QVERIFY(equal(a->functions[i].graph, again->functions[i].graph));
    }
    const auto left = first->inlined("", "forward", {});
    const auto right = second->inlined("", "forward", {});
    QVERIFY(left && right);
    QVERIFY(equal(left->graph, right->graph));
}

void IdentityTest::keysAreCountedFromOne()
{
    const auto session = open("nested_if_loop");
    QVERIFY(session);
    const auto program = session->program({});
    QVERIFY(program);
    ir::NodeKey next = 1;
    for (const ir::Function& function : program->functions) {
        for (ir::NodeId id = 0; id < function.graph.nodes.size(); ++id) {
            QCOMPARE(function.graph.nodes[id].key, next++);
            QCOMPARE(function.graph.nodes[id].ordinal, id);
        }
    }
}

void IdentityTest::reservedKeysAreNotGiven()
{
    const auto session = open("pointwise");
    QVERIFY(session);
    session->reserveKeys(100'000);
    const auto program = session->program({});
    QVERIFY(program);
    QCOMPARE(program->functions.front().graph.nodes.front().key,
             1U); // loaded keys are what they always are
    const auto stage = session->inlined("", "forward", {});
    QVERIFY(stage);
    for (const ir::Node& node : stage->graph.nodes)
        QVERIFY(node.key >= 100'000);
    session->reserveKeys(5); // never goes back
    const auto more = session->inlined("", "forward", {});
    QVERIFY(more);
    QVERIFY(more->graph.nodes.front().key > stage->graph.nodes.back().key);
}

void IdentityTest::plansLeadToTheStage_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("shape");
    QTest::addColumn<int>("runs");
    for (const int runs : {0, 2}) {
        for (const char* name : {"residual_cnn_scripted", "residual_cnn_traced", "frozen_cnn"})
            QTest::addRow("%s after %d runs", name, runs)
                << QString::fromLatin1(name) << QStringLiteral("1x3x32x32") << runs;
        QTest::addRow("lstm after %d runs", runs)
            << QStringLiteral("lstm") << QStringLiteral("2x10x16") << runs;
    }
}

void IdentityTest::plansLeadToTheStage()
{
    QFETCH(QString, name);
    QFETCH(QString, shape);
    QFETCH(int, runs);
    const auto session = open(name.toStdString());
    QVERIFY(session);
    const auto stage = session->inlined("", "forward", {});
    QVERIFY(stage);
    std::unordered_set<ir::NodeKey> known;
    for (const ir::Node& node : stage->graph.nodes)
        known.insert(node.key);
    const auto plan = oracle::executedPlan(*session, stage->handle, {shape.toStdString()}, runs);
    QCOMPARE(plan.graph.nodes.size(), plan.nodes);
    QVERIFY(plan.graph.isConsistent());
    std::size_t operators = 0;
    std::size_t attributed = 0;
    for (const ir::Node& node : plan.graph.nodes) {
        QVERIFY(!known.contains(node.key));
        for (const ir::NodeKey origin : plan.graph.originsOf(node))
            QVERIFY(known.contains(origin));
        // Integer arithmetic comes from unrolled loops and is the executor's own.
        const std::string_view kind = plan.graph.kind(node);
        if (kind == "aten::conv2d" || kind == "aten::_convolution" || kind == "aten::batch_norm" ||
            kind == "aten::lstm" || kind == "aten::linear") {
            ++operators;
            attributed += plan.graph.originsOf(node).empty() ? 0 : 1;
        }
    }
    QVERIFY(operators > 0);
    QCOMPARE(attributed, operators);
}

void IdentityTest::failuresNameThePythonLine()
{
    const auto session = open("residual_cnn_scripted");
    QVERIFY(session);
    const auto stage = session->inlined("", "forward", {});
    QVERIFY(stage);
    const std::string said =
        oracle::failureOf(*session, stage->handle, {"1x5x32x32"}); // 3 channels expected
    QVERIFY2(said.find("conv.py") != std::string::npos, said.c_str());
    QVERIFY2(said.find("expected input") != std::string::npos, said.c_str());
}

void IdentityTest::theModuleTreeIsWhole()
{
    const auto session = open("residual_cnn_traced");
    QVERIFY(session);
    const auto program = session->program({});
    QVERIFY(program);
    QVERIFY(program->modules.size() > 10);
    QCOMPARE(program->modules[0].path, std::string());
    QCOMPARE(program->modules[0].parent, ir::none);
    std::set<std::string> paths;
    for (std::size_t i = 1; i < program->modules.size(); ++i) {
        const ir::Module& module = program->modules[i];
        QVERIFY(module.parent < i);
        const std::string& above = program->modules[module.parent].path;
        QVERIFY(above.empty() || module.path.starts_with(above + "."));
        QVERIFY(paths.insert(module.path).second);
        QVERIFY(module.typeName.ends_with(module.className));
        for (const ir::Method& method : module.methods) {
            QCOMPARE(program->functions[method.function].name, module.typeName + "." + method.name);
            QVERIFY(program->functions[method.function].isMethod);
        }
    }
    QVERIFY(!program->code.empty());
    QVERIFY(!program->sources.empty());
}

void IdentityTest::tensorsAreListedWithoutReading()
{
    const auto session = open("residual_cnn_scripted");
    QVERIFY(session);
    const auto program = session->program({});
    QVERIFY(program);
    std::size_t parameters = 0;
    std::size_t buffers = 0;
    for (const ir::Tensor& tensor : program->tensors) {
        parameters += tensor.role == ir::TensorRole::Parameter ? 1 : 0;
        buffers += tensor.role == ir::TensorRole::Buffer ? 1 : 0;
        QCOMPARE(tensor.shape.size(), tensor.strides.size());
        if (tensor.role == ir::TensorRole::Parameter) {
            QCOMPARE(tensor.dtype, std::string("float32"));
            std::uint64_t bytes = 4;
            for (const std::int64_t size : tensor.shape)
                bytes *= static_cast<std::uint64_t>(size);
            QCOMPARE(tensor.bytes, bytes);
        }
    }
    QVERIFY(parameters > 10);
    QVERIFY(buffers > 10);
    const auto frozen = open("frozen_cnn");
    QVERIFY(frozen);
    const auto constants = frozen->program({});
    QVERIFY(constants);
    QVERIFY(std::any_of(
        constants->tensors.begin(), constants->tensors.end(), [](const ir::Tensor& tensor) {
            return tensor.role == ir::TensorRole::Constant && tensor.shape.size() == 4;
        }));
}

QTEST_GUILESS_MAIN(IdentityTest)
#include "identity_test.moc"
