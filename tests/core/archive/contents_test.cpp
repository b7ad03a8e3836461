// What the check tells of what is inside a model: code, tensors, samples of inputs, checksums.
#include "core/archive/preflight.h"
#include "core/archive/record_content.h"
#include "core/archive/served_model.h"
#include "core/archive/text_budget_p.h"
#include "tests/core/archive/archive_folder.h"
#include "tests/core/archive/has_problem.h"
#include "tests/core/archive/pickle_text.h"
#include "tests/core/archive/zip_file.h"
#include "tests/fuzz/archive_mutator.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <algorithm>
#include <fstream>

using namespace jitscope;
using archive::Report;
using archive::Verdict;
using test::hasProblem;
using test::TensorText;
using test::text;
using test::with;
using test::ZipRecords;

class ContentsTest : public QObject, private test::ArchiveFolder
{
    Q_OBJECT

private Q_SLOTS:
    void operatorsAndClassesAreNamed();
    void callsThatWriteAreFoundHoweverWritten_data();
    void callsThatWriteAreFoundHoweverWritten();
    void whatRunsAtLoadIsNamed();
    void tracedInputsAreTold();
    void tensorsAreDescribed();
    void directoriesThatLie_data();
    void directoriesThatLie();
    void changedBytesFailTheirChecksum();
    void recordsAreNamedForWhatTheyAre();
    void servedModelsAreLookedInto();
    void manifestsMayBeAnything_data();
    void manifestsMayBeAnything();
    void oldPicklesAreTold();
    void bombsAreRefused();
    void textsAreKeptWhileTheyFit();
};

namespace {

std::filesystem::path sample(const char* name)
{
    return (qEnvironmentVariable("JITSCOPE_SOURCE_DIR") +
            QStringLiteral("/resources/samples/%1").arg(QString::fromUtf8(name)))
        .toStdString();
}

std::uint64_t callsOf(const Report& report, std::string_view op)
{
    for (const archive::NamedOperator& known : report.operators) {
        if (known.name == op)
            return known.calls;
    }
    return 0;
}

} // namespace

void ContentsTest::operatorsAndClassesAreNamed()
{
    const Report report = archive::inspect(sample("residual_cnn_scripted.pt")).value();
    QVERIFY(callsOf(report, "aten::batch_norm") >= 1);
    QVERIFY(callsOf(report, "aten::conv2d") >= 1);
    QVERIFY(std::any_of(report.classes.begin(), report.classes.end(), [](const std::string& name) {
        return name.ends_with(".ResidualBlock") && name.starts_with("__torch__.");
    }));
    QVERIFY(report.hasCode);
    QVERIFY(report.runAtLoad.empty());

    const std::string code = "def f(x: Tensor) -> Tensor:\n"
                             "  y = torch.add(x, torch.add(x, 1))\n"
                             "  # torch.sub(x)\n"
                             "  z = \"torch.mul(\"\n"
                             "  return ops.quantized.linear(y, torch.float32)\n";
    const Report own = inspectRecords(with(test::smallModel(), "m/code/__torch__.py", code));
    QCOMPARE(own.operators.size(), std::size_t{2});
    QCOMPARE(callsOf(own, "aten::add"), std::uint64_t{2});
    QCOMPARE(callsOf(own, "quantized::linear"), std::uint64_t{1});
}

void ContentsTest::callsThatWriteAreFoundHoweverWritten_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<bool>("writes");
    const auto row = [](const char* line, bool writes) {
        QTest::newRow(line) << QByteArray(line) << writes;
    };
    row("torch.save(x, \"f\")", true);
    row("ops.aten.save(x, \"f\")", true);
    row("torch . save (x, \"f\")", true);
    row("y = (torch.\n   save)(x, \"f\")", true);
    row("ops.aten.from_file(\"f\", True, 1)", true);
    row("t = torch\n    t.save(x, \"f\")", true);
    row("a = ops.aten\n    a.save(x, \"f\")", true);
    row("y = \"\"\"a \" \"\"\"; torch.save(x, \"f\")", true);
    row("y = \"torch.save(x)\"", false);
    row("y = 'torch.save(x)'", false);
    row("# torch.save(x)", false);
    row("(self).save(x, )", false); // a method of the model
    row("y = torch.save_it(x)", false);
}

void ContentsTest::callsThatWriteAreFoundHoweverWritten()
{
    QFETCH(const QByteArray, line);
    QFETCH(const bool, writes);
    const std::string code =
        "def f(self, x: Tensor) -> Tensor:\n    " + line.toStdString() + "\n    return x\n";
    const Report report = inspectRecords(with(test::smallModel(), "m/code/__torch__.py", code));
    QCOMPARE(hasProblem(report, "writes-files"), writes);
    QVERIFY(report.verdict == Verdict::Ok);
}

void ContentsTest::whatRunsAtLoadIsNamed()
{
    const std::string code = "class A(Module):\n  def forward(self) -> int:\n    return 1\n"
                             "class B(Module):\n  def __setstate__(self, s: int) -> NoneType:\n"
                             "    _0 = torch.save(s, \"f\")\n    return None\n";
    const Report report = inspectRecords(with(test::smallModel(), "m/code/__torch__/p.py", code));
    QCOMPARE(report.runAtLoad, std::vector<std::string>{"__torch__.p.B"});
    const auto said = std::find_if(
        report.problems.begin(), report.problems.end(),
        [](const archive::Problem& problem) { return problem.code == "writes-files"; });
    QVERIFY(said != report.problems.end());
    QVERIFY(said->message.find("while it is loaded") != std::string::npos);
}

void ContentsTest::tracedInputsAreTold()
{
    const Report report = archive::inspect(sample("residual_cnn_traced.pt")).value();
    QCOMPARE(report.sampleInputs.size(), std::size_t{1});
    QCOMPARE(report.sampleInputs[0].method, std::string("forward"));
    QCOMPARE(report.sampleInputs[0].arguments, std::vector<std::string>{"float32 1x3x32x32"});
    const Report tokens = archive::inspect(sample("transformer_traced.pt")).value();
    QCOMPARE(tokens.sampleInputs.at(0).arguments, std::vector<std::string>{"int64 1x12"});
    QVERIFY(archive::inspect(sample("lstm.pt"))->sampleInputs.empty());
}

void ContentsTest::tensorsAreDescribed()
{
    const Report report = archive::inspect(sample("residual_cnn_scripted.pt")).value();
    const auto found = std::find_if(report.tensors.begin(), report.tensors.end(),
                                    [](const archive::DescribedTensor& tensor) {
                                        return tensor.name == "layer1.0.conv1.weight";
                                    });
    QVERIFY(found != report.tensors.end());
    QCOMPARE(found->dtype, std::string("float32"));
    QCOMPARE(found->shape, (std::vector<std::int64_t>{16, 16, 3, 3}));
    QCOMPARE(found->bytes, std::uint64_t{16 * 16 * 9 * 4});
    QVERIFY(found->isParameter);
}

void ContentsTest::directoriesThatLie_data()
{
    QTest::addColumn<qint64>("sizeLie");
    QTest::addColumn<qint64>("storedLie");
    QTest::addColumn<qint64>("offsetLie");
    QTest::addColumn<bool>("isMisnamed");
    QTest::addColumn<QStringList>("codes");
    const auto row = [](const char* name, qint64 size, qint64 stored, qint64 offset,
                        bool isMisnamed, const QStringList& codes) {
        QTest::newRow(name) << size << stored << offset << isMisnamed << codes;
    };
    const QString damaged = QStringLiteral("damaged-record");
    const QString cut = QStringLiteral("truncated");
    row("honest", 0, 0, 0, false, {});
    row("larger than stored", 1000, 0, 0, false, {QStringLiteral("false-size")});
    row("smaller than stored", -4, 0, 0, false, {QStringLiteral("false-size")});
    row("into the next record", 8, 8, 0, false, {QStringLiteral("overlap")});
    row("beyond the end", 1 << 20, 1 << 20, 0, false, {damaged, cut});
    row("elsewhere", 0, 0, 5, false, {damaged, cut});
    row("beyond the file", 0, 0, 1 << 28, false, {damaged, cut});
    row("another name", 0, 0, 0, true, {damaged});
}

void ContentsTest::directoriesThatLie()
{
    QFETCH(const qint64, sizeLie);
    QFETCH(const qint64, storedLie);
    QFETCH(const qint64, offsetLie);
    QFETCH(const bool, isMisnamed);
    QFETCH(const QStringList, codes);
    test::RawArchive archive = test::readArchive(sample("pointwise.pt"));
    test::RawRecord& record = archive.records.at(1);
    record.sizeLie = sizeLie;
    record.storedLie = storedLie;
    record.offsetLie = offsetLie;
    record.isMisnamed = isMisnamed;
    const Report report = inspectBytes(test::archiveBytes(archive));
    QCOMPARE(report.verdict == Verdict::Ok, codes.isEmpty());
    if (!codes.isEmpty())
        QVERIFY2(codes.contains(QString::fromStdString(report.problems.front().code)),
                 report.problems.front().code.c_str());
}

void ContentsTest::changedBytesFailTheirChecksum()
{
    std::ifstream in(sample("lstm.pt"), std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(in)), {});
    const std::string weights = "lstm/data/0FB";
    const std::size_t at = bytes.find("lstm/data/0");
    QVERIFY(at != std::string::npos);
    bytes[at + 200] = static_cast<char>(bytes[at + 200] + 1);
    std::ofstream(path("changed.pt"), std::ios::binary) << bytes;
    const Report quick = archive::inspect(path("changed.pt")).value();
    QVERIFY(quick.verdict == Verdict::Ok);
    QVERIFY(!hasProblem(quick, "checksum"));
    QVERIFY(quick.checksums.unverified > 0);
    QVERIFY(quick.checksums.verified > 0); // code and pickles

    archive::InspectOptions all;
    all.verifiedWeights = 1u << 30;
    const Report whole = archive::inspect(path("changed.pt"), all).value();
    QVERIFY(hasProblem(whole, "checksum"));
    QCOMPARE(whole.checksums.failed, std::uint64_t{1});
    QCOMPARE(whole.checksums.unverified, std::uint64_t{0});
    for (const archive::Record& record : whole.records)
        QCOMPARE(record.checksumHolds, std::optional(record.name != "data/0"));
    QVERIFY(std::any_of(quick.records.begin(), quick.records.end(),
                        [](const archive::Record& record) { return !record.checksumHolds; }));
    QCOMPARE(whole.modelHash, quick.modelHash);
    // An error leads with what is damaged, where that is known.
    const Error failed{ErrorCode::UnusableFile, "LibTorch says no.", "lstm.pt", "Try again."};
    QCOMPARE(archive::withDamage(failed, quick).what, failed.what);
    const Error damaged = archive::withDamage(failed, whole);
    QCOMPARE(damaged.what,
             std::string("The record data/0 does not fit its checksum: it was changed "
                         "or damaged after it was written. LibTorch says no."));
    QCOMPARE(damaged.where, failed.where);
    QVERIFY(damaged.remedy != failed.remedy);
    const Report good = archive::inspect(sample("lstm.pt"), all).value();
    QCOMPARE(good.checksums.failed, std::uint64_t{0});
    QCOMPARE(good.checksums.verified, std::uint64_t{good.records.size()});
}

void ContentsTest::recordsAreNamedForWhatTheyAre()
{
    const std::pair<const char*, const char*> records[] = {
        {"data.pkl", "the model's objects"},
        {"data/12", "weights"},
        {"constants/0", "constant"},
        {"code/__torch__/m.py", "TorchScript code"},
        {"code/__torch__/m.py.debug_pkl", "debug records of the code"},
        {"extra/notes.json", "extra file"},
        {"MAR-INF/MANIFEST.json", "manifest of TorchServe"},
        {"handler.py", "Python code"},
        {"strange", "other data"},
        {"", "other data"}};
    for (const auto& [name, content] : records)
        QCOMPARE(QString::fromStdString(std::string(archive::recordContent(name))),
                 QString::fromLatin1(content));
}

void ContentsTest::servedModelsAreLookedInto()
{
    std::ifstream in(sample("pointwise.pt"), std::ios::binary);
    const std::string model((std::istreambuf_iterator<char>(in)), {});
    const std::string manifest =
        R"({"createdOn":"25/11/2026","runtime":"python","archiverVersion":"0.12.0","model":)"
        R"({"modelName":"small","serializedFile":"pointwise.pt","handler":"handler.py",)"
        R"("modelVersion":"1.0"}})";
    const ZipRecords records{{"MAR-INF/MANIFEST.json", manifest},
                             {"handler.py", "import torch\n"},
                             {"pointwise.pt", model}};
    const Report report = inspectRecords(records);
    QVERIFY(report.kind == archive::Kind::TorchServe);
    QVERIFY(report.verdict == Verdict::Ok);
    QCOMPARE(report.served->name, std::string("small"));
    QCOMPARE(report.served->handler, std::string("handler.py"));
    QCOMPARE(report.served->serialized, std::string("pointwise.pt"));
    QCOMPARE(report.producer, std::string("torch-model-archiver 0.12.0"));

    QVERIFY(archive::extractServedModel(path("records.pt"), "pointwise.pt", path("inner.pt")));
    QCOMPARE(archive::inspect(path("inner.pt"))->modelHash,
             archive::inspect(sample("pointwise.pt"))->modelHash);
    QVERIFY(!archive::extractServedModel(path("records.pt"), "other.pt", path("other.pt")));
}

void ContentsTest::manifestsMayBeAnything_data()
{
    QTest::addColumn<QByteArray>("manifest");
    QTest::addColumn<QString>("code");
    const auto row = [](const char* name, const QByteArray& manifest, const char* code) {
        QTest::newRow(name) << manifest << QString::fromLatin1(code);
    };
    row("no JSON", "{", "damaged-record");
    row("no object", "[]", "damaged-record");
    row("no model", "{}", "damaged-record");
    row("model is a text", R"({"model":"x"})", "damaged-record");
    row("nested", QByteArray(100'000, '['), "damaged-record");
    row("no file", R"({"model":{"modelName":"x","handler":3}})", "other-kind");
    row("a file that is not there", R"({"model":{"serializedFile":"m.pt"}})", "missing-record");
    row("a file elsewhere", R"({"model":{"serializedFile":"../../etc/passwd"}})", "missing-record");
}

void ContentsTest::manifestsMayBeAnything()
{
    QFETCH(const QByteArray, manifest);
    QFETCH(const QString, code);
    const Report report = inspectRecords({{"MAR-INF/MANIFEST.json", manifest.toStdString()}});
    QVERIFY(report.kind == archive::Kind::TorchServe);
    QVERIFY(report.verdict != Verdict::Ok);
    QCOMPARE(QString::fromStdString(report.problems.front().code), code);
    QVERIFY(!archive::checkLoadable(report, "x.mar"));
}

void ContentsTest::oldPicklesAreTold()
{
    const std::string head("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."
                           "\x80\x02M\xe9\x03.\x80\x02}.",
                           25);
    const std::string tensors = "\x80\x02}" + text("w") + TensorText{}.pickle() + "s.";
    const Report dictionary = inspectBytes(head + tensors + std::string(100, '\0'));
    QVERIFY(dictionary.kind == archive::Kind::StateDict);
    QCOMPARE(dictionary.tensors.size(), std::size_t{1});
    QCOMPARE(dictionary.tensors[0].name, std::string("w"));
    QVERIFY(dictionary.problems.front().message.find("1.6") != std::string::npos);
    const Report object = inspectBytes(head + "\x80\x02" + "cmodels\nNet\n)\x81.");
    QVERIFY(object.kind == archive::Kind::EagerPickle);
    const Report cut = inspectBytes((head + tensors).substr(0, head.size() + 20));
    QVERIFY(cut.kind == archive::Kind::EagerPickle);
    QVERIFY(hasProblem(cut, "damaged-record"));
    const Report plain = inspectBytes("\x80\x04K\x01.");
    QVERIFY(plain.kind == archive::Kind::EagerPickle);
    for (const Report& report : {dictionary, object, cut, plain})
        QVERIFY(report.verdict == Verdict::Unsupported);
}

void ContentsTest::bombsAreRefused()
{
    // Zeros that deflate makes a thousandth of.
    test::writeZip(path("bomb.pt"),
                   with(test::smallModel(), "m/code/big.py", std::string(65u << 20, ' ')), true);
    const Report report = archive::inspect(path("bomb.pt")).value();
    QVERIFY(report.verdict == Verdict::Refused);
    QCOMPARE(report.problems.front().code, std::string("oversized-record"));
}

void ContentsTest::textsAreKeptWhileTheyFit()
{
    archive::TextBudget budget(8);
    QCOMPARE(budget.take("five5"), std::string("five5"));
    QCOMPARE(budget.take("fit"), std::string("fit"));
    QVERIFY(!budget.hasRoom());
    QCOMPARE(budget.take("x"), std::string());
    archive::TextBudget small(4);
    QCOMPARE(small.take("five5"), std::string());
    QCOMPARE(small.take("two"), std::string()); // nothing after what did not fit
}

QTEST_APPLESS_MAIN(ContentsTest)
#include "contents_test.moc"
