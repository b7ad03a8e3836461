// The check on archives with all kinds of damage: quick, bounded and clear, whatever they hold. The
// real engine gets the same in tests/fuzz/mutated_archives.cpp.
#include "core/archive/bytecode.h"
#include "core/archive/preflight.h"
#include "tests/fuzz/archive_mutator.h"

#include <QDir>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace jitscope;

class MutatedTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyArchiveIsJudged();
    void theSameSeedGivesTheSameArchive();
};

namespace {

std::vector<std::filesystem::path> smallSamples()
{
    const QDir folder(qEnvironmentVariable("JITSCOPE_SOURCE_DIR") +
                      QStringLiteral("/resources/samples"));
    std::vector<std::filesystem::path> files;
    for (const char* name : {"pointwise.pt", "several_methods.pt", "fork_wait.pt", "mobile.ptl"})
        files.emplace_back(folder.filePath(QString::fromUtf8(name)).toStdString());
    return files;
}

} // namespace

void MutatedTest::everyArchiveIsJudged()
{
    constexpr std::uint64_t count = 1500;
    const test::ArchiveMutator mutator(smallSamples());
    QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath(QStringLiteral("m.pt")).toStdString();
    std::uint64_t refused = 0;
    for (std::uint64_t seed = 1; seed <= count; ++seed) {
        const test::Mutant mutant = mutator.mutant(seed);
        std::ofstream(file, std::ios::binary) << mutant.bytes;
        QElapsedTimer timer;
        timer.start();
        const Result<archive::Report> report = archive::inspect(file);
        QVERIFY2(report, std::to_string(seed).c_str());
        QVERIFY2(timer.elapsed() < 5000, std::to_string(seed).c_str());
        QVERIFY2(report->verdict == archive::Verdict::Ok || !report->problems.empty(),
                 std::to_string(seed).c_str());
        const Result<void> loadable = archive::checkLoadable(*report, file);
        if (!loadable) {
            ++refused;
            QVERIFY2(!loadable.error().what.empty() && !loadable.error().remedy.empty(),
                     std::to_string(seed).c_str());
        }
        if (report->kind == archive::Kind::LiteInterpreter &&
            report->verdict == archive::Verdict::Ok)
            QVERIFY2(archive::readLiteModel(file), std::to_string(seed).c_str());
    }
    QVERIFY(refused > count / 4);
    QVERIFY(refused < count);
}

void MutatedTest::theSameSeedGivesTheSameArchive()
{
    const test::ArchiveMutator one(smallSamples());
    const test::ArchiveMutator two(smallSamples());
    QCOMPARE(one.mutant(7).bytes, two.mutant(7).bytes);
    QVERIFY(one.mutant(7).bytes != one.mutant(8).bytes);
}

QTEST_APPLESS_MAIN(MutatedTest)
#include "mutated_test.moc"
