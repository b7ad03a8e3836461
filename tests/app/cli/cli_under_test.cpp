#include "tests/app/cli/cli_under_test.h"

#include <QDir>
#include <QFile>
#include <QProcess>

namespace jitscope::test {

namespace {

// Long, for the sanitizers' build on a busy machine.
constexpr int patience = 300'000; // ms

} // namespace

nlohmann::json CliResult::json() const
{
    return nlohmann::json::parse(out, nullptr, false);
}

QString cliPath()
{
    return qEnvironmentVariable("JITSCOPE_BIN_DIR") + QStringLiteral("/jitscope-cli");
}

QString samplePath(const QString& name)
{
    return qEnvironmentVariable("JITSCOPE_SOURCE_DIR") + QStringLiteral("/resources/samples/") +
           name;
}

QString pythonWithTorch()
{
    const QString cache =
        qEnvironmentVariable("XDG_CACHE_HOME", QDir::homePath() + QStringLiteral("/.cache"));
    for (const QString& python : {qEnvironmentVariable("JITSCOPE_PYTHON"),
                                  cache + QStringLiteral("/jitscope/python/bin/python")}) {
        if (!python.isEmpty() && QFile::exists(python))
            return python;
    }
    return {};
}

CliResult runCli(const QStringList& arguments)
{
    QProcess process;
    process.start(cliPath(), arguments);
    CliResult result;
    if (process.waitForFinished(patience) && process.exitStatus() == QProcess::NormalExit)
        result.exitCode = process.exitCode();
    result.out = process.readAllStandardOutput().toStdString();
    result.messages = process.readAllStandardError().toStdString();
    return result;
}

} // namespace jitscope::test
