// Calls whose target is not plain: through interfaces, and of operators that are not here.
#include "core/torchscript/session.h"
#include "tests/core/torchscript/models.h"
#include "tests/core/torchscript/oracle.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <set>

using namespace jitscope;
namespace fs = std::filesystem;

class CallsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void candidatesImplementTheInterface();
    void aKnownObjectIsExpanded();
    void anAssignedObjectIsNot();
    void freeFunctionsAreThere();
    void missingOperatorsAreStubbed();
    void resultsMayBeSeveral();
    void aWrongGuessSaysSo();
    void stubsDoNotPileUp();

private:
    // A copy of a sample in whose code `text` is replaced.
    fs::path altered(const std::string& sample,
                     const std::vector<std::pair<QString, QString>>& text);

    QTemporaryDir m_folder;
    int m_files = 0;
};

namespace {

std::unique_ptr<torchscript::Session> open(const fs::path& model)
{
    auto session = torchscript::Session::load(model, {}, {});
    if (!session)
        qWarning("%s", session.error().message().c_str());
    return session ? *std::move(session) : nullptr;
}

int countOf(const ir::Graph& graph, std::string_view kind)
{
    return static_cast<int>(
        std::count_if(graph.nodes.begin(), graph.nodes.end(),
                      [&](const ir::Node& node) { return graph.kind(node) == kind; }));
}

} // namespace

fs::path CallsTest::altered(const std::string& sample,
                            const std::vector<std::pair<QString, QString>>& text)
{
    const fs::path file =
        fs::path(m_folder.path().toStdString()) / (sample + std::to_string(m_files++) + ".pt");
    oracle::rewriteArchive(test::sample(sample), file,
                           [&](const std::string& record, std::string& bytes) {
                               if (!record.ends_with(".py"))
                                   return true;
                               QString code = QString::fromStdString(bytes);
                               for (const auto& [before, after] : text)
                                   code.replace(before, after);
                               bytes = code.toStdString();
                               return true;
                           });
    return file;
}

void CallsTest::candidatesImplementTheInterface()
{
    const auto session = open(test::sample("interface_calls"));
    QVERIFY(session);
    const auto program = session->program({});
    QVERIFY(program);
    const auto forward = program->functionNamed("__torch__.InterfaceCalls.forward");
    QVERIFY(forward);
    const ir::Graph& graph = program->functions[*forward].graph;
    std::vector<ir::NodeKey> calls;
    for (const ir::Node& node : graph.nodes) {
        if (graph.kind(node) == "prim::CallMethod")
            calls.push_back(node.key);
    }
    QCOMPARE(calls.size(), std::size_t{2});
    for (const ir::NodeKey call : calls) {
        std::set<std::string> names;
        for (const ir::CallCandidate& candidate : program->candidates) {
            if (candidate.call == call)
                names.insert(program->functions.at(candidate.function).name);
        }
        QVERIFY((names ==
                 std::set<std::string>{"__torch__.ScaledCube.forward", "__torch__.Swish.forward"}));
    }
    QCOMPARE(program->candidates.size(), std::size_t{4});
}

void CallsTest::aKnownObjectIsExpanded()
{
    const auto model = test::sample("interface_calls");
    const auto session = open(model);
    QVERIFY(session);
    const auto stage = session->inlined("", "forward", {});
    QVERIFY2(stage, stage ? "" : stage.error().message().c_str());
    QCOMPARE(countOf(stage->graph, "prim::CallFunction"), 0);
    QCOMPARE(countOf(stage->graph, "prim::CallMethod"), 1); // of the module chosen while it runs
    QCOMPARE(countOf(stage->graph, "aten::sigmoid"), 1);
    for (const ir::Node& node : stage->graph.nodes) {
        if (stage->graph.kind(node) == "aten::sigmoid")
            QCOMPARE(stage->graph.text(node.modulePath), std::string_view("first"));
    }
    for (const char* which : {"0", "1"})
        QVERIFY(oracle::largestDifference(*session, stage->handle, model, {"4x8", which}) < 1e-6);
}

// What the file holds in an attribute that a method assigns says nothing.
void CallsTest::anAssignedObjectIsNot()
{
    const auto model =
        altered("interface_calls",
                {{QStringLiteral("    first = self.first\n"),
                  QStringLiteral("    self.first = self.first\n    first = self.first\n")}});
    const auto session = open(model);
    QVERIFY(session);
    const auto stage = session->inlined("", "forward", {});
    QVERIFY2(stage, stage ? "" : stage.error().message().c_str());
    QCOMPARE(countOf(stage->graph, "prim::SetAttr"), 1);
    QCOMPARE(countOf(stage->graph, "prim::CallMethod"), 2);
    QVERIFY(oracle::largestDifference(*session, stage->handle, model, {"4x8", "0"}) < 1e-6);
}

void CallsTest::freeFunctionsAreThere()
{
    const auto session = open(test::sample("interface_calls"));
    QVERIFY(session);
    const auto program = session->program({});
    QVERIFY(program);
    const auto halved = program->functionNamed("__torch__.halved");
    QVERIFY(halved);
    QVERIFY(!program->functions[*halved].isMethod);
    QCOMPARE(countOf(program->functions[*halved].graph, "prim::Loop"), 1);
}

void CallsTest::missingOperatorsAreStubbed()
{
    const auto model = altered(
        "pointwise",
        {{QStringLiteral("torch.sigmoid(z)"), QStringLiteral("ops.acme.gate(z, 2, mode=[1, 2])")},
         {QStringLiteral("torch.tanh(y)"), QStringLiteral("ops.torch_scatter.sum(y)")},
         {QStringLiteral("torch.neg(z1)"), QStringLiteral("torch.brand_new(z1)")}});
    torchscript::LoadOptions strict;
    strict.stubMissingOperators = false;
    const auto refused = torchscript::Session::load(model, strict, {});
    QVERIFY(!refused);
    QVERIFY2(refused.error().what.find("acme::gate") != std::string::npos,
             refused.error().what.c_str());

    const auto session = open(model);
    QVERIFY(session);
    const auto program = session->program({});
    QVERIFY(program);
    QVERIFY(program->problems.empty());
    QCOMPARE(program->missingOperators.size(), std::size_t{3});
    const auto& missing = program->missingOperators; // in order of name
    QCOMPARE(missing[0].name, std::string("acme::gate"));
    QVERIFY(missing[0].library.empty() && missing[0].isGuessed);
    QCOMPARE(missing[0].calls, std::uint64_t{1});
    QVERIFY(missing[0].firstCall != 0);
    QVERIFY2(missing[0].neededBy.starts_with("__torch__.Pointwise.forward ("),
             missing[0].neededBy.c_str());
    QVERIFY2(missing[0].neededBy.find("make_samples.py:") != std::string::npos,
             missing[0].neededBy.c_str());
    QCOMPARE(missing[1].name, std::string("aten::brand_new"));
    QCOMPARE(missing[2].name, std::string("torch_scatter::sum"));
    QCOMPARE(missing[2].library, std::string("torch-scatter"));

    const auto stage = session->inlined("", "forward", {});
    QVERIFY2(stage, stage ? "" : stage.error().message().c_str());
    const auto pass = session->apply(stage->handle, "eliminate-dead-code", {}, {});
    QVERIFY2(pass, pass ? "" : pass.error().message().c_str());
    QCOMPARE(countOf(pass->stage.graph, "acme::gate"), 1);
    const std::string failure = oracle::failureOf(*session, stage->handle, {"2x256", "2x256"});
    QVERIFY2(failure.find("acme::gate") != std::string::npos, failure.c_str());
}

void CallsTest::resultsMayBeSeveral()
{
    const auto model = altered(
        "pointwise", {{QStringLiteral("    _0 = torch.mul(x, scale)\n"),
                       QStringLiteral("    _0, _9, = ops.acme.pair(x, scale)\n")},
                      {QStringLiteral("    _2 = torch.exp("),
                       QStringLiteral("    ops.acme.note(\"done\")\n    _2 = torch.exp(")}});
    const auto session = open(model);
    QVERIFY(session);
    const auto program = session->program({});
    QVERIFY(program);
    QCOMPARE(program->missingOperators.size(), std::size_t{2});
    const ir::Graph& graph = program->functions.at(0).graph;
    for (const ir::Node& node : graph.nodes) {
        if (graph.kind(node) == "acme::pair")
            QCOMPARE(node.outputs.count, std::uint32_t{2});
        if (graph.kind(node) == "acme::note")
            QCOMPARE(node.outputs.count, std::uint32_t{0});
    }
}

// A result that cannot be a tensor: the file is refused, and the operator is named as the cause.
void CallsTest::aWrongGuessSaysSo()
{
    const auto model = altered(
        "interface_calls", {{QStringLiteral(", 2, )"), QStringLiteral(", ops.acme.times(), )")}});
    const auto session = torchscript::Session::load(model, {}, {});
    // A tensor is taken where an int is asked for, so this one even opens.
    QVERIFY2(session, session ? "" : session.error().message().c_str());
    const auto text =
        altered("interface_calls",
                {{QStringLiteral("range(times)"), QStringLiteral("range(ops.acme.words().x)")}});
    const auto refused = torchscript::Session::load(text, {}, {});
    QVERIFY(!refused);
    QVERIFY2(refused.error().remedy.find("guessed") != std::string::npos,
             refused.error().message().c_str());
}

void CallsTest::stubsDoNotPileUp()
{
    const auto model = altered(
        "pointwise", {{QStringLiteral("torch.sigmoid(z)"), QStringLiteral("ops.acme.again(z)")}});
    for (int i = 0; i < 3; ++i) {
        const auto session = open(model);
        QVERIFY(session);
        const auto second = open(model);
        QVERIFY(second);
        const auto program = second->program({});
        QVERIFY(program);
        QCOMPARE(program->missingOperators.size(), std::size_t{1});
    }
    // Without a session the operator is gone.
    torchscript::LoadOptions strict;
    strict.stubMissingOperators = false;
    QVERIFY(!torchscript::Session::load(model, strict, {}));
}

QTEST_GUILESS_MAIN(CallsTest)
#include "calls_test.moc"
