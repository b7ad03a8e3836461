#include "core/support/content_hash.h"
#include "core/support/counted.h"
#include "core/support/job.h"
#include "core/support/utf8.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <thread>

using namespace jitscope;

class SupportTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void messageHasAllParts();
    void everyCodeHasItsKindAndExitCode_data();
    void everyCodeHasItsKindAndExitCode();
    void hashIsThatOfXxh3();
    void cancelReachesEveryCopy();
    void emptyCallbacksAreFine();
    void callbacksGetWhatIsTold();
    void oneIsNoPlural();
    void textsAreCutBetweenCharacters();
};

void SupportTest::textsAreCutBetweenCharacters()
{
    const std::string text = "a\u00d7\u20acb"; // of 1, 2, 3 and 1 bytes
    const std::array<std::string, 8> fits{
        "", "a", "a", "a\u00d7", "a\u00d7", "a\u00d7", "a\u00d7\u20ac", text};
    for (std::size_t bytes = 0; bytes < fits.size(); ++bytes) {
        QCOMPARE(std::string(fitting(text, bytes)), fits[bytes]);
        QCOMPARE(shortened(text, bytes), bytes < text.size() ? fits[bytes] + "\u2026" : text);
    }
    // Not a character at all.
    QCOMPARE(std::string(fitting("\x80\x80\x80", 2)), std::string());
}

void SupportTest::oneIsNoPlural()
{
    QCOMPARE(counted(1, "iteration"), std::string("1 iteration"));
    QCOMPARE(counted(0, "iteration"), std::string("0 iterations"));
    QCOMPARE(counted(12, "node"), std::string("12 nodes"));
}

void SupportTest::messageHasAllParts()
{
    const Error full{ErrorCode::UnusableFile, "The file is damaged.", "a.pt", "Copy it again."};
    QCOMPARE(full.message(), std::string("The file is damaged. (a.pt) Copy it again."));
    const Error bare{ErrorCode::Internal, "Broken.", {}, {}};
    QCOMPARE(bare.message(), std::string("Broken."));
    const tl::unexpected<Error> made = fail(ErrorCode::Unavailable, "No GPU.", {}, "Use the CPU.");
    QCOMPARE(made.value().message(), std::string("No GPU. Use the CPU."));
}

void SupportTest::everyCodeHasItsKindAndExitCode_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("exit");
    const auto row = [](ErrorCode code, const char* kind, int exit) {
        QTest::newRow(kind) << static_cast<int>(code) << QString::fromLatin1(kind) << exit;
    };
    row(ErrorCode::InvalidArgument, "invalid-argument", 2);
    row(ErrorCode::UnusableFile, "unusable-file", 3);
    row(ErrorCode::ModelFailed, "model-failed", 4);
    row(ErrorCode::Unavailable, "unavailable", 4);
    row(ErrorCode::EngineLost, "engine-lost", 5);
    row(ErrorCode::Internal, "internal", 5);
    row(ErrorCode::Cancelled, "cancelled", 6);
}

void SupportTest::everyCodeHasItsKindAndExitCode()
{
    QFETCH(int, code);
    QFETCH(QString, kind);
    QFETCH(int, exit);
    const auto error = static_cast<ErrorCode>(code);
    QCOMPARE(QString::fromStdString(std::string(errorKind(error))), kind);
    QCOMPARE(exitCode(error), exit);
}

void SupportTest::hashIsThatOfXxh3()
{
    // The reference value of XXH3_128bits for no input with seed 0: documents must not change
    // their hashes when the library does.
    QCOMPARE(contentHash({}), std::string("99aa06d3014798d86001c324468d497f"));
    const std::array<std::byte, 3> one{std::byte{1}, std::byte{2}, std::byte{3}};
    std::array<std::byte, 3> other = one;
    QCOMPARE(contentHash(one), contentHash(other));
    other[2] = std::byte{4};
    QVERIFY(contentHash(one) != contentHash(other));
    QVERIFY(contentHash(std::span(one).first(2)) != contentHash(one));
}

void SupportTest::cancelReachesEveryCopy()
{
    const CancelToken token;
    const JobContext job{token, {}, {}};
    const CancelToken copy = token;
    QVERIFY(!job.isCancelled());
    QVERIFY(!copy.flag().load());
    std::thread([copy] { copy.cancel(); }).join();
    QVERIFY(job.isCancelled());
    QVERIFY(token.flag().load());
    QVERIFY(!CancelToken().isCancelled());
    QCOMPARE(cancelled().value().code, ErrorCode::Cancelled);
}

void SupportTest::emptyCallbacksAreFine()
{
    const JobContext job;
    job.progress("anything", 0.5);
    job.log(LogLevel::Error, "anything");
    QVERIFY(!job.isCancelled());
}

void SupportTest::callbacksGetWhatIsTold()
{
    std::vector<std::pair<std::string, double>> steps;
    std::vector<std::pair<LogLevel, std::string>> lines;
    JobContext job;
    job.onProgress = [&steps](const Progress& progress) {
        steps.emplace_back(progress.phase, progress.fraction);
    };
    job.onLog = [&lines](LogLevel level, std::string_view text) {
        lines.emplace_back(level, text);
    };
    job.progress("reading", 0.25);
    job.progress("laying out");
    job.log(LogLevel::Warning, "slow");
    QCOMPARE(steps.size(), 2U);
    QCOMPARE(steps[0].first, std::string("reading"));
    QCOMPARE(steps[0].second, 0.25);
    QVERIFY(steps[1].second < 0); // unknown
    QCOMPARE(lines.size(), 1U);
    QVERIFY(lines[0].first == LogLevel::Warning && lines[0].second == "slow");
}

QTEST_GUILESS_MAIN(SupportTest)
#include "support_test.moc"
