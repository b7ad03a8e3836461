// Files as PyTorch itself writes them, each named by what it is: KIND.more.
#include "core/archive/bytecode.h"
#include "core/archive/preflight.h"

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace jitscope;

class RealFilesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void kindsAreTold();
    void tensorsOfDictionariesAreListed();
    void quantizedModelsNameTheirClasses();
    void bytecodeIsSummed_data();
    void bytecodeIsSummed();
    void quantizedFlatbuffersTellTheirTensors();

private:
    [[nodiscard]] archive::Report inspect(const char* name) const
    {
        return archive::inspect(m_folder.filePath(QString::fromUtf8(name)).toStdString()).value();
    }

    QTemporaryDir m_folder;
};

void RealFilesTest::initTestCase()
{
    QString python = qEnvironmentVariable("JITSCOPE_PYTHON");
    if (python.isEmpty())
        python = QDir::homePath() + QStringLiteral("/.cache/jitscope/python/bin/python3");
    QProcess maker;
    maker.start(python, {QStringLiteral("-W"), QStringLiteral("ignore"),
                         qEnvironmentVariable("JITSCOPE_SOURCE_DIR") +
                             QStringLiteral("/tests/core/archive/make_files.py"),
                         m_folder.path()});
    if (!maker.waitForStarted())
        QSKIP("No Python with torch is here to make the files (JITSCOPE_PYTHON).");
    QVERIFY(maker.waitForFinished(300'000));
    QVERIFY2(maker.exitCode() == 0, maker.readAllStandardError().constData());
}

void RealFilesTest::kindsAreTold()
{
    const QFileInfoList files = QDir(m_folder.path()).entryInfoList(QDir::Files);
    QVERIFY(files.size() >= 10);
    for (const QFileInfo& file : files) {
        const QString kind = file.fileName().section(QLatin1Char('.'), 0, 0);
        const std::filesystem::path path = file.filePath().toStdString();
        const archive::Report report = archive::inspect(path).value();
        QVERIFY2(archive::kindName(report.kind) == kind.toStdString(), qPrintable(file.fileName()));
        const bool opens =
            kind == QStringLiteral("torchscript") || kind == QStringLiteral("lite-interpreter");
        QVERIFY2((report.verdict == archive::Verdict::Ok) == opens, qPrintable(file.fileName()));
        const Result<void> loadable = archive::checkLoadable(report, path);
        QCOMPARE(loadable.has_value(), opens);
        if (!opens)
            QVERIFY2(!loadable.error().remedy.empty(), qPrintable(file.fileName()));
        if (opens)
            QVERIFY2(report.problems.empty(), qPrintable(file.fileName()));
    }
}

void RealFilesTest::tensorsOfDictionariesAreListed()
{
    for (const char* name : {"state-dict.zip.pt", "state-dict.old.pt", "eager-pickle.zip.pt"}) {
        const archive::Report report = inspect(name);
        QCOMPARE(report.tensors.size(), std::size_t{2});
        const auto weight = std::find_if(
            report.tensors.begin(), report.tensors.end(),
            [](const archive::DescribedTensor& tensor) { return tensor.name.ends_with("weight"); });
        QVERIFY2(weight != report.tensors.end(), name);
        QCOMPARE(weight->shape, (std::vector<std::int64_t>{2, 1, 3, 3}));
        QCOMPARE(weight->dtype, std::string("float32"));
    }
    QCOMPARE(inspect("state-dict.zip.pt").tensors[0].name, std::string("0.weight"));
    QCOMPARE(inspect("state-dict.checkpoint.pt").tensors[0].name, std::string("model.0.weight"));
}

void RealFilesTest::quantizedModelsNameTheirClasses()
{
    const archive::Report report = inspect("torchscript.quantized.pt");
    QVERIFY(!report.customClasses.empty());
}

void RealFilesTest::bytecodeIsSummed_data()
{
    QTest::addColumn<QString>("name");
    for (const char* name :
         {"lite-interpreter.zip.ptl", "lite-interpreter.flat.ptl", "lite-interpreter.flat.ff"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void RealFilesTest::bytecodeIsSummed()
{
    QFETCH(const QString, name);
    const archive::Report report = inspect(qPrintable(name));
    QVERIFY(report.hasCode);
    QVERIFY(report.bytecodeVersion.value() >= 4);
    QVERIFY(!report.bytecode.empty());
    QVERIFY(report.bytecode[0].instructions > 10);
    const archive::LiteModel model =
        archive::readLiteModel(m_folder.filePath(name).toStdString()).value();
    QCOMPARE(model.bytecode.functions[0].instructions.size(),
             std::size_t{report.bytecode[0].instructions});
    QVERIFY(model.debug.empty()); // saved without it
    QVERIFY(model.objects.size() >= 3);
}

void RealFilesTest::quantizedFlatbuffersTellTheirTensors()
{
    const archive::Report report = inspect("lite-interpreter.quantized.ptl");
    QCOMPARE(report.verdict, archive::Verdict::Ok);
    QVERIFY(std::any_of(
        report.tensors.begin(), report.tensors.end(),
        [](const archive::DescribedTensor& tensor) { return tensor.dtype == "qint8"; }));
    QCOMPARE(report.runAtLoad,
             std::vector<std::string>{"__torch__.torch.ao.nn.quantized.modules.conv.Conv2d"});
    QVERIFY(!report.customClasses.empty());
}

QTEST_APPLESS_MAIN(RealFilesTest)
#include "real_files_test.moc"
