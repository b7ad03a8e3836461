#include "core/archive/preflight.h"
#include "tests/core/archive/archive_folder.h"
#include "tests/core/archive/has_problem.h"
#include "tests/core/archive/zip_file.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <algorithm>
#include <random>

using namespace jitscope;
using archive::Kind;
using archive::Origin;
using archive::Report;
using archive::Verdict;
using test::hasProblem;
using test::with;
using test::ZipRecords;

class PreflightTest : public QObject, private test::ArchiveFolder
{
    Q_OBJECT

private Q_SLOTS:
    void samplesAreModels_data();
    void samplesAreModels();
    void whatIsNoFile();
    void otherFormats_data();
    void otherFormats();
    void otherFormatsAreNamed_data();
    void otherFormatsAreNamed();
    void otherArchives_data();
    void otherArchives();
    void damagedModels_data();
    void damagedModels();
    void damageIsSaidOnce();
    void printedGraphsAreRecognized();
    void remarksDoNotRefuse();
    void truncatedAnywhere();
    void deepCodeIsRefused();
    void bracketsInStringsDoNotCount();
    void hashFollowsContent();
    void hashIgnoresTheFilesName();
    void damagedBytesNeverCrash();

private:
    [[nodiscard]] std::filesystem::path write(const char* name, const QByteArray& bytes) const
    {
        QFile file(QString::fromStdString(path(name).string()));
        if (!file.open(QIODevice::WriteOnly))
            qFatal("cannot write");
        file.write(bytes);
        return file.fileName().toStdString();
    }
};

namespace {

QDir samples()
{
    return QDir(qEnvironmentVariable("JITSCOPE_SOURCE_DIR") + QStringLiteral("/resources/samples"));
}

QByteArray sampleBytes(const QString& name)
{
    QFile file(samples().filePath(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

ZipRecords without(ZipRecords records, const std::string& name)
{
    std::erase_if(records, [&](const auto& record) { return record.first == name; });
    return records;
}

ZipRecords withoutFolder(ZipRecords records)
{
    for (auto& [name, content] : records)
        name = name.substr(2);
    return records;
}

} // namespace

void PreflightTest::samplesAreModels_data()
{
    QTest::addColumn<QString>("origin");
    for (const QString& name : samples().entryList({QStringLiteral("*.pt")})) {
        const bool isTraced = name.contains(QStringLiteral("traced"));
        QTest::newRow(qPrintable(name))
            << (isTraced ? QStringLiteral("traced") : QStringLiteral("scripted"));
    }
}

void PreflightTest::samplesAreModels()
{
    QFETCH(const QString, origin);
    const std::filesystem::path file =
        samples().filePath(QString::fromUtf8(QTest::currentDataTag())).toStdString();
    const Report report = archive::inspect(file).value();
    QCOMPARE(text(archive::kindName(report.kind)), QStringLiteral("torchscript"));
    QVERIFY2(report.verdict == Verdict::Ok,
             report.problems.empty() ? "" : report.problems.front().message.c_str());
    QVERIFY(report.problems.empty());
    QCOMPARE(text(archive::originName(report.origin)), origin);
    QVERIFY(report.fileFormatVersion.value() >= 3);
    QCOMPARE(report.byteOrder, std::string("little"));
    QCOMPARE(report.modelHash.size(), std::size_t{32});
    QVERIFY(archive::checkLoadable(report, file));
}

void PreflightTest::whatIsNoFile()
{
    for (const std::filesystem::path& file :
         {path("missing.pt"), folder(), std::filesystem::path("/dev/null")}) {
        const Result<Report> report = archive::inspect(file);
        QVERIFY(!report);
        QVERIFY(report.error().code == ErrorCode::UnusableFile);
        QVERIFY(!report.error().remedy.empty());
    }
}

void PreflightTest::otherFormats_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("verdict");
    const auto row = [](const char* name, const QByteArray& bytes, const char* kind,
                        const char* verdict) {
        QTest::newRow(name) << bytes << QString::fromLatin1(kind) << QString::fromLatin1(verdict);
    };
    row("empty", {}, "unknown", "damaged");
    row("one byte", "P", "unknown", "damaged");
    row("text", "hello\n", "unknown", "damaged");
    row("web page", "<!DOCTYPE html><html>", "unknown", "damaged");
    row("LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "unknown",
        "damaged");
    row("random bytes", QByteArray::fromHex("00ff17aa5501993e"), "unknown", "damaged");
    row("old pickle", QByteArray::fromHex("80028a0a6cfc9c46f920"), "eager-pickle", "unsupported");
    row("flatbuffer", QByteArray::fromHex("18000000") + "PTMF" + QByteArray(20, '\0'),
        "lite-interpreter", "damaged");
    row("ExecuTorch", QByteArray::fromHex("18000000") + "ET12" + QByteArray(20, '\0'), "executorch",
        "unsupported");
    row("safetensors", QByteArray::fromHex("0200000000000000") + "{}", "safetensors",
        "unsupported");
    row("safetensors with a header beyond the end", QByteArray::fromHex("ffff000000000000") + "{}",
        "unknown", "damaged");
    row("ONNX", QByteArray::fromHex("08081207") + "pytorch" + QByteArray::fromHex("1a0332"), "onnx",
        "unsupported");
    row("a database", QByteArray("SQLite format 3\0", 16) + QByteArray(200, '\0'), "unknown",
        "unsupported");
    row("a document",
        QByteArray("SQLite format 3\0", 16) + QByteArray(52, '\0') + "JSCP" + QByteArray(28, '\0'),
        "jitscope", "ok");
    const QByteArray filling(400, '\x07');
    row("gzip", QByteArray::fromHex("1f8b0800") + filling, "unknown", "unsupported");
    row("bzip2", "BZh91AY&SY" + filling, "unknown", "unsupported");
    row("xz", QByteArray::fromHex("fd377a585a00") + filling, "unknown", "unsupported");
    row("Zstandard", QByteArray::fromHex("28b52ffd") + filling, "unknown", "unsupported");
    row("7-Zip", QByteArray::fromHex("377abcaf271c") + filling, "unknown", "unsupported");
    row("RAR", "Rar!" + QByteArray::fromHex("1a07") + filling, "unknown", "unsupported");
    row("tar", "model.pt" + QByteArray(249, '\0') + "ustar" + filling, "unknown", "unsupported");
    row("NumPy array", QByteArray::fromHex("93") + "NUMPY" + filling, "unknown", "unsupported");
    row("HDF5", QByteArray::fromHex("894844460d0a1a0a") + filling, "unknown", "unsupported");
    row("GGUF", "GGUF" + filling, "unknown", "unsupported");
    row("TensorFlow Lite", QByteArray::fromHex("1c000000") + "TFL3" + filling, "unknown",
        "unsupported");
    row("PNG", QByteArray::fromHex("89504e470d0a1a0a") + filling, "unknown", "unsupported");
    row("JPEG", QByteArray::fromHex("ffd8ffe0") + filling, "unknown", "unsupported");
    row("GIF", "GIF89a" + filling, "unknown", "unsupported");
    row("PDF", "%PDF-1.7\n" + filling, "unknown", "unsupported");
    row("a shared library", QByteArray::fromHex("7f454c46") + filling, "unknown", "unsupported");
    row("an archive cut off", QByteArray("PK\3\4") + QByteArray(100, 'x'), "zip", "damaged");
    row("an archive of nothing", QByteArray::fromHex("504b0506") + QByteArray(18, '\0'), "zip",
        "damaged");
}

void PreflightTest::otherFormats()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QString, kind);
    QFETCH(const QString, verdict);
    const auto file = write("other", bytes);
    const Report report = archive::inspect(file).value();
    QCOMPARE(text(archive::kindName(report.kind)), kind);
    QCOMPARE(text(archive::verdictName(report.verdict)), verdict);
    const Result<void> loadable = archive::checkLoadable(report, file);
    QVERIFY(!loadable);
    QVERIFY(!loadable.error().what.empty());
    QVERIFY(!loadable.error().remedy.empty());
    if (report.verdict != Verdict::Ok) {
        QCOMPARE(report.problems.size(), std::size_t{1});
        QVERIFY(!report.problems.front().code.empty());
    }
}

void PreflightTest::otherFormatsAreNamed_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("remedy");
    const QByteArray filling(400, '\x07');
    QTest::newRow("gzip") << QByteArray::fromHex("1f8b0800") + filling << "gzip"
                          << "Unpack it first";
    QTest::newRow("tar") << "model.pt" + QByteArray(249, '\0') + "ustar" + filling << "tar"
                         << "Unpack it first";
    QTest::newRow("array") << QByteArray::fromHex("93") + "NUMPY" + filling << "NumPy"
                           << "torch.jit.save";
    QTest::newRow("picture") << QByteArray::fromHex("89504e470d0a1a0a") + filling << "PNG"
                             << "TorchScript model";
}

void PreflightTest::otherFormatsAreNamed()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QString, name);
    QFETCH(const QString, remedy);
    const Report report = archive::inspect(write("other", bytes)).value();
    QVERIFY(report.problems.front().code == "other-kind");
    QVERIFY(text(report.problems.front().message).contains(name));
    QVERIFY(text(report.problems.front().remedy).contains(remedy));
}

void PreflightTest::otherArchives_data()
{
    QTest::addColumn<QByteArray>("record");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("kind");
    const auto row = [](const char* name, const char* record, const QByteArray& content,
                        const char* kind) {
        QTest::newRow(name) << QByteArray(record) << content << QString::fromLatin1(kind);
    };
    const QByteArray stateDict = QByteArray("\x80\x02") + "ccollections\nOrderedDict\n)R(X\x01" +
                                 QByteArray(3, '\0') +
                                 "wctorch._utils\n_rebuild_tensor_v2\n(ctorch\nFloatStorage\nQtRu.";
    row("tensors by name", "archive/data.pkl", stateDict, "state-dict");
    row("a pickled class", "archive/data.pkl",
        "\x80\x02"
        "cmodels.resnet\nResNet\n)\x81.",
        "eager-pickle");
    row("tensors and a class", "archive/data.pkl",
        QByteArray(stateDict).replace("ctorch\nFloatStorage", "cnumpy\nndarray"), "eager-pickle");
    row("a broken pickle", "archive/data.pkl", "nonsense", "eager-pickle");
    row("torch.package", "p/.data/ts_code/0/data.pkl", "x", "eager-pickle");
    row("torch.export", "model/archive_format", "pt2", "exported-program");
    row("older torch.export", "serialized_exported_program.json", "{}", "exported-program");
    row("AOTInductor", "data/aotinductor/model/x.so", "x", "exported-program");
    row("TorchServe", "MAR-INF/MANIFEST.json", R"({"model":{}})", "torchserve");
    row("numpy", "weights.npy", "x", "zip");
}

void PreflightTest::otherArchives()
{
    QFETCH(const QByteArray, record);
    QFETCH(const QByteArray, content);
    QFETCH(const QString, kind);
    const Report report = inspectRecords({{record.toStdString(), content.toStdString()}});
    QCOMPARE(text(archive::kindName(report.kind)), kind);
    QCOMPARE(text(archive::verdictName(report.verdict)), QStringLiteral("unsupported"));
    QVERIFY(!report.problems.front().remedy.empty());
}

void PreflightTest::damagedModels_data()
{
    QTest::addColumn<ZipRecords>("records");
    QTest::addColumn<QString>("verdict");
    QTest::addColumn<QString>("code");
    const auto row = [](const char* name, const ZipRecords& records, const char* verdict,
                        const char* code) {
        QTest::newRow(name) << records << QString::fromLatin1(verdict) << QString::fromLatin1(code);
    };
    const ZipRecords model = test::smallModel();
    row("no data.pkl", without(model, "m/data.pkl"), "damaged", "missing-record");
    row("no constants.pkl", without(model, "m/constants.pkl"), "damaged", "missing-record");
    row("no code", without(model, "m/code/__torch__.py"), "damaged", "missing-record");
    row("no version", without(model, "m/version"), "damaged", "missing-record");
    row("version 11", with(model, "m/version", "11"), "unsupported", "version-too-new");
    row("version 0", with(model, "m/version", "0"), "unsupported", "version-too-old");
    row("version -1", with(model, "m/version", "-1"), "unsupported", "version-too-old");
    row("version abc", with(model, "m/version", "abc"), "damaged", "version");
    row("version of 23 digits", with(model, "m/version", std::string(23, '9')), "damaged",
        "version");
    row("no top folder", withoutFolder(model), "damaged", "no-top-folder");
    row("parent folder", with(model, "m/../../evil", "x"), "refused", "unsafe-name");
    row("absolute name", with(model, "/etc/evil", "x"), "refused", "unsafe-name");
    row("backslash", with(model, "m\\evil", "x"), "refused", "unsafe-name");
    row("cut pickle", with(model, "m/data.pkl", "\x80\x02}"), "damaged", "damaged-record");
    row("old format", with(model, "m/model.json", "{}"), "unsupported", "legacy-format");
}

void PreflightTest::damagedModels()
{
    QFETCH(const ZipRecords, records);
    QFETCH(const QString, verdict);
    QFETCH(const QString, code);
    const Report report = inspectRecords(records);
    QCOMPARE(text(archive::kindName(report.kind)), QStringLiteral("torchscript"));
    QCOMPARE(text(archive::verdictName(report.verdict)), verdict);
    QCOMPARE(text(report.problems.front().code), code);
    const Result<void> loadable = archive::checkLoadable(report, "m.pt");
    QVERIFY(!loadable);
    QCOMPARE(loadable.error().what, report.problems.front().message);
}

// Compressed data that cannot be unpacked is met when the record is read and when it is verified.
void PreflightTest::damageIsSaidOnce()
{
    ZipRecords records = test::smallModel();
    const std::string code = "m/code/__torch__.py";
    for (auto& [name, content] : records) {
        if (name == code)
            content += std::string(20'000, '#');
    }
    const auto file = path("damaged.zip");
    test::writeZip(file, records, true);
    QFile bytes(QString::fromStdString(file.string()));
    QVERIFY(bytes.open(QIODevice::ReadWrite));
    const qsizetype at = bytes.readAll().indexOf(QByteArray::fromStdString(code)) +
                         static_cast<qsizetype>(code.size());
    QVERIFY(bytes.seek(at));
    bytes.write(QByteArray(8, '\xff'));
    bytes.close();
    const Report report = archive::inspect(file).value();
    QCOMPARE(std::count_if(report.problems.begin(), report.problems.end(),
                           [](const auto& problem) { return problem.code == "damaged-record"; }),
             std::ptrdiff_t{1});
}

void PreflightTest::printedGraphsAreRecognized()
{
    const QByteArray words(10'000, 'w'); // a log says much before its first graph
    const auto file = write("log.txt", words + "\n[DUMP a.cpp:1] graph(%x : Tensor):\n");
    const Report report = archive::inspect(file).value();
    QVERIFY(report.kind == Kind::PrintedIr);
    QVERIFY(report.verdict == Verdict::Ok);
    QVERIFY(report.problems.empty());
    QVERIFY(!report.modelHash.empty());
    QVERIFY(archive::kindName(report.kind) == "unknown"); // the names are fixed
    QVERIFY(archive::formatName(report.kind) == "printed-ir");
    QVERIFY(!archive::checkLoadable(report, file)); // not by LibTorch
    const Report none = archive::inspect(write("words.txt", words)).value();
    QVERIFY(none.kind == Kind::Unknown);
}

void PreflightTest::remarksDoNotRefuse()
{
    ZipRecords records = test::smallModel();
    records[1].second += "    torch.save(x, \"/tmp/file\")\n"
                         "    y : __torch__.torch.classes.quantized.Conv2dPackedParamsBase\n"
                         "    z : __torch__.torch.classes.mine.Tokenizer\n";
    records.emplace_back("__MACOSX/m", "x");
    const Report report = inspectRecords(records);
    QVERIFY(report.verdict == Verdict::Ok);
    QVERIFY(hasProblem(report, "writes-files"));
    QVERIFY(hasProblem(report, "custom-class"));
    QCOMPARE(std::ranges::count(report.problems, "custom-class", &archive::Problem::code), 1);
    QCOMPARE(report.customClasses.size(), std::size_t{2});
    QVERIFY(hasProblem(report, "stray-record"));
    QVERIFY(archive::checkLoadable(report, "m.pt"));
    // Good models use custom classes.
    for (const archive::Problem& remark : report.problems) {
        QCOMPARE(archive::isFinding(remark.code), remark.code != "custom-class");
        QVERIFY2(!remark.remedy.empty(), remark.code.c_str());
    }
}

void PreflightTest::truncatedAnywhere()
{
    const QByteArray whole = sampleBytes(QStringLiteral("pointwise.pt"));
    QVERIFY(!whole.isEmpty());
    for (qsizetype size = 0; size < whole.size();
         size += std::max<qsizetype>(1, whole.size() / 60)) {
        const auto file = write("cut.pt", whole.left(size));
        const Report report = archive::inspect(file).value();
        QVERIFY2(report.verdict != Verdict::Ok, std::to_string(size).c_str());
        QVERIFY(!archive::checkLoadable(report, file));
    }
}

void PreflightTest::deepCodeIsRefused()
{
    for (const std::string& code :
         {std::string(20000, '(') + std::string(20000, ')'), std::string(20000, '['),
          "x = \"'\" + " + std::string(5000, '{')}) {
        const Report report = inspectRecords(with(test::smallModel(), "m/code/__torch__.py", code));
        QVERIFY(report.verdict == Verdict::Refused);
        QVERIFY(hasProblem(report, "nesting"));
    }
}

void PreflightTest::bracketsInStringsDoNotCount()
{
    const std::string brackets(5000, '(');
    for (const std::string& code :
         {"x = \"" + brackets + "\"\n", "x = '\\'" + brackets + "'\n", "# " + brackets + "\n"}) {
        const Report report = inspectRecords(with(test::smallModel(), "m/code/__torch__.py", code));
        QVERIFY2(report.verdict == Verdict::Ok, code.substr(0, 8).c_str());
    }
}

void PreflightTest::hashFollowsContent()
{
    const ZipRecords model = test::smallModel();
    const std::string hash = inspectRecords(model).modelHash;
    QCOMPARE(inspectRecords(model).modelHash, hash);
    QVERIFY(inspectRecords(with(model, "m/data/0", "weights")).modelHash != hash);
    QVERIFY(inspectRecords(with(model, "m/version", "4\n")).modelHash != hash);
    const std::string one = inspectRecords(with(model, "m/data/0", "a")).modelHash;
    QVERIFY(inspectRecords(with(model, "m/data/0", "b")).modelHash != one);
}

void PreflightTest::hashIgnoresTheFilesName()
{
    const QByteArray bytes = sampleBytes(QStringLiteral("lstm.pt"));
    QCOMPARE(archive::inspect(write("a.pt", bytes))->modelHash,
             archive::inspect(write("b.pt", bytes))->modelHash);
}

void PreflightTest::damagedBytesNeverCrash()
{
    const QByteArray whole = sampleBytes(QStringLiteral("pointwise.pt"));
    std::mt19937 random(5);
    for (int round = 0; round < 400; ++round) {
        QByteArray bytes = whole;
        // Half of the changes in the directory at the end, where they matter most.
        const qsizetype from =
            round % 2 == 0 ? 0 : bytes.size() - std::min<qsizetype>(900, bytes.size());
        for (int change = 0; change < 4; ++change) {
            const auto at = from + static_cast<qsizetype>(
                                       random() % static_cast<unsigned>(bytes.size() - from));
            bytes[at] = static_cast<char>(random());
        }
        const auto file = write("damaged.pt", bytes);
        const Result<Report> report = archive::inspect(file);
        QVERIFY(report);
        QVERIFY(report->verdict == Verdict::Ok || !report->problems.empty());
    }
}

QTEST_APPLESS_MAIN(PreflightTest)
#include "preflight_test.moc"
