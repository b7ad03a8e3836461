// The types that a run sees, against LibTorch's own trace of the same stage.
#include "oracle.h"
#include "recording.h"

#include <QTemporaryDir>
#include <QTest>

#include <map>
#include <tuple>

using namespace test;

namespace {

using Where = std::tuple<ir::NodeKey, bool, std::uint32_t>; // node, is a parameter, position

std::map<Where, std::string> typesOf(const KeepingSink& sink)
{
    std::map<Where, std::string> types;
    for (const record::ObservedType& observed : sink.observedTypes)
        types[{observed.node, observed.isParameter, observed.position}] = ir::toText(observed.type);
    return types;
}

// Of the first output of the nodes of each kind, and of what loops carry first.
std::map<std::string, std::string> typesByKind(const ir::Graph& graph,
                                               const std::map<Where, std::string>& types)
{
    std::map<std::string, std::string> byKind;
    for (const ir::Node& node : graph.nodes) {
        const std::string kind(graph.kind(node));
        if (const auto seen = types.find({node.key, false, 0}); seen != types.end())
            byKind[kind] = seen->second;
        if (const auto seen = types.find({node.key, true, 1}); seen != types.end())
            byKind[kind + " carries"] = seen->second;
        for (const ir::Attribute& attribute : graph.attributesOf(node)) {
            for (const ir::Graph& body : graph.subgraphsOf(attribute))
                byKind.merge(typesByKind(body, types));
        }
    }
    return byKind;
}

} // namespace

class TypesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void areThoseOfLibTorchsTrace_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name :
             {"residual_cnn_scripted", "residual_cnn_traced", "transformer_scripted",
              "transformer_traced", "lstm", "several_methods", "frozen_cnn", "pointwise"})
            QTest::newRow(name) << QString::fromUtf8(name);
    }
    void areThoseOfLibTorchsTrace()
    {
        QFETCH(QString, name);
        const std::vector<std::string> inputs = sampleInputs(name.toStdString());
        auto model = open(sample(name.toStdString()));
        QVERIFY(model.has_value());
        KeepingSink sink;
        const auto outcome =
            record::run(*model->session, request(*model, inputs), sink, JobContext{});
        QVERIFY2(outcome.has_value(), outcome ? "" : outcome.error().message().c_str());
        const auto types = typesOf(sink);
        const auto traced = oracle::tracedTypes(*model->session, model->stage.handle, inputs);
        QVERIFY(!traced.empty());
        for (const oracle::TracedType& expected : traced) {
            const auto seen = types.find({expected.node, false, expected.output});
            QVERIFY2(seen != types.end(), std::to_string(expected.node).c_str());
            QCOMPARE(seen->second, ir::toText(expected.type));
        }
    }

    // A loop whose tensor grows, a branch that is not taken.
    void areThoseOfEveryExecution()
    {
        QTemporaryDir folder;
        const auto file =
            std::filesystem::path(folder.filePath(QStringLiteral("m.pt")).toStdString());
        oracle::saveModel(file, R"(
def forward(self, x: Tensor, n: int) -> Tensor:
    y = x
    for i in range(n):
        y = torch.cat([y, x], 0)
    if n > 100:
        y = torch.relu(y)
    return y.sum()
)");
        auto model = open(file);
        QVERIFY2(model.has_value(), model ? "" : model.error().message().c_str());
        KeepingSink sink;
        const auto outcome =
            record::run(*model->session, request(*model, {"4x8", "3"}), sink, JobContext{});
        QVERIFY2(outcome.has_value(), outcome ? "" : outcome.error().message().c_str());
        const auto types = typesOf(sink);
        QCOMPARE(types.at({0, true, 1}), std::string("Float(4, 8, device=cpu)"));

        std::map<std::string, std::string> byKind = typesByKind(model->stage.graph, types);
        QCOMPARE(byKind["aten::cat"], std::string("Float(*, 8, device=cpu)"));
        QCOMPARE(byKind["prim::Loop"], std::string("Float(16, 8, device=cpu)"));
        QCOMPARE(byKind["prim::Loop carries"], std::string("Float(*, 8, device=cpu)"));
        QCOMPARE(byKind["aten::sum"], std::string("Float(device=cpu)"));
        QVERIFY(!byKind.contains("aten::relu"));
    }

    void areThoseOfWhatIsForked()
    {
        auto model = open(sample("fork_wait"));
        QVERIFY(model.has_value());
        KeepingSink sink;
        const auto outcome =
            record::run(*model->session, request(*model, {"3x32"}), sink, JobContext{});
        QVERIFY2(outcome.has_value(), outcome ? "" : outcome.error().message().c_str());
        const auto byKind = typesByKind(model->stage.graph, typesOf(sink));
        QCOMPARE(byKind.at("aten::sigmoid"), std::string("Float(3, 32, device=cpu)"));
        QCOMPARE(byKind.at("aten::wait"), std::string("Float(3, 32, device=cpu)"));
    }

    void leaveTheModelAsItWas()
    {
        // The buffer counts: a run begins with the model as loaded, whatever was looked at before.
        QTemporaryDir folder;
        const auto file =
            std::filesystem::path(folder.filePath(QStringLiteral("m.pt")).toStdString());
        oracle::saveModel(file, R"(
def forward(self, x: Tensor) -> Tensor:
    self.weight.add_(1.0)
    return x + self.weight
)",
                          {8});
        auto model = open(file);
        QVERIFY2(model.has_value(), model ? "" : model.error().message().c_str());
        KeepingSink sink;
        auto asked = request(*model, {"4x8"}, 2);
        const auto outcome = record::run(*model->session, asked, sink, JobContext{});
        QVERIFY2(outcome.has_value(), outcome ? "" : outcome.error().message().c_str());
        QVERIFY(!sink.observedTypes.empty());
        QCOMPARE(outcome->verdict.outputsEqual, std::optional(true));
    }

    void areNotLookedAtUnasked()
    {
        auto model = open(sample("pointwise"));
        KeepingSink sink;
        auto asked = request(*model, sampleInputs("pointwise"));
        asked.observeTypes = false;
        QVERIFY(record::run(*model->session, asked, sink, JobContext{}).has_value());
        QVERIFY(sink.observedTypes.empty());
    }

    // The run itself says why.
    void ofAModelThatFailsAreThoseUntilThen()
    {
        QTemporaryDir folder;
        const auto file =
            std::filesystem::path(folder.filePath(QStringLiteral("m.pt")).toStdString());
        oracle::saveModel(file, R"(
def forward(self, x: Tensor) -> Tensor:
    y = torch.relu(x)
    assert y.size(0) == 5, "five"
    return y.sum()
)");
        auto model = open(file);
        QVERIFY(model.has_value());
        KeepingSink sink;
        const auto outcome =
            record::run(*model->session, request(*model, {"4x8"}), sink, JobContext{});
        QVERIFY(!outcome.has_value());
        QVERIFY(outcome.error().message().find("five") != std::string::npos);
        QCOMPARE(sink.observedTypes.size(), std::size_t(2)); // the input and relu
    }
};

QTEST_GUILESS_MAIN(TypesTest)
#include "types_test.moc"
