// Sends damaged and hostile archives through the real engine: each must end in a clear message, or
// open. Prints what became of them as JSON, and ends with 1 when something was not as it should be.
//
//     mutated_archives --count 10000 [--first SEED] [--keep FOLDER] [--only-check] [--write FILE]
//                      [--flatbuffer FILE]...
//
// With --flatbuffer, flatbuffers are damaged instead of archives; the sample's name stands for it.
//
// A crash of LibTorch is no failure of Jitscope: the engine is there to crash. It is counted, and
// the file is kept in FOLDER, to be made small and refused by the check.

#include "core/archive/preflight.h"
#include "tests/app/cli/engine_under_test.h"
#include "tests/fuzz/archive_mutator.h"
#include "tests/fuzz/flat_mutator.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <map>
#include <memory>

#include <sys/prctl.h>
#include <sys/wait.h>

using namespace jitscope;

namespace {

constexpr int patience = 60'000;    // ms: a file that takes longer hangs
constexpr int filesPerEngine = 250; // so that what one leaves in memory is not taken for another's
constexpr qint64 mostMemory = 1'500'000; // KB that the engine may take at its highest
constexpr qint64 slow = 5'000;           // ms
constexpr qint64 muchMemory = 200'000;   // KB
constexpr int cliEvery = 100;            // each so many also through `jitscope-cli open`

struct Options
{
    std::uint64_t first = 1;
    std::uint64_t count = 0;
    QString keep;
    bool onlyCheck = false;
    QString engine;
};

using Mutate = std::function<test::Mutant(std::uint64_t seed)>;

class Driver
{
public:
    Driver(Mutate mutate, Options options)
        : m_mutate(std::move(mutate)), m_options(std::move(options))
    {}

    int run()
    {
        QElapsedTimer timer;
        timer.start();
        for (std::uint64_t seed = m_options.first; seed < m_options.first + m_options.count; ++seed)
            tryOne(seed);
        m_engine.reset();
        if (const int left = leftProcesses(); left != 0)
            wrong(0, "processes are left", std::to_string(left));
        report(timer.elapsed());
        return m_wrong.empty() ? 0 : 1;
    }

private:
    void tryOne(std::uint64_t seed)
    {
        const test::Mutant mutant = m_mutate(seed);
        const QString path = m_folder.filePath(QStringLiteral("model.pt"));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) ||
            file.write(mutant.bytes.data(), static_cast<qint64>(mutant.bytes.size())) < 0)
            qFatal("cannot write %s", qPrintable(path));
        file.close();

        QElapsedTimer timer;
        timer.start();
        const Result<archive::Report> checked = archive::inspect(path.toStdString());
        m_longestCheck = std::max(m_longestCheck, timer.elapsed());
        const Result<void> loadable = checked ? archive::checkLoadable(*checked, path.toStdString())
                                              : Result<void>(tl::unexpected(checked.error()));
        if (!loadable && !isClear(loadable.error()))
            wrong(seed, "no clear message", loadable.error().message());
        const std::string code =
            checked && !checked->problems.empty() ? checked->problems.front().code : std::string();
        std::string outcome = loadable ? "passed" : "refused: " + code;
        if (!m_options.onlyCheck)
            outcome = askEngine(seed, path, mutant, loadable.has_value(), std::move(outcome));
        ++m_outcomes[outcome];
        ++m_byDamage[mutant.what][outcome.substr(0, outcome.find(':'))];
    }

    std::string askEngine(std::uint64_t seed, const QString& path, const test::Mutant& mutant,
                          bool isLoadable, std::string refused)
    {
        if (!m_engine || m_filesOfEngine >= filesPerEngine)
            startEngine();
        ++m_filesOfEngine;
        const QString document = m_folder.filePath(QStringLiteral("%1.jitscope").arg(seed));
        QElapsedTimer timer;
        timer.start();
        Result<nlohmann::json> answer =
            m_engine->ask(protocol::methodOpen,
                          protocol::OpenParams{path.toStdString(), document.toStdString(), {}});
        std::string step = "open";
        if (answer) {
            step = "inline";
            const Result<nlohmann::json> inlined =
                m_engine->ask(protocol::methodInline, protocol::InlineParams{});
            if (!inlined && inlined.error().code == ErrorCode::EngineLost)
                answer = inlined;
        }
        if (timer.elapsed() > slow)
            note(seed, "slow, in ms", timer.elapsed());
        m_longest = std::max(m_longest, timer.elapsed());
        noteMemory(seed);
        for (const char* end : {"", "-wal", "-shm"})
            QFile::remove(document + QString::fromLatin1(end));
        if (answer)
            return "opened";
        const Error& error = answer.error();
        if (error.code == ErrorCode::EngineLost)
            return lost(seed, mutant, step);
        if (error.code != ErrorCode::UnusableFile && error.code != ErrorCode::ModelFailed &&
            error.code != ErrorCode::Unavailable)
            wrong(seed, "an unexpected error", error.message());
        if (!isClear(error))
            wrong(seed, "no clear message", error.message());
        if (seed % cliEvery == 0)
            tryCommand(seed, path);
        return isLoadable ? "LibTorch refuses" : std::move(refused);
    }

    std::string lost(std::uint64_t seed, const test::Mutant& mutant, const std::string& step)
    {
        QProcess& process = m_engine->process();
        std::string how;
        if (process.state() != QProcess::NotRunning && !process.waitForFinished(100)) {
            how = "hang";
            wrong(seed, "the engine hangs", mutant.what);
        } else {
            how = "crash: signal " + std::to_string(process.exitCode()) + " at " + step;
        }
        if (!m_options.keep.isEmpty()) {
            const QString name = QStringLiteral("%1/%2.pt").arg(m_options.keep).arg(seed);
            QFile::copy(m_folder.filePath(QStringLiteral("model.pt")), name);
        }
        std::fprintf(stderr, "%llu: %s (%s)\n", static_cast<unsigned long long>(seed), how.c_str(),
                     mutant.what.c_str());
        m_engine.reset();
        return how;
    }

    // The same through the command: its exit code must be one of those that are documented.
    void tryCommand(std::uint64_t seed, const QString& path)
    {
        QProcess process;
        process.start(m_options.engine, {QStringLiteral("open"), path, QStringLiteral("-o"),
                                         m_folder.filePath(QStringLiteral("command.jitscope"))});
        if (!process.waitForFinished(patience) || process.exitStatus() != QProcess::NormalExit)
            return wrong(seed, "the command does not end", "");
        const int code = process.exitCode();
        if (code != 0 && code != 3 && code != 4 && code != 5)
            wrong(seed, "an undocumented exit code", std::to_string(code));
        if (code != 0 && process.readAllStandardError().isEmpty())
            wrong(seed, "the command says nothing", std::to_string(code));
        ++m_commands;
    }

    static bool isClear(const Error& error)
    {
        const std::string text = error.message();
        const QByteArray bytes = QByteArray::fromStdString(text);
        return !error.what.empty() && QString::fromUtf8(bytes).toUtf8() == bytes &&
               text.find("Exception raised from") == std::string::npos && text.size() < 10'000;
    }

    void startEngine()
    {
        m_engine.reset();
        m_engine = std::make_unique<test::EngineUnderTest>(patience);
        m_filesOfEngine = 0;
        if (!m_engine->initialize())
            qFatal("the engine does not start");
    }

    void noteMemory(std::uint64_t seed)
    {
        QFile status(QStringLiteral("/proc/%1/status").arg(m_engine->process().processId()));
        if (!status.open(QIODevice::ReadOnly))
            return;
        for (const QByteArray& line : status.readAll().split('\n')) {
            if (!line.startsWith("VmHWM:"))
                continue;
            const qint64 memory = line.mid(6).simplified().split(' ').first().toLongLong();
            if (memory > m_memory + muchMemory)
                note(seed, "takes memory, in KB", memory);
            m_memory = std::max(m_memory, memory);
            if (memory > mostMemory) {
                wrong(seed, "too much memory", std::to_string(memory) + " KB");
                m_engine.reset(); // its highest mark stays
                return;
            }
        }
    }

    // Of the engines, which are all ended by now; they would be our children.
    static int leftProcesses()
    {
        int left = 0;
        while (waitpid(-1, nullptr, WNOHANG) >= 0 && left < 100)
            ++left;
        return left;
    }

    // For a look at it; not wrong in itself.
    static void note(std::uint64_t seed, const char* what, qint64 number)
    {
        std::fprintf(stderr, "%llu: %s: %lld\n", static_cast<unsigned long long>(seed), what,
                     static_cast<long long>(number));
    }

    void wrong(std::uint64_t seed, const std::string& what, const std::string& more)
    {
        m_wrong.push_back({{"seed", seed}, {"what", what}, {"more", more}});
        std::fprintf(stderr, "%llu: WRONG: %s %s\n", static_cast<unsigned long long>(seed),
                     what.c_str(), more.c_str());
    }

    void report(qint64 elapsed)
    {
        const nlohmann::json out = {{"files", m_options.count},
                                    {"first", m_options.first},
                                    {"outcomes", m_outcomes},
                                    {"by_damage", m_byDamage},
                                    {"wrong", m_wrong},
                                    {"commands", m_commands},
                                    {"longest_check_ms", m_longestCheck},
                                    {"longest_ms", m_longest},
                                    {"highest_memory_kb", m_memory},
                                    {"seconds", elapsed / 1000}};
        std::puts(out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
    }

    Mutate m_mutate;
    Options m_options;
    QTemporaryDir m_folder;
    std::unique_ptr<test::EngineUnderTest> m_engine;
    int m_filesOfEngine = 0;
    std::map<std::string, int> m_outcomes;
    std::map<std::string, std::map<std::string, int>> m_byDamage;
    std::vector<nlohmann::json> m_wrong;
    int m_commands = 0;
    qint64 m_longestCheck = 0; // ms
    qint64 m_longest = 0;      // ms
    qint64 m_memory = 0;       // KB
};

QDir sampleFolder()
{
    return QDir(qEnvironmentVariable("JITSCOPE_SOURCE_DIR") + QStringLiteral("/resources/samples"));
}

std::vector<std::filesystem::path> samples()
{
    const QDir folder = sampleFolder();
    std::vector<std::filesystem::path> files;
    for (const QFileInfo& file : folder.entryInfoList(
             {QStringLiteral("*.pt"), QStringLiteral("mobile.ptl")}, QDir::Files, QDir::Name))
        files.emplace_back(file.filePath().toStdString());
    return files;
}

Mutate mutation(const QStringList& flatbuffers)
{
    if (flatbuffers.isEmpty()) {
        return [mutator = test::ArchiveMutator(samples())](std::uint64_t seed) {
            return mutator.mutant(seed);
        };
    }
    std::vector<std::filesystem::path> files;
    for (const QString& file : flatbuffers)
        files.emplace_back(sampleFolder().absoluteFilePath(file).toStdString());
    return
        [mutator = test::FlatMutator(files)](std::uint64_t seed) { return mutator.mutant(seed); };
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.addOption({QStringLiteral("count"), QStringLiteral("How many."), QStringLiteral("n"),
                      QStringLiteral("100")});
    parser.addOption({QStringLiteral("first"), QStringLiteral("The first seed."),
                      QStringLiteral("seed"), QStringLiteral("1")});
    parser.addOption({QStringLiteral("keep"), QStringLiteral("Where to keep what crashes."),
                      QStringLiteral("folder")});
    parser.addOption({QStringLiteral("write"), QStringLiteral("Only write the first to a file."),
                      QStringLiteral("file")});
    parser.addOption({QStringLiteral("flatbuffer"),
                      QStringLiteral("A flatbuffer to damage, in place of archives."),
                      QStringLiteral("file")});
    parser.addOption({QStringLiteral("only-check"), QStringLiteral("Without the engine.")});
    parser.process(application);
    // What an engine leaves behind becomes a child of this process.
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    Options options;
    options.count = parser.value(QStringLiteral("count")).toULongLong();
    options.first = parser.value(QStringLiteral("first")).toULongLong();
    options.keep = parser.value(QStringLiteral("keep"));
    options.onlyCheck = parser.isSet(QStringLiteral("only-check"));
    for (const QString& file : parser.values(QStringLiteral("flatbuffer"))) {
        if (!QFileInfo(sampleFolder().absoluteFilePath(file)).isReadable()) {
            std::fprintf(stderr, "mutated_archives: %s cannot be read\n", qPrintable(file));
            return 2;
        }
    }
    options.engine = qEnvironmentVariable("JITSCOPE_BIN_DIR") + QStringLiteral("/jitscope-cli");
    if (!options.keep.isEmpty())
        QDir().mkpath(options.keep);
    const Mutate mutate = mutation(parser.values(QStringLiteral("flatbuffer")));
    if (parser.isSet(QStringLiteral("write"))) {
        const test::Mutant mutant = mutate(options.first);
        std::ofstream(parser.value(QStringLiteral("write")).toStdString(), std::ios::binary)
            << mutant.bytes;
        std::puts(mutant.what.c_str());
        return 0;
    }
    return Driver(mutate, std::move(options)).run();
}
