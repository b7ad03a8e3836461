#include "views/engine/engine_client.h"

#include <QSignalSpy>
#include <QTest>

#include <optional>

namespace jitscope::views {

using State = EngineClient::State;

class EngineClientTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { qunsetenv("JITSCOPE_FAKE_HANDSHAKE"); }
    void cleanup() { qunsetenv("JITSCOPE_FAKE_HANDSHAKE"); }

    void shakesHands()
    {
        EngineClient engine(fakeEngine());
        QCOMPARE(engine.state(), State::Stopped);
        engine.start();
        QCOMPARE(engine.state(), State::Starting);
        QTRY_COMPARE(engine.state(), State::Ready);
        QCOMPARE(engine.description().torchVersion, std::string("2.11.0"));
        QCOMPARE(engine.description().devices.size(), std::size_t(1));
        engine.start(); // nothing
        QCOMPARE(engine.state(), State::Ready);
    }

    void aRequestStartsTheEngineAndWaits()
    {
        EngineClient engine(fakeEngine());
        std::optional<Result<std::vector<protocol::PassDescription>>> passes;
        QVERIFY(engine.passes([&passes](auto answer) { passes = std::move(answer); }) > 0);
        QVERIFY(!passes); // never at once
        QTRY_VERIFY(passes);
        QVERIFY(passes->has_value());
        QCOMPARE((*passes)->size(), std::size_t(2));
        QCOMPARE((*passes)->at(0).label, std::string("Freeze"));
        QVERIFY(!(*passes)->at(1).available);
        QCOMPARE((*passes)->at(1).reason, std::string("There is no GPU."));
    }

    void anErrorOfTheEngineArrivesWhole()
    {
        EngineClient engine(fakeEngine());
        const Error error = errorOfOpening(engine, "error");
        QCOMPARE(error.code, ErrorCode::UnusableFile);
        QCOMPARE(error.what, std::string("This is no model."));
        QCOMPARE(error.where, std::string("a.txt"));
        QCOMPARE(error.remedy, std::string("Open a model."));
        QCOMPARE(engine.state(), State::Ready);
    }

    void notificationsAndStandardErrorArrive()
    {
        EngineClient engine(fakeEngine());
        QSignalSpy logged(&engine, &EngineClient::logged);
        QSignalSpy changed(&engine, &EngineClient::documentChanged);
        QSignalSpy progressed(&engine, &EngineClient::progress);
        QVERIFY(opens(engine, "noise"));
        QTRY_COMPARE(logged.size(), 3);
        QStringList lines;
        for (const auto& arguments : logged)
            lines.append(arguments.at(1).toString());
        lines.sort();
        QCOMPARE(lines, QStringList({QStringLiteral("a line of LibTorch"),
                                     QStringLiteral("another"), QStringLiteral("half full")}));
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed.at(0).at(1).toLongLong(), 4);
        QCOMPARE(progressed.size(), 0);
    }

    void aLostEngineAnswersEverythingAndComesBack_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("reason");
        QTest::newRow("crash") << QStringLiteral("crash") << QStringLiteral("segmentation fault");
        QTest::newRow("exit") << QStringLiteral("exit") << QStringLiteral("out of luck");
        QTest::newRow("garbage") << QStringLiteral("garbage") << QStringLiteral("understood");
        QTest::newRow("half a message") << QStringLiteral("half") << QStringLiteral("code 0");
    }

    void aLostEngineAnswersEverythingAndComesBack()
    {
        QFETCH(QString, model);
        QFETCH(QString, reason);
        EngineClient engine(fakeEngine());
        QSignalSpy lost(&engine, &EngineClient::lost);
        std::optional<Result<protocol::OpenResult>> other;
        engine.open(params("slow"), [&other](auto answer) { other = std::move(answer); });
        const Error error = errorOfOpening(engine, model.toStdString());
        QCOMPARE(error.code, ErrorCode::EngineLost);
        QVERIFY(!error.remedy.empty());
        QVERIFY2(QString::fromStdString(error.what).contains(reason), error.what.c_str());
        QTRY_VERIFY(other);
        QCOMPARE(other->error().code, ErrorCode::EngineLost);
        QCOMPARE(lost.size(), 1);
        QCOMPARE(lost.at(0).at(0).toString().toStdString(), error.what);
        QCOMPARE(engine.state(), State::Lost);
        QVERIFY(engine.description().engineVersion.empty());

        QVERIFY(opens(engine, "fine"));
        QCOMPARE(engine.state(), State::Ready);
    }

    void theAnswerToALossMayAskTheNextEngine()
    {
        EngineClient engine(fakeEngine());
        std::optional<Result<protocol::OpenResult>> second;
        engine.open(params("crash"), [&](auto) {
            engine.open(params("fine"), [&second](auto answer) { second = std::move(answer); });
        });
        QTRY_VERIFY(second);
        QVERIFY(second->has_value());
        QCOMPARE(engine.state(), State::Ready);
    }

    void aRefusedHandshakeIsALoss_data()
    {
        QTest::addColumn<QByteArray>("handshake");
        QTest::addColumn<QString>("reason");
        QTest::newRow("refused") << QByteArray("refuse") << QStringLiteral("speaks to nobody");
        QTest::newRow("another protocol")
            << QByteArray("other-version") << QStringLiteral("Install both");
        QTest::newRow("no version") << QByteArray("no-version") << QStringLiteral("refused");
        QTest::newRow("garbage") << QByteArray("garbage") << QStringLiteral("understood");
        QTest::newRow("crash") << QByteArray("crash") << QStringLiteral("aborted");
    }

    void aRefusedHandshakeIsALoss()
    {
        QFETCH(QByteArray, handshake);
        QFETCH(QString, reason);
        qputenv("JITSCOPE_FAKE_HANDSHAKE", handshake);
        EngineClient engine(fakeEngine());
        const Error error = errorOfOpening(engine, "fine");
        QCOMPARE(error.code, ErrorCode::EngineLost);
        QVERIFY2(QString::fromStdString(error.what).contains(reason), error.what.c_str());
        QCOMPARE(engine.state(), State::Lost);
    }

    void aProgramThatCannotBeStartedIsALoss()
    {
        EngineClient engine(QStringLiteral("/nowhere/jitscope-cli"));
        for (int attempt = 0; attempt < 2; ++attempt) {
            const Error error = errorOfOpening(engine, "fine");
            QCOMPARE(error.code, ErrorCode::EngineLost);
            QVERIFY(error.what.find("/nowhere/jitscope-cli") != std::string::npos);
            QCOMPARE(engine.state(), State::Lost);
        }
    }

    void anAnswerWithWrongFieldsIsAnErrorOfThatRequestOnly()
    {
        EngineClient engine(fakeEngine());
        const Error error = errorOfOpening(engine, "wrong-fields");
        QCOMPARE(error.code, ErrorCode::Internal);
        QCOMPARE(engine.state(), State::Ready);
        QVERIFY(opens(engine, "fine"));
    }

    void cancelIsAnsweredByTheEngine()
    {
        EngineClient engine(fakeEngine());
        QSignalSpy progressed(&engine, &EngineClient::progress);
        std::optional<Result<protocol::OpenResult>> result;
        const auto request =
            engine.open(params("slow"), [&result](auto answer) { result = std::move(answer); });
        QTRY_COMPARE(progressed.size(), 1);
        QCOMPARE(progressed.at(0).at(0).toLongLong(), request);
        QCOMPARE(progressed.at(0).at(1).toString(), QStringLiteral("waiting"));
        QCOMPARE(progressed.at(0).at(2).toDouble(), 0.25);
        engine.cancel(request);
        QTRY_VERIFY(result);
        QCOMPARE(result->error().code, ErrorCode::Cancelled);
        QCOMPARE(engine.state(), State::Ready);
        engine.cancel(request); // it is over: nothing
        QVERIFY(opens(engine, "fine"));
    }

    void anEngineThatDoesNotStopIsEnded()
    {
        EngineClient engine(fakeEngine());
        QSignalSpy progressed(&engine, &EngineClient::progress);
        QSignalSpy lost(&engine, &EngineClient::lost);
        std::optional<Result<protocol::OpenResult>> result;
        std::optional<Result<protocol::OpenResult>> other;
        const auto request =
            engine.open(params("stubborn"), [&result](auto answer) { result = std::move(answer); });
        QTRY_COMPARE(progressed.size(), 1);
        engine.cancel(request, 50);
        engine.open(params("slow"), [&other](auto answer) { other = std::move(answer); });
        QTRY_VERIFY(result && other);
        QCOMPARE(result->error().code, ErrorCode::Cancelled); // that is what the user asked for
        QCOMPARE(other->error().code, ErrorCode::EngineLost);
        QCOMPARE(lost.size(), 1);
        QVERIFY(lost.at(0).at(0).toString().contains(QStringLiteral("did not stop")));
        QVERIFY(opens(engine, "fine"));
    }

    void aRequestCancelledBeforeTheHandshakeIsNotSent()
    {
        EngineClient engine(fakeEngine());
        std::optional<Result<protocol::OpenResult>> result;
        const auto request =
            engine.open(params("crash"), [&result](auto answer) { result = std::move(answer); });
        engine.cancel(request);
        QTRY_VERIFY(result);
        QCOMPARE(result->error().code, ErrorCode::Cancelled);
        QTRY_COMPARE(engine.state(), State::Ready);
        QVERIFY(opens(engine, "fine"));
    }

    void stopAnswersWithCancelledAndIsNoLoss()
    {
        EngineClient engine(fakeEngine());
        QSignalSpy lost(&engine, &EngineClient::lost);
        QSignalSpy progressed(&engine, &EngineClient::progress);
        std::optional<Result<protocol::OpenResult>> result;
        engine.open(params("slow"), [&result](auto answer) { result = std::move(answer); });
        QTRY_COMPARE(progressed.size(), 1);
        engine.stop();
        QVERIFY(result);
        QCOMPARE(result->error().code, ErrorCode::Cancelled);
        QCOMPARE(engine.state(), State::Stopped);
        engine.restart();
        QTRY_COMPARE(engine.state(), State::Ready);
        QVERIFY(opens(engine, "fine"));
        QCOMPARE(lost.size(), 0);
    }

    void anAnswerMayDeleteTheClient()
    {
        auto* engine = new EngineClient(fakeEngine());
        bool answered = false;
        engine->open(params("fine"), [engine, &answered](auto) {
            answered = true;
            engine->deleteLater();
        });
        QSignalSpy destroyed(engine, &QObject::destroyed);
        QTRY_COMPARE(destroyed.size(), 1);
        QVERIFY(answered);
    }

    void theEnvironmentNamesTheEngine()
    {
        qputenv("JITSCOPE_ENGINE_PATH", "/somewhere/jitscope-cli");
        QCOMPARE(enginePath(), QStringLiteral("/somewhere/jitscope-cli"));
        qunsetenv("JITSCOPE_ENGINE_PATH");
        QVERIFY(enginePath().endsWith(QStringLiteral("/jitscope-cli")));
    }

private:
    static QString fakeEngine() { return QStringLiteral(JITSCOPE_FAKE_ENGINE); }

    static protocol::OpenParams params(const std::string& model)
    {
        return {model, "x.jitscope", {}};
    }

    static std::optional<Result<protocol::OpenResult>> answerToOpening(EngineClient& engine,
                                                                       const std::string& model)
    {
        std::optional<Result<protocol::OpenResult>> result;
        engine.open(params(model), [&result](auto answer) { result = std::move(answer); });
        [[maybe_unused]] const bool arrived =
            QTest::qWaitFor([&result] { return result.has_value(); }, 10'000);
        return result;
    }

    static bool opens(EngineClient& engine, const std::string& model)
    {
        const auto result = answerToOpening(engine, model);
        return result && result->has_value() && (*result)->document == "x.jitscope";
    }

    static Error errorOfOpening(EngineClient& engine, const std::string& model)
    {
        const auto result = answerToOpening(engine, model);
        if (!result)
            return {ErrorCode::Internal, "no answer", {}, {}};
        return result->has_value() ? Error{ErrorCode::Internal, "no error", {}, {}}
                                   : result->error();
    }
};

} // namespace jitscope::views

QTEST_GUILESS_MAIN(jitscope::views::EngineClientTest)
#include "engine_client_test.moc"
