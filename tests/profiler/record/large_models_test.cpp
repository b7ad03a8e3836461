// The models that people ship, where tests/models has made them.
#include "oracle.h"
#include "recording.h"

#include <QTest>

using namespace test;

class LargeModelsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void outputsEqualTheStockExecutors_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QStringList>("inputs");
        const auto row = [](const char* name, const QStringList& inputs) {
            QTest::newRow(name) << QString::fromUtf8(name) << inputs;
        };
        row("resnet50_scripted", {});
        row("mobilenet_v3_large_scripted", {});
        row("vit_b_16_traced", {});
        row("transformer_scripted", {QStringLiteral("1x4x512"), QStringLiteral("1x3x512")});
        row("maskrcnn_resnet50_fpn_scripted", {QStringLiteral("[3x96x128, 3x80x96]")});
    }
    void outputsEqualTheStockExecutors()
    {
        QFETCH(QString, name);
        QFETCH(QStringList, inputs);
        const auto file = largeModel(name.toStdString());
        if (file.empty())
            QSKIP("The model is not there; ./test makes it.");
        torchscript::LoadOptions options;
        if (name.startsWith(QStringLiteral("maskrcnn"))) {
            const auto library = torchvisionLibrary();
            if (library.empty())
                QSKIP(
                    "torchvision's operator library is not there; set JITSCOPE_TEST_TORCHVISION.");
            options.operatorLibraries = {library};
        }
        auto opened = open(file, "forward", options);
        QVERIFY2(opened.has_value(), opened ? "" : opened.error().message().c_str());
        std::vector<std::string> specs;
        for (const QString& input : inputs)
            specs.push_back(input.toStdString());
        KeepingSink sink;
        const auto outcome =
            record::run(*opened->session, request(*opened, specs), sink, JobContext{});
        QVERIFY2(outcome.has_value(), outcome ? "" : outcome.error().message().c_str());
        QCOMPARE(outcome->verdict.outputsEqual, std::optional(true));
        QCOMPARE(outcome->verdict.executed, outcome->verdict.recorded);
        QVERIFY(sink.unknownNodes.empty());
        if (name == QStringLiteral("resnet50_scripted"))
            QCOMPARE(sink.slices.size(),
                     static_cast<std::size_t>(oracle::executedNodes(file, outcome->inputs, 1)));
    }

private:
    static std::filesystem::path torchvisionLibrary()
    {
        if (const char* given = std::getenv("JITSCOPE_TEST_TORCHVISION"))
            return given;
        const char* home = std::getenv("HOME");
        const auto packages =
            std::filesystem::path(home != nullptr ? home : "") / ".cache/jitscope/python/lib";
        std::error_code error;
        for (const auto& python : std::filesystem::directory_iterator(packages, error)) {
            const auto library = python.path() / "site-packages/torchvision/_C.so";
            if (std::filesystem::exists(library))
                return library;
        }
        return {};
    }
};

QTEST_GUILESS_MAIN(LargeModelsTest)
#include "large_models_test.moc"
