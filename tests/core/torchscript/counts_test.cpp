// The document holds of a model what LibTorch holds: by count, by print, and by source.
#include "core/document/reader.h"
#include "core/document/writer.h"
#include "core/ir/counts.h"
#include "core/ir/print.h"
#include "core/torchscript/session.h"
#include "tests/core/torchscript/models.h"
#include "tests/core/torchscript/oracle.h"

#include <QMap>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <map>
#include <set>

using namespace jitscope;

class CountsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyFunctionIsWhole_data();
    void everyFunctionIsWhole();
    void largeModelsAreWhole_data();
    void largeModelsAreWhole();
};

namespace {

// What the model carries of Python source: file and text.
using Fragments = std::set<std::pair<std::string, std::string>>;

// LibTorch numbers warnings as they come in the process, the document within a graph.
std::string renumbered(const std::string& text)
{
    static const QRegularExpression number(QStringLiteral("(?<=\\[warn_id=)\\d+"));
    QString result = QString::fromStdString(text);
    QMap<QString, QString> numbers;
    QRegularExpressionMatch match;
    for (qsizetype at = 0; (at = result.indexOf(number, at, &match)) >= 0;) {
        const QString known = match.captured();
        if (!numbers.contains(known))
            numbers.insert(known, QString::number(numbers.size()));
        result.replace(at, known.size(), numbers.value(known));
        at += numbers.value(known).size();
    }
    return result.toStdString();
}

QString firstDifference(const std::string& left, const std::string& right)
{
    const QStringList a = QString::fromStdString(left).split(QLatin1Char('\n'));
    const QStringList b = QString::fromStdString(right).split(QLatin1Char('\n'));
    for (qsizetype i = 0; i < std::max(a.size(), b.size()); ++i) {
        if (a.value(i) != b.value(i))
            return QStringLiteral("line %1:\n  document: %2\n  LibTorch: %3")
                .arg(i + 1)
                .arg(a.value(i), b.value(i));
    }
    return {};
}

void compareSource(const ir::Graph& graph, const ir::Node& node, const oracle::Source& known,
                   const Fragments& fragments)
{
    QCOMPARE(graph.text(node.source.file), std::string_view(known.file));
    QCOMPARE(node.source.line, known.line);
    QCOMPARE(node.source.column, known.column);
    if (known.file.empty())
        return;
    const std::string_view chain = graph.text(node.source.callChain);
    if (known.isTrace) {
        std::string_view stack = *known.text;
        while (stack.ends_with('\n'))
            stack.remove_suffix(1);
        QCOMPARE(QString::fromUtf8(chain.data(), static_cast<qsizetype>(chain.size())),
                 QString::fromUtf8(stack.data(), static_cast<qsizetype>(stack.size())));
    } else {
        QVERIFY(chain.starts_with(known.file + "(" + std::to_string(known.line) + "): "));
        QVERIFY2(fragments.contains({known.file, *known.text}), known.text->c_str());
    }
}

void compareCounts(const ir::Graph& graph, const document::GraphRow& row,
                   const oracle::Function& known)
{
    const ir::Counts counts = ir::count(graph);
    QCOMPARE(counts.nodes, known.counts.nodes);
    QCOMPARE(counts.blocks, known.counts.blocks);
    QCOMPARE(counts.values, known.counts.values);
    QCOMPARE(counts.uses, known.counts.uses);
    QCOMPARE(counts.withSource, known.counts.withSource);
    QCOMPARE(static_cast<std::uint64_t>(row.node_count), known.counts.nodes);
    QCOMPARE(static_cast<std::uint64_t>(row.block_count), known.counts.blocks);
    QCOMPARE(static_cast<std::uint64_t>(row.value_count), known.counts.values);
    QCOMPARE(static_cast<std::uint64_t>(row.use_count), known.counts.uses);
    QVERIFY(ir::countKinds(graph) == known.kinds);
}

void compareFunction(const std::string& name, const ir::Graph& graph, const document::GraphRow& row,
                     const oracle::Function& known, const Fragments& fragments)
{
    compareCounts(graph, row, known);
    const std::string text = ir::print(graph);
    const std::string expected = renumbered(known.text);
    if (text != expected)
        QFAIL(qPrintable(QString::fromStdString(name) + QLatin1String(", ") +
                         firstDifference(text, expected)));
    QCOMPARE(graph.nodes.size(), known.sources.size());
    for (std::size_t i = 0; i < known.sources.size(); ++i) {
        compareSource(graph, graph.nodes[i], known.sources[i], fragments);
        if (QTest::currentTestFailed()) {
            qInfo("in %s, node %zu", name.c_str(), i);
            return;
        }
        QCOMPARE(graph.text(graph.nodes[i].function), std::string_view(name));
    }
}

void writeDocument(torchscript::Session& session, const std::filesystem::path& file)
{
    const auto program = session.program({});
    QVERIFY2(program, program ? "" : program.error().message().c_str());
    QVERIFY2(program->problems.empty(),
             program->problems.empty() ? "" : program->problems.front().c_str());
    auto writer = document::Writer::create(file);
    QVERIFY2(writer, writer ? "" : writer.error().message().c_str());
    const auto written = writer->writeProgram(*program);
    QVERIFY2(written, written ? "" : written.error().message().c_str());
}

void compare(const std::filesystem::path& model)
{
    const QTemporaryDir folder;
    const auto file = std::filesystem::path(folder.path().toStdString()) / "model.jitscope";
    // Kept, because its stubs let LibTorch read a model whose operators are not here.
    const auto session = torchscript::Session::load(model, {}, {});
    QVERIFY2(session, session ? "" : session.error().message().c_str());
    writeDocument(**session, file);
    if (QTest::currentTestFailed())
        return;
    const auto reader = document::Reader::open(file);
    QVERIFY2(reader, reader ? "" : reader.error().message().c_str());
    const auto functions = reader->rows<document::FunctionRow>();
    const auto graphs = reader->rows<document::GraphRow>();
    const auto sources = reader->rows<document::SourceRow>();
    QVERIFY(functions && graphs && sources);
    std::map<std::int64_t, const document::GraphRow*> graphRows;
    for (const document::GraphRow& row : *graphs)
        graphRows.emplace(row.id, &row);
    Fragments fragments;
    for (const document::SourceRow& row : *sources)
        fragments.emplace(row.file, row.text);

    const auto expected = oracle::functions(model);
    std::set<std::string> seen;
    ir::NodeKey lastKey = 0;
    for (const document::FunctionRow& function : *functions) {
        QVERIFY2(seen.insert(function.name).second, function.name.c_str());
        const auto known = expected.find(function.name);
        QVERIFY2(known != expected.end(), function.name.c_str());
        const auto graph = reader->graph(function.graph);
        QVERIFY2(graph, graph ? "" : graph.error().message().c_str());
        for (const ir::Node& node : (*graph)->nodes) {
            QVERIFY(node.key > lastKey);
            lastKey = node.key;
        }
        compareFunction(function.name, **graph, *graphRows.at(function.graph), known->second,
                        fragments);
        if (QTest::currentTestFailed())
            return;
    }
    QCOMPARE(seen.size(), expected.size());
}

} // namespace

void CountsTest::everyFunctionIsWhole_data()
{
    QTest::addColumn<QString>("name");
    for (const std::string& name : test::sampleNames())
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
}

void CountsTest::everyFunctionIsWhole()
{
    QFETCH(QString, name);
    compare(test::sample(name.toStdString()));
}

void CountsTest::largeModelsAreWhole_data()
{
    QTest::addColumn<QString>("name");
    for (const std::string& name : test::largeModelNames())
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
}

void CountsTest::largeModelsAreWhole()
{
    QFETCH(QString, name);
    const auto model = test::largeModel(name.toStdString());
    if (model.empty())
        QSKIP("The large models are not there; ./test makes them.");
    compare(model);
}

QTEST_GUILESS_MAIN(CountsTest)
#include "counts_test.moc"
