// The engine as the window uses it: a process spoken to over its standard streams.

#include "core/document/reader.h"
#include "tests/app/cli/engine_under_test.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>

#include <dlfcn.h>
#include <link.h>

using namespace jitscope;
using nlohmann::json;
using test::EngineUnderTest;

class ServeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void handshake();
    void otherVersionIsRefused();
    void nothingBeforeTheHandshake();
    void listsPasses();
    void wholeChain();
    void reopensItsDocument();
    void theDocumentNamesItsOperatorLibraries();
    void mistakesAreAnswered_data();
    void mistakesAreAnswered();
    void unusableModels_data();
    void unusableModels();
    void secondFolderNeedsAFreshEngine();
    void cancelInMidRun();
    void cancelWhileWaiting();
    void killedInMidJob();
    void endOfInputEndsIt();
    void garbageEndsIt_data();
    void garbageEndsIt();
    void invalidMessageIsAnswered();
    void messagesInSmallPieces();
    void shutdownThenExit();

private:
    [[nodiscard]] std::string inFolder(const char* name) const
    {
        return m_folder->filePath(QString::fromUtf8(name)).toStdString();
    }
    [[nodiscard]] std::string documentPath() const { return inFolder("d.jitscope"); }
    [[nodiscard]] Result<json> open(EngineUnderTest& engine, const char* sample) const;
    // Opens the sample and inlines its forward; gives the stage.
    [[nodiscard]] std::int64_t prepare(EngineUnderTest& engine, const char* sample) const;
    // The only cell of a query.
    [[nodiscard]] std::string cell(const char* sql) const;
    // Of the first run, as everybody but SQL reads it.
    [[nodiscard]] std::string runState() const;

    // One for the tests that leave it as it was: with pointwise.pt open and inlined as stage 2.
    [[nodiscard]] EngineUnderTest& sharedEngine();

    std::unique_ptr<QTemporaryDir> m_folder;
    QTemporaryDir m_sharedFolder;
    std::unique_ptr<EngineUnderTest> m_sharedEngine;
};

namespace {

std::string samplePath(const char* name)
{
    return (qEnvironmentVariable("JITSCOPE_SOURCE_DIR") + QStringLiteral("/resources/samples/") +
            QString::fromUtf8(name))
        .toStdString();
}

// Where the loader finds it; empty if it does not.
std::string pathOfLibrary(const char* name)
{
    void* const library = ::dlopen(name, RTLD_LAZY);
    link_map* map = nullptr;
    if (library == nullptr || ::dlinfo(library, RTLD_DI_LINKMAP, &map) != 0)
        return {};
    const std::string path = map->l_name;
    ::dlclose(library);
    return path;
}

// A run that would take hours.
json endlessRun(std::int64_t stage)
{
    return {{"stage", stage}, {"warmups", 0}, {"iterations", 100'000'000}};
}

bool isWaiting(const Result<json>& answer)
{
    return answer && *answer == "waiting";
}

bool hasChunks(const EngineUnderTest& engine)
{
    for (const json& change : engine.notifications(protocol::notificationDocument)) {
        if (change.at("what") == "chunks")
            return true;
    }
    return false;
}

} // namespace

Result<json> ServeTest::open(EngineUnderTest& engine, const char* sample) const
{
    return engine.ask(protocol::methodOpen,
                      {{"model", samplePath(sample)}, {"document", documentPath()}});
}

std::int64_t ServeTest::prepare(EngineUnderTest& engine, const char* sample) const
{
    if (!engine.initialize() || !open(engine, sample))
        return 0;
    const Result<json> inlined = engine.ask(protocol::methodInline, json::object());
    return inlined ? inlined->at("stage").get<std::int64_t>() : 0;
}

EngineUnderTest& ServeTest::sharedEngine()
{
    if (!m_sharedEngine) {
        m_sharedEngine = std::make_unique<EngineUnderTest>();
        const bool isReady =
            m_sharedEngine->initialize() &&
            m_sharedEngine->ask(
                protocol::methodOpen,
                {{"model", samplePath("pointwise.pt")},
                 {"document",
                  m_sharedFolder.filePath(QStringLiteral("d.jitscope")).toStdString()}}) &&
            m_sharedEngine->ask(protocol::methodInline, json::object());
        if (!isReady)
            qWarning("the shared engine is not ready");
    }
    return *m_sharedEngine;
}

std::string ServeTest::cell(const char* sql) const
{
    const Result<document::Reader> reader = document::Reader::open(documentPath());
    if (!reader)
        return "cannot open: " + reader.error().message();
    const Result<document::SqlTable> table = reader->query(sql);
    if (!table || table->rows.size() != 1)
        return "no single row";
    return table->rows.front().front();
}

std::string ServeTest::runState() const
{
    const Result<document::Reader> reader = document::Reader::open(documentPath());
    const auto runs =
        reader ? reader->rows<document::RunRow>().value_or(std::vector<document::RunRow>())
               : std::vector<document::RunRow>();
    return runs.empty() ? "no run" : runs.front().state;
}

void ServeTest::handshake()
{
    EngineUnderTest engine;
    const Result<json> answer = engine.initialize();
    QVERIFY(answer);
    const auto result = answer->get<protocol::InitializeResult>();
    QCOMPARE(result.protocolVersion, protocol::protocolVersion);
    QCOMPARE(result.torchVersion, std::string("2.11.0"));
    QVERIFY(!result.engineVersion.empty());
    QCOMPARE(result.devices.front(), std::string("cpu"));
    const Result<json> again = engine.initialize();
    QVERIFY(!again);
    QVERIFY(again.error().code == ErrorCode::InvalidArgument);
}

void ServeTest::otherVersionIsRefused()
{
    EngineUnderTest engine;
    const Result<json> answer =
        engine.ask(protocol::methodInitialize, {{"protocolVersion", 99}, {"client", "future"}});
    QVERIFY(!answer);
    QVERIFY(!answer.error().remedy.empty());
    QVERIFY(!engine.ask(protocol::methodPasses, json::object()));
}

void ServeTest::nothingBeforeTheHandshake()
{
    EngineUnderTest engine;
    const Result<json> answer = open(engine, "pointwise.pt");
    QVERIFY(!answer);
    QVERIFY(QString::fromStdString(answer.error().what).contains(QStringLiteral("initialize")));
    QVERIFY(!QFile::exists(QString::fromStdString(documentPath())));
    QVERIFY(engine.initialize());
}

void ServeTest::listsPasses()
{
    EngineUnderTest engine;
    QVERIFY(engine.initialize());
    const Result<json> answer = engine.ask(protocol::methodPasses, json::object());
    QVERIFY(answer);
    bool hasFreeze = false;
    for (const json& entry : *answer) {
        const auto pass = entry.get<protocol::PassDescription>();
        QVERIFY(!pass.label.empty() && !pass.category.empty() && !pass.effect.empty());
        hasFreeze |= pass.name == "freeze";
    }
    QVERIFY(hasFreeze);
}

void ServeTest::wholeChain()
{
    EngineUnderTest engine;
    QVERIFY(engine.initialize());
    const Result<json> opened = open(engine, "residual_cnn_scripted.pt");
    QVERIFY2(opened, opened ? "" : opened.error().message().c_str());
    const auto document = opened->get<protocol::OpenResult>();
    QCOMPARE(document.document, documentPath());
    QVERIFY(!document.modelHash.empty() && !document.rights.empty());
    QVERIFY(document.problems.empty() && document.missingOperators.empty());
    QCOMPARE(cell("SELECT value FROM info WHERE name = 'model_hash'"), document.modelHash);

    const Result<json> inlined = engine.ask(protocol::methodInline, json::object());
    QVERIFY(inlined);
    const Result<json> applied =
        engine.ask(protocol::methodApply, {{"stage", inlined->at("stage")}, {"pass", "freeze"}});
    QVERIFY2(applied, applied ? "" : applied.error().message().c_str());
    QVERIFY(applied->at("changed").get<bool>());
    const Result<json> run = engine.ask(
        protocol::methodRun, {{"stage", applied->at("stage")}, {"warmups", 1}, {"iterations", 3}});
    QVERIFY2(run, run ? "" : run.error().message().c_str());

    QCOMPARE(cell("SELECT state FROM run"), std::string("done"));
    QCOMPARE(cell("SELECT executed - recorded FROM run"), std::string("0"));
    QCOMPARE(cell("SELECT executed > 0 FROM run"), std::string("1"));
    QCOMPARE(cell("SELECT outputs_equal FROM run"), std::string("yes"));
    QCOMPARE(cell("SELECT count(*) FROM iteration WHERE number >= 0"), std::string("3"));
    QCOMPARE(cell("SELECT kind FROM stage WHERE id = (SELECT executed_stage FROM run)"),
             std::string("executed"));
    std::vector<std::string> changes;
    for (const json& change : engine.notifications(protocol::notificationDocument))
        changes.push_back(change.at("what"));
    QVERIFY(std::count(changes.begin(), changes.end(), "stage") >= 3); // and the executed plan
    QVERIFY(std::count(changes.begin(), changes.end(), "run") >= 1);
    QVERIFY(!engine.notifications(protocol::notificationProgress).empty());
    QVERIFY(engine.isInStep());
}

void ServeTest::reopensItsDocument()
{
    std::int64_t frozen = 0;
    {
        EngineUnderTest engine;
        const std::int64_t inlined = prepare(engine, "residual_cnn_scripted.pt");
        QVERIFY(inlined > 0);
        const Result<json> applied =
            engine.ask(protocol::methodApply, {{"stage", inlined}, {"pass", "freeze"}});
        QVERIFY(applied);
        frozen = applied->at("stage").get<std::int64_t>();
    }
    // A fresh engine makes the stage again from the model.
    EngineUnderTest engine;
    QVERIFY(engine.initialize());
    QVERIFY(open(engine, "residual_cnn_scripted.pt"));
    const Result<json> folded =
        engine.ask(protocol::methodApply, {{"stage", frozen}, {"pass", "fold-batch-norm"}});
    QVERIFY2(folded, folded ? "" : folded.error().message().c_str());
    QCOMPARE(cell("SELECT parent FROM stage ORDER BY id DESC LIMIT 1"), std::to_string(frozen));
    // Another model does not get into this document.
    const Result<json> other = open(engine, "lstm.pt");
    QVERIFY(!other);
    QVERIFY(other.error().code == ErrorCode::UnusableFile);
}

// Any shared library will do to see what becomes of it.
void ServeTest::theDocumentNamesItsOperatorLibraries()
{
    const std::string library = pathOfLibrary("libm.so.6");
    QVERIFY(!library.empty());
    const auto openWith = [this](EngineUnderTest& engine, const json& libraries) {
        return engine.ask(protocol::methodOpen, {{"model", samplePath("pointwise.pt")},
                                                 {"document", documentPath()},
                                                 {"operatorLibraries", libraries}});
    };
    const char* named = "SELECT value FROM info WHERE name = 'operator_libraries'";
    {
        EngineUnderTest engine;
        QVERIFY(engine.initialize());
        QVERIFY(openWith(engine, json::array({library})));
        QCOMPARE(cell(named), json::array({library}).dump());
    }
    {
        // What a document names is said, not opened, and stays.
        EngineUnderTest engine;
        QVERIFY(engine.initialize());
        QVERIFY(openWith(engine, json::array()));
        QCOMPARE(cell(named), json::array({library}).dump());
        const auto& logged = engine.notifications(protocol::notificationLog);
        QVERIFY(std::any_of(logged.begin(), logged.end(), [&library](const json& line) {
            return line.at("text").get<std::string>().find(library) != std::string::npos;
        }));
    }
    EngineUnderTest engine;
    QVERIFY(engine.initialize());
    const Result<json> absent = openWith(engine, json::array({inFolder("absent.so")}));
    QVERIFY(!absent);
    QVERIFY(absent.error().message().find("operator library") != std::string::npos);
    QCOMPARE(cell(named), json::array({library}).dump());
}

void ServeTest::mistakesAreAnswered_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("params");
    QTest::addColumn<QByteArray>("mentions");
    const auto row = [](const char* name, const char* method, const char* params,
                        const char* mentions) {
        QTest::newRow(name) << QByteArray(method) << QByteArray(params) << QByteArray(mentions);
    };
    row("unknown pass", "stage/apply", R"({"stage":2,"pass":"nope"})", "nope");
    row("unknown stage", "stage/apply", R"({"stage":77,"pass":"freeze"})", "77");
    row("the loaded stage", "stage/apply", R"({"stage":1,"pass":"freeze"})", "");
    row("unknown argument", "stage/apply", R"({"stage":2,"pass":"freeze","arguments":{"x":"1"}})",
        "x");
    row("unknown module", "stage/inline", R"({"module":"nope"})", "nope");
    row("unknown method", "stage/inline", R"({"method":"nope"})", "nope");
    row("unknown mode", "run/start", R"({"stage":2,"mode":"nope"})", "nope");
    row("bad input", "run/start", R"({"stage":2,"inputs":["nope:nope"]})", "nope");
    row("too many inputs", "run/start", R"({"stage":2,"inputs":["1x3x8x8","1","2"]})", "");
    row("unknown device", "run/start", R"({"stage":2,"device":"abacus"})", "abacus");
    row("negative iterations", "run/start", R"({"stage":2,"iterations":-1})", "");
    row("missing field", "stage/apply", R"({"stage":2})", "pass");
    row("wrong type", "run/start", R"({"stage":"two"})", "stage");
    row("unknown request", "stage/dance", "{}", "stage/dance");
}

void ServeTest::mistakesAreAnswered()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, params);
    QFETCH(const QByteArray, mentions);
    EngineUnderTest& engine = sharedEngine();
    const Result<json> answer = engine.ask(method.toStdString(), json::parse(params.toStdString()));
    QVERIFY(!answer);
    QVERIFY2(QByteArray::fromStdString(answer.error().message()).contains(mentions),
             answer.error().message().c_str());
    QVERIFY(answer.error().code != ErrorCode::EngineLost);
    // And goes on.
    QVERIFY(engine.ask(protocol::methodInline, json::object()));
}

void ServeTest::unusableModels_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("missing") << QByteArray();
    QTest::newRow("text") << QByteArray("hello");
    QTest::newRow("an archive cut off") << QByteArray("PK\3\4") + QByteArray(50, 'x');
}

void ServeTest::unusableModels()
{
    QFETCH(const QByteArray, content);
    const std::string model = inFolder("m.pt");
    if (!content.isEmpty()) {
        QFile file(QString::fromStdString(model));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
    }
    EngineUnderTest engine;
    QVERIFY(engine.initialize());
    const Result<json> answer =
        engine.ask(protocol::methodOpen, {{"model", model}, {"document", documentPath()}});
    QVERIFY(!answer);
    QVERIFY(answer.error().code == ErrorCode::UnusableFile);
    QVERIFY(!answer.error().remedy.empty());
    QVERIFY(open(engine, "pointwise.pt"));
}

void ServeTest::secondFolderNeedsAFreshEngine()
{
    QTemporaryDir other;
    EngineUnderTest engine;
    QVERIFY(prepare(engine, "pointwise.pt") > 0);
    const json elsewhere = {
        {"model", samplePath("pointwise.pt")},
        {"document", other.filePath(QStringLiteral("e.jitscope")).toStdString()}};
    const Result<json> refused = engine.ask(protocol::methodOpen, elsewhere);
    QVERIFY(!refused);
    QVERIFY(
        QString::fromStdString(refused.error().remedy).contains(QStringLiteral("fresh engine")));
    const Result<json> same =
        engine.ask(protocol::methodOpen,
                   {{"model", samplePath("lstm.pt")}, {"document", inFolder("second.jitscope")}});
    QVERIFY2(same, same ? "" : same.error().message().c_str());
}

void ServeTest::cancelInMidRun()
{
    EngineUnderTest engine;
    const std::int64_t stage = prepare(engine, "residual_cnn_scripted.pt");
    QVERIFY(stage > 0);
    Result<json> answer;
    const auto request = engine.send(protocol::methodRun, endlessRun(stage), answer);
    QVERIFY(engine.waitUntil([&] { return hasChunks(engine) || !isWaiting(answer); }));
    engine.notify(protocol::notificationCancel, {{"id", protocol::idToJson(request)}});
    QVERIFY(engine.waitUntil([&] { return !isWaiting(answer); }));
    QVERIFY(!answer);
    QVERIFY2(answer.error().code == ErrorCode::Cancelled, answer.error().message().c_str());
    QCOMPARE(cell("SELECT state FROM run"), std::string("cancelled"));
    QCOMPARE(cell("SELECT sum(n) > 0 FROM node_chunk"), std::string("1"));
    QVERIFY(engine.ask(protocol::methodRun, {{"stage", stage}, {"iterations", 1}}));
}

void ServeTest::cancelWhileWaiting()
{
    EngineUnderTest engine;
    const std::int64_t stage = prepare(engine, "residual_cnn_scripted.pt");
    QVERIFY(stage > 0);
    Result<json> running;
    Result<json> waiting;
    const auto first = engine.send(protocol::methodRun, endlessRun(stage), running);
    const auto second = engine.send(protocol::methodRun, endlessRun(stage), waiting);
    engine.notify(protocol::notificationCancel, {{"id", protocol::idToJson(second)}});
    engine.notify(protocol::notificationCancel, {{"id", 4711}}); // there is none
    engine.notify(protocol::notificationCancel, json::array());
    engine.notify(protocol::notificationCancel, {{"id", protocol::idToJson(first)}});
    QVERIFY(engine.waitUntil([&] { return !isWaiting(running) && !isWaiting(waiting); }));
    QVERIFY(!running && running.error().code == ErrorCode::Cancelled);
    QVERIFY(!waiting && waiting.error().code == ErrorCode::Cancelled);
    QVERIFY(cell("SELECT count(*) FROM run") != "2");
}

void ServeTest::killedInMidJob()
{
    EngineUnderTest engine;
    const std::int64_t stage = prepare(engine, "residual_cnn_scripted.pt");
    QVERIFY(stage > 0);
    Result<json> answer;
    engine.send(protocol::methodRun, endlessRun(stage), answer);
    QVERIFY(engine.waitUntil([&] { return hasChunks(engine) || !isWaiting(answer); }));
    engine.process().kill();
    QVERIFY(engine.waitForEnd());
    QCOMPARE(cell("SELECT state FROM run"), std::string("recording"));
    QCOMPARE(runState(), std::string("interrupted"));
    QCOMPARE(cell("SELECT sum(n) > 0 FROM node_chunk"), std::string("1"));
    QCOMPARE(cell("SELECT count(*) > 0 FROM node_slice"), std::string("1"));
    // And a fresh engine goes on with it.
    EngineUnderTest next;
    QVERIFY(next.initialize());
    QVERIFY(open(next, "residual_cnn_scripted.pt"));
    QVERIFY(next.ask(protocol::methodRun, {{"stage", stage}, {"iterations", 1}}));
    QCOMPARE(cell("SELECT state FROM run WHERE id = 1"), std::string("interrupted"));
    QCOMPARE(cell("SELECT recorded = (SELECT sum(n) FROM node_chunk c WHERE c.run = r.id) "
                  "FROM run r WHERE id = 1"),
             std::string("1"));
}

void ServeTest::endOfInputEndsIt()
{
    EngineUnderTest engine;
    const std::int64_t stage = prepare(engine, "residual_cnn_scripted.pt");
    QVERIFY(stage > 0);
    Result<json> answer;
    engine.send(protocol::methodRun, endlessRun(stage), answer);
    QVERIFY(engine.waitUntil([&] { return hasChunks(engine) || !isWaiting(answer); }));
    engine.process().closeWriteChannel();
    QVERIFY(engine.waitForEnd());
    QVERIFY(engine.process().exitStatus() == QProcess::NormalExit);
    QCOMPARE(engine.process().exitCode(), 0);
    QCOMPARE(cell("SELECT count(*) FROM run"), std::string("1"));
}

void ServeTest::garbageEndsIt_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("a shell command") << QByteArray("ls -l\r\n\r\n");
    QTest::newRow("no length") << QByteArray("Content-Type: x\r\n\r\n{}");
    QTest::newRow("a huge message") << QByteArray("Content-Length: 99999999999\r\n\r\n");
    QTest::newRow("endless bytes") << QByteArray(10000, 'x');
}

void ServeTest::garbageEndsIt()
{
    QFETCH(const QByteArray, bytes);
    EngineUnderTest engine;
    engine.process().write(bytes);
    QVERIFY(engine.waitForEnd());
    QCOMPARE(engine.process().exitCode(), 2);
    QVERIFY(engine.process().readAllStandardError().contains("cannot be understood"));
    QVERIFY(engine.process().readAllStandardOutput().isEmpty());
}

void ServeTest::invalidMessageIsAnswered()
{
    EngineUnderTest engine;
    const std::string framed = protocol::frame("not JSON");
    engine.process().write(framed.data(), static_cast<qint64>(framed.size()));
    const Result<json> answer = engine.initialize(); // it goes on
    QVERIFY(answer);
}

void ServeTest::messagesInSmallPieces()
{
    EngineUnderTest engine;
    const json request = {{"jsonrpc", "2.0"},
                          {"id", "text-id"},
                          {"method", "initialize"},
                          {"params", {{"protocolVersion", protocol::protocolVersion}}}};
    for (const char byte : protocol::frame(request.dump())) {
        engine.process().write(&byte, 1);
        engine.process().waitForBytesWritten();
    }
    // Answered to an id that this client did not give out, so only its effect shows.
    QVERIFY(engine.ask(protocol::methodPasses, json::object()));
}

void ServeTest::shutdownThenExit()
{
    EngineUnderTest engine;
    const std::int64_t stage = prepare(engine, "residual_cnn_scripted.pt");
    QVERIFY(stage > 0);
    Result<json> running;
    engine.send(protocol::methodRun, endlessRun(stage), running);
    QVERIFY(engine.ask(protocol::methodShutdown, json::object()));
    QVERIFY(!running && running.error().code == ErrorCode::Cancelled);
    QVERIFY(!engine.ask(protocol::methodPasses, json::object()));
    engine.notify(protocol::notificationExit, json::object());
    QVERIFY(engine.waitForEnd());
    QCOMPARE(engine.process().exitCode(), 0);
    // Closed in order: nothing is left in the log beside it.
    QVERIFY(!QFile::exists(QString::fromStdString(documentPath() + "-wal")));
}

QTEST_GUILESS_MAIN(ServeTest)
#include "serve_test.moc"
