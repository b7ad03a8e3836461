// The page about a model: whole, safe whatever the names, bounded, readable without anything else.
#include "core/document/writer.h"
#include "core/report/page_frame_p.h"
#include "core/report/report.h"
#include "tests/core/report/html_check.h"
#include "tests/core/scene/graph_maker.h"
#include "tests/views/model/sample_document.h"

#include <QCryptographicHash>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace jitscope;
using tests::CheckedPage;
using tests::checkPage;

namespace {

const std::string evil = "</title><x-evil onload=\"go()\">'&\xff\x02";
const QString evilShown = QStringLiteral("</title><x-evil onload=\"go()\">'&\uFFFD\uFFFD");

ir::Tensor tensor(const std::string& name, ir::TensorRole role = ir::TensorRole::Parameter)
{
    ir::Tensor t;
    t.name = name;
    t.role = role;
    t.dtype = "float32";
    t.device = "cpu";
    t.shape = {8, 4};
    t.strides = {4, 1};
    t.bytes = 128;
    t.storage = name;
    return t;
}

// A model whose forward reads one of its two weights.
ir::Program halfUsed()
{
    tests::GraphMaker maker(1, "__torch__.M.forward");
    const ir::ValueId self = maker.parameter("self", "__torch__.M");
    const ir::ValueId x = maker.parameter("x.1", "Tensor");
    const ir::ValueId weight = maker.attribute(self, "weight", "Tensor");
    maker.returns({maker.node("aten::mul", {x, weight},
                              "aten::mul.Tensor(Tensor self, Tensor "
                              "other) -> Tensor")});
    ir::Program program;
    program.modules.push_back({"", "__torch__.M", "M", ir::none, {{"forward", 0}}});
    program.functions.push_back({"__torch__.M.forward",
                                 "forward(__torch__.M self, Tensor x) -> Tensor", true,
                                 maker.take()});
    program.tensors = {tensor("weight"), tensor("spare"),
                       tensor("counter", ir::TensorRole::Buffer)};
    return program;
}

ir::Program hostile()
{
    tests::GraphMaker maker(1, evil);
    maker.parameter("self", "__torch__." + evil);
    const ir::ValueId x = maker.parameter(evil, evil);
    maker.returns({maker.node("evil::" + evil, {x}, evil)});
    ir::Program program;
    program.modules.push_back({"", "__torch__." + evil, evil, ir::none, {{"forward", 0}}});
    program.modules.push_back({evil, evil, evil, 0, {{evil, 0}}});
    program.functions.push_back({evil, evil, true, maker.take()});
    ir::Tensor weight = tensor(evil + ".w");
    weight.dtype = evil;
    program.tensors = {weight, tensor(evil, ir::TensorRole::Constant)};
    program.code.push_back({evil, evil});
    return program;
}

} // namespace

class ReportTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pageTellsTheModel();
    void pageNeedsNothingElse();
    void pageIsTheSameTwice();
    void namesCannotBreakOut();
    void linksLeadSomewhere();
    void limitsHold();
    void unusedWeightsAreFound();
    void statisticsAreShown();
    void otherFilesAreTold();
    void failureIsTold();
    void cancelIsCancelled();

private:
    [[nodiscard]] document::Reader documentOf(const ir::Program& program, const char* name) const
    {
        const std::filesystem::path path = m_folder.filePath(QString::fromUtf8(name)).toStdString();
        {
            document::Writer writer = document::Writer::create(path).value();
            if (!writer.setInfo("model_path", "/models/" + evil) || !writer.writeProgram(program))
                qFatal("The document could not be written.");
        }
        return document::Reader::open(path).value();
    }
    [[nodiscard]] document::Reader sample() const
    {
        const std::filesystem::path path =
            m_folder.filePath(QStringLiteral("sample.jitscope")).toStdString();
        test::writeSampleDocument(path);
        return document::Reader::open(path).value();
    }
    [[nodiscard]] static std::string htmlOf(const document::Reader& reader,
                                            const report::Limits& limits = {})
    {
        report::Source source;
        source.file = reader.path();
        source.document = &reader;
        source.madeAt = "2026-01-01";
        return report::html(source, {}, limits).value();
    }

    QTemporaryDir m_folder;
};

void ReportTest::pageTellsTheModel()
{
    const document::Reader reader = sample();
    const CheckedPage page = checkPage(htmlOf(reader));
    QCOMPARE(page.problem, QString());
    for (const char* id : {"summary", "findings", "runs", "modules", "pictures", "operators",
                           "weights", "picture-0"})
        QVERIFY2(page.ids.contains(QString::fromUtf8(id)), id);
    for (const char* text :
         {"m.pt", "features", "Conv2d", "m.py:20", "aten::conv2d", "64×3×7×7", "37.6 kB",
          "aten::relu", "The most expensive nodes", "equal to the stock executor's", "freeze"})
        QVERIFY2(page.text.contains(QString::fromUtf8(text)), text);
    QCOMPARE(page.elements.count(QStringLiteral("h1")), 1);
    QVERIFY(page.elements.contains(QStringLiteral("svg")));
    QVERIFY(page.elements.contains(QStringLiteral("details")));
}

void ReportTest::pageNeedsNothingElse()
{
    const document::Reader reader = sample();
    const std::string html = htmlOf(reader);
    for (const char* what : {"<link", "<img", "<iframe", "@import", "url(", "src=", "https:"})
        QVERIFY2(html.find(what) == std::string::npos, what);
    const CheckedPage page = checkPage(html);
    QCOMPARE(page.scripts, 1);
    // The policy in the page lets its own script run, and no other.
    const QByteArray hash =
        QCryptographicHash::hash(page.script, QCryptographicHash::Sha256).toBase64();
    QCOMPARE(QByteArray(report::pageScriptHash().data(),
                        static_cast<qsizetype>(report::pageScriptHash().size())),
             hash);
    QVERIFY(html.find("script-src 'sha256-" + hash.toStdString() + "'") != std::string::npos);
    QVERIFY(html.find("default-src 'none'") != std::string::npos);
}

void ReportTest::pageIsTheSameTwice()
{
    const document::Reader reader = documentOf(tests::residualNetwork(2, 2), "same.jitscope");
    QVERIFY(htmlOf(reader) == htmlOf(reader));
}

void ReportTest::namesCannotBreakOut()
{
    const document::Reader reader = documentOf(hostile(), "hostile.jitscope");
    report::Source source;
    source.file = evil;
    source.document = &reader;
    source.madeAt = evil;
    source.problems = {evil};
    source.stubbedOperators = {evil};
    source.failure = Error{ErrorCode::ModelFailed, evil, evil, evil};
    source.inspection.emplace();
    source.inspection->producer = evil;
    source.inspection->modelHash = evil;
    source.inspection->byteOrder = evil;
    source.inspection->problems.push_back({evil, evil, evil, evil});
    source.inspection->records.push_back({evil, 1, 1, 1});
    for (const bool hasDocument : {true, false}) {
        if (!hasDocument)
            source.document = nullptr;
        const std::string html = report::html(source, {}).value();
        QVERIFY(html.find("<x-evil") == std::string::npos);
        QVERIFY(html.find('\xff') == std::string::npos);
        QVERIFY(html.find('\x02') == std::string::npos);
        const CheckedPage page = checkPage(html);
        QCOMPARE(page.problem, QString());
        QCOMPARE(page.scripts, 1);
        QVERIFY(page.text.count(evilShown) > 5);
    }
}

void ReportTest::linksLeadSomewhere()
{
    const document::Reader reader = documentOf(tests::residualNetwork(4, 3), "links.jitscope");
    const CheckedPage page = checkPage(htmlOf(reader));
    QCOMPARE(page.problem, QString());
    QVERIFY(page.links.size() > 10);
    bool hasPictureLink = false;
    for (const QString& link : page.links) {
        QVERIFY2(link.startsWith(u'#'), qPrintable(link));
        QVERIFY2(page.ids.contains(link.mid(1)), qPrintable(link));
        hasPictureLink = hasPictureLink || link.startsWith(QStringLiteral("#picture-"));
    }
    QVERIFY(hasPictureLink);
    // The stages are alike, and their blocks are: the root, one stage, one block.
    QCOMPARE(page.elements.count(QStringLiteral("figure")), 3);
    QVERIFY(page.text.contains(QStringLiteral("and the same in")));
}

void ReportTest::limitsHold()
{
    const document::Reader reader = documentOf(tests::residualNetwork(6, 40), "large.jitscope");
    report::Limits limits;
    limits.modules = 20;
    limits.operators = 3;
    limits.tensors = 10;
    limits.pictures = 2;
    limits.boxes = 15;
    limits.pictureBytes = 20'000;
    const std::string html = htmlOf(reader, limits);
    const CheckedPage page = checkPage(html);
    QCOMPARE(page.problem, QString());
    QVERIFY2(html.size() < 120'000, std::to_string(html.size()).c_str());
    for (const char* text : {"more modules are not listed", "rarer kinds", "The 10 largest of",
                             "for want of room", "is not drawn"})
        QVERIFY2(page.text.contains(QString::fromUtf8(text)), text);
    QVERIFY(htmlOf(reader).size() < 8'000'000);
}

void ReportTest::unusedWeightsAreFound()
{
    const document::Reader reader = documentOf(halfUsed(), "unused.jitscope");
    const CheckedPage page = checkPage(htmlOf(reader));
    QVERIFY2(page.text.contains(QStringLiteral("reads 1 parameter (128 B)")),
             qPrintable(page.text));
    QVERIFY(page.text.contains(QStringLiteral("reads 1 buffer (128 B)")));
    const QString findings =
        page.text.mid(page.text.indexOf(QStringLiteral("reads 1 parameter")), 200);
    QVERIFY(findings.contains(QStringLiteral("spare")));
    QVERIFY(!findings.contains(QStringLiteral("weight")));
    const document::Reader whole = documentOf(tests::residualNetwork(2, 2), "used.jitscope");
    QVERIFY(
        !checkPage(htmlOf(whole)).text.contains(QStringLiteral("No method of the model reads")));
}

void ReportTest::statisticsAreShown()
{
    {
        const document::Reader reader = documentOf(halfUsed(), "numbers.jitscope");
        QVERIFY(!checkPage(htmlOf(reader)).text.contains(QStringLiteral("Deviation")));
    }
    const std::filesystem::path path =
        m_folder.filePath(QStringLiteral("numbers.jitscope")).toStdString();
    document::Writer writer = document::Writer::open(path).value();
    document::TensorStatisticsRow row;
    row.tensor = 1;
    row.measure = "value";
    row.elements = 32;
    row.zeros = 8;
    row.nan = 2;
    row.minimum = -1.5;
    row.maximum = 2.25;
    row.mean = 0.125;
    row.deviation = 0.75;
    row.histogram = "[]";
    QVERIFY(writer.writeTensorStatistics(std::vector{row}, {}));
    const document::Reader reader = document::Reader::open(path).value();
    const CheckedPage page = checkPage(htmlOf(reader));
    QCOMPARE(page.problem, QString());
    for (const char* text : {"Deviation", "-1.5", "2.25", "0.125", "25.0 %", "no finite numbers"})
        QVERIFY2(page.text.contains(QString::fromUtf8(text)), text);
}

void ReportTest::otherFilesAreTold()
{
    report::Source source;
    source.file = m_folder.filePath(QStringLiteral("notes.pt")).toStdString();
    std::ofstream(source.file) << "no model at all";
    source.inspection = archive::inspect(source.file).value();
    source.fileSize = 15;
    const CheckedPage page = checkPage(report::html(source, {}).value());
    QCOMPARE(page.problem, QString());
    QVERIFY(page.text.contains(QStringLiteral("File of an unknown kind")));
    QVERIFY(page.text.contains(QStringLiteral("notes.pt")));
    QVERIFY(page.ids.contains(QStringLiteral("findings")));
    QVERIFY(!page.ids.contains(QStringLiteral("modules")));
    QVERIFY2(
        !source.inspection->problems.empty() &&
            page.text.contains(QString::fromStdString(source.inspection->problems.front().message)),
        qPrintable(page.text));
}

void ReportTest::failureIsTold()
{
    report::Source source;
    source.file = "model.pt";
    source.inspection.emplace();
    source.inspection->kind = archive::Kind::TorchScript;
    source.failure = Error{ErrorCode::EngineLost, "LibTorch crashed.", "record 3", "Try again."};
    const CheckedPage page = checkPage(report::html(source, {}).value());
    QCOMPARE(page.problem, QString());
    for (const char* text : {"cannot be opened", "LibTorch crashed.", "record 3", "Try again."})
        QVERIFY2(page.text.contains(QString::fromUtf8(text)), text);
}

void ReportTest::cancelIsCancelled()
{
    const document::Reader reader = sample();
    report::Source source;
    source.file = reader.path();
    source.document = &reader;
    JobContext job;
    job.cancel.cancel();
    const Result<std::string> html = report::html(source, job);
    QVERIFY(!html);
    QVERIFY(html.error().code == ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(ReportTest)
#include "report_test.moc"
