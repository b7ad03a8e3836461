// The command `weights` against torch and NumPy, and what it says of wrong use.
#include "tests/app/cli/cli_under_test.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <initializer_list>

using namespace jitscope::test;
using nlohmann::json;

namespace {

QString sample(const char* name)
{
    return samplePath(QString::fromLatin1(name));
}

// `weights` with these arguments.
CliResult weights(const QString& file, std::initializer_list<const char*> arguments)
{
    QStringList all = {QStringLiteral("weights"), file};
    for (const char* argument : arguments)
        all << QString::fromUtf8(argument);
    return runCli(all);
}

} // namespace

class WeightsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void agreesWithTorchAndNumpy()
    {
        const QString python = pythonWithTorch();
        if (python.isEmpty())
            QSKIP("There is no Python with torch; set JITSCOPE_PYTHON.");
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(python, {qEnvironmentVariable("JITSCOPE_SOURCE_DIR") +
                                   QStringLiteral("/tests/app/cli/check_weights.py"),
                               cliPath(), m_folder.path()});
        QVERIFY(process.waitForFinished(500'000));
        const QByteArray said = process.readAll();
        QVERIFY2(process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0,
                 said.constData());
    }

    void namesAreChosen()
    {
        const QString model = sample("residual_cnn_scripted.pt");
        const CliResult all = weights(model, {"--json"});
        QCOMPARE(all.exitCode, 0);
        const CliResult some = weights(model, {"--name", "*.weight", "--name", "*bias", "--json"});
        QCOMPARE(some.exitCode, 0);
        std::size_t expected = 0;
        const json tensors = all.json()["tensors"];
        for (const json& entry : tensors) {
            const auto name = entry["name"].get<std::string>();
            expected += name.ends_with(".weight") || name.ends_with("bias") ? 1 : 0;
        }
        QVERIFY(expected > 3);
        QCOMPARE(some.json()["tensors"].size(), expected);
        QVERIFY(some.json()["bytes"] < all.json()["bytes"]);
    }

    void theTableIsForPeople()
    {
        const CliResult result = weights(sample("residual_cnn_scripted.pt"), {"--stats"});
        QCOMPARE(result.exitCode, 0);
        const QStringList lines =
            QString::fromStdString(result.out).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QVERIFY(lines.first().startsWith(QStringLiteral("name")));
        QVERIFY(lines.first().contains(QStringLiteral("std")));
        QVERIFY(lines.last().contains(QStringLiteral("tensors in")));
        QVERIFY(lines.size() > 10);
    }

    void oneTensorBecomesOneFile()
    {
        const QString file = m_folder.filePath(QStringLiteral("one.npy"));
        const QByteArray path = file.toUtf8();
        const QByteArray name = aWeight().toUtf8();
        const CliResult result =
            weights(sample("residual_cnn_scripted.pt"),
                    {"--name", name.constData(), "--export", path.constData()});
        QVERIFY2(result.exitCode == 0, result.messages.c_str());
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        QCOMPARE(written.read(6), QByteArray("\x93NUMPY"));
    }

    void constantsOfAFrozenModelAreRead()
    {
        const CliResult result = weights(sample("frozen_cnn.pt"), {"--stats", "--json"});
        QVERIFY2(result.exitCode == 0, result.messages.c_str());
        bool hasConstant = false;
        const json tensors = result.json()["tensors"];
        for (const json& entry : tensors) {
            hasConstant = hasConstant || entry["role"] == "constant";
            QVERIFY2(entry["statistics"].contains("minimum"), entry.dump().c_str());
            QVERIFY2(entry["statistics"]["minimum"] <= entry["statistics"]["maximum"],
                     entry.dump().c_str());
        }
        QVERIFY(hasConstant);
    }

    void wrongUse_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, std::initializer_list<const char*> arguments,
                            int code, const char* message) {
            QStringList all;
            for (const char* argument : arguments)
                all << QString::fromUtf8(argument);
            QTest::newRow(name) << all << code << QString::fromUtf8(message);
        };
        const QByteArray inFile = sample("lstm.pt").toUtf8() + "/out";
        const QByteArray weight = aWeight().toUtf8();
        row("no such name", {"--name", "absent*"}, 2, "No tensor has such a name");
        row("many into one file", {"--export", "/tmp/x.npy"}, 2, "do not fit into one file");
        row("folder in a file", {"--export", inFile.constData()}, 3, "folder cannot be made");
        row("file in no folder", {"--export", "/absent/x.npy", "--name", weight.constData()}, 3,
            "cannot be written");
    }

    void wrongUse()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QString, message);
        const CliResult result = runCli(
            QStringList{QStringLiteral("weights"), sample("residual_cnn_scripted.pt")} + arguments);
        QVERIFY2(result.messages.find(message.toStdString()) != std::string::npos,
                 result.messages.c_str());
        QCOMPARE(result.exitCode, code);
        QVERIFY(result.out.empty());
    }

private:
    // The name of one in the residual network.
    [[nodiscard]] static QString aWeight()
    {
        static const QString name = [] {
            const CliResult all =
                weights(sample("residual_cnn_scripted.pt"), {"--name", "*.weight", "--json"});
            return QString::fromStdString(all.json()["tensors"][0]["name"].get<std::string>());
        }();
        return name;
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(WeightsTest)
#include "weights_test.moc"
