// What a run saw of its values shows in the pictures of every stage: documents that the real
// program made, read as the window reads them.
#include "core/document/reader.h"
#include "core/ir/tensor_type.h"
#include "core/scene/scope_builder.h"
#include "tests/app/cli/cli_under_test.h"

#include <QTemporaryDir>
#include <QTest>

#include <set>
#include <utility>

using namespace jitscope;
using namespace jitscope::test;

namespace {

struct Edges
{
    int tensors = 0; // of which the type is that of a tensor
    int shaped = 0;
    QStringList missing; // of operators that ran, and whose output was seen
};

class ShownDocument
{
public:
    explicit ShownDocument(const QString& path)
        : m_reader(document::Reader::open(path.toStdString()).value()),
          m_builder(
              std::make_shared<const scene::ModelOutline>(
                  rows<document::ModuleRow>(), rows<document::MethodRow>(),
                  rows<document::FunctionRow>(), rows<document::TensorRow>()),
              std::make_shared<const document::NodeIndex>(
                  document::NodeIndex::read(m_reader).value()),
              [this](std::int64_t id) { return m_reader.graph(id); }, {},
              scene::KnownTypes::read(m_reader, 0).value())
    {}

    template <typename Row>
    std::vector<Row> rows()
    {
        return m_reader.rows<Row>().value();
    }

    // Of the stage as loaded, or of the newest of a kind, with everything open.
    Edges edges(const std::string& kind = "loaded")
    {
        Edges edges;
        scene::ScopePtr root = m_builder.method({}, "forward").value();
        for (const document::StageRow& stage : rows<document::StageRow>()) {
            if (stage.kind == kind && stage.graph != 0)
                root = m_builder.stage(m_reader.graph(stage.graph).value(), {}, "forward").value();
        }
        count(*root, edges);
        return edges;
    }

private:
    void count(const scene::Scope& scope, Edges& edges)
    {
        for (const scene::Edge& edge : scope.edges) {
            const auto type = ir::tensorTypeOf(edge.type);
            if (!type)
                continue;
            ++edges.tensors;
            if (type->sizes)
                ++edges.shaped;
            else if (wasSeen(scope.boxes[edge.from], edge.fromPort))
                edges.missing << QString::fromStdString(scope.id + ": " +
                                                        scope.boxes[edge.from].title + " -> " +
                                                        scope.boxes[edge.to].title);
        }
        for (const scene::Box& box : scope.boxes) {
            if (box.canOpen())
                count(*m_builder.inside(box).value(), edges);
        }
    }

    // Nothing is known of what stands in a branch that was not taken.
    [[nodiscard]] bool wasSeen(const scene::Box& box, std::uint32_t port)
    {
        if (box.kind != scene::BoxKind::Operator && box.kind != scene::BoxKind::Control)
            return false;
        for (const document::NodeRef& ref : box.refs) {
            for (const ir::NodeKey key : m_builder.nodes().related(ref)) {
                if (m_seen.contains({key, port}))
                    return true;
            }
        }
        return false;
    }

    document::Reader m_reader;
    scene::ScopeBuilder m_builder;
    std::set<std::pair<std::int64_t, std::int64_t>> m_seen; // outputs: node and position
};

} // namespace

class ShapesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_folder.isValid()); }

    // `least` of a hundred edges: branches that were not taken say nothing.
    void aRunShowsThemInEveryStage_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("input");
        QTest::addColumn<int>("least");
        QTest::newRow("scripted") << "residual_cnn_scripted.pt"
                                  << "1x3x32x32" << 97;
        QTest::newRow("traced") << "residual_cnn_traced.pt"
                                << "1x3x32x32" << 100;
        QTest::newRow("transformer") << "transformer_scripted.pt"
                                     << "int64:1x12" << 15;
        QTest::newRow("loop") << "nested_if_loop.pt"
                              << "4x8" << 60;
        QTest::newRow("fork") << "fork_wait.pt"
                              << "4x32" << 100;
        QTest::newRow("lstm") << "lstm.pt"
                              << "2x10x16" << 70;
        QTest::newRow("frozen") << "frozen_cnn.pt"
                                << "1x3x32x32" << 100;
    }
    void aRunShowsThemInEveryStage()
    {
        QFETCH(QString, model);
        QFETCH(QString, input);
        QFETCH(int, least);
        const QString document = m_folder.filePath(model + QStringLiteral(".jitscope"));
        const CliResult run = runCli(
            {QStringLiteral("profile"), samplePath(model), QStringLiteral("--input"), input,
             QStringLiteral("--iterations"), QStringLiteral("1"), QStringLiteral("-o"), document});
        QVERIFY2(run.exitCode == 0, run.messages.c_str());
        ShownDocument shown(document);
        for (const char* stage : {"loaded", "inlined"}) {
            const Edges edges = shown.edges(stage);
            QVERIFY(edges.tensors > 0);
            QVERIFY2(edges.missing.isEmpty(),
                     qPrintable(edges.missing.mid(0, 20).join(QLatin1Char('\n'))));
            QVERIFY2(edges.shaped * 100 >= edges.tensors * least,
                     qPrintable(QStringLiteral("%1: %2 of %3")
                                    .arg(QString::fromUtf8(stage))
                                    .arg(edges.shaped)
                                    .arg(edges.tensors)));
        }
        QVERIFY(shown.edges("executed").shaped > 0);
    }

    void withoutThemNothingIsKnown()
    {
        const QString document = m_folder.filePath(QStringLiteral("without.jitscope"));
        const CliResult run =
            runCli({QStringLiteral("profile"), samplePath(QStringLiteral("pointwise.pt")),
                    QStringLiteral("--iterations"), QStringLiteral("1"),
                    QStringLiteral("--no-shapes"), QStringLiteral("-o"), document});
        QVERIFY2(run.exitCode == 0, run.messages.c_str());
        ShownDocument shown(document);
        QVERIFY(shown.rows<document::ObservedTypeRow>().empty());
        QCOMPARE(shown.edges().shaped, 0);
    }

    void propagatedOnesShowToo_data()
    {
        QTest::addColumn<QString>("pass");
        QTest::newRow("given") << "propagate-shapes:inputs=1x3x32x32";
        QTest::newRow("guessed") << "propagate-shapes";
    }
    void propagatedOnesShowToo()
    {
        QFETCH(QString, pass);
        const QString document = m_folder.filePath(QStringLiteral("propagated.jitscope"));
        const CliResult run = runCli(
            {QStringLiteral("passes"), samplePath(QStringLiteral("residual_cnn_scripted.pt")),
             QStringLiteral("--apply"), pass, QStringLiteral("-o"), document});
        QVERIFY2(run.exitCode == 0, run.messages.c_str());
        const Edges edges = ShownDocument(document).edges();
        QVERIFY(edges.shaped * 10 >= edges.tensors * 9);
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(ShapesTest)
#include "shapes_test.moc"
