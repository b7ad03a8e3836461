// Writer and Reader together: what goes in comes out, while it is being written, and damage is
// noticed.

#include "core/document/node_chunk.h"
#include "core/document/reader.h"
#include "core/document/schema.h"
#include "core/document/writer.h"
#include "core/ir/codec.h"
#include "tests/core/ir/graph_builder.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <limits>

using namespace jitscope;

namespace {

ir::Program sampleProgram()
{
    ir::Program program;
    ir::Function function;
    function.name = "__torch__.M.forward";
    function.schema = "forward(__torch__.M self, Tensor x, bool flag) -> Tensor";
    function.isMethod = true;
    function.graph = test::sampleGraph();
    program.functions.push_back(std::move(function));
    ir::Module root;
    root.typeName = "__torch__.M";
    root.className = "M";
    root.methods.push_back({"forward", 0});
    program.modules.push_back(root);
    ir::Tensor weight;
    weight.name = "conv.weight";
    weight.dtype = "float32";
    weight.shape = {64, 3, 7, 7};
    weight.strides = {147, 49, 7, 1};
    weight.bytes = 37632;
    program.tensors.push_back(weight);
    program.code.push_back({"code/__torch__.py", "class M(Module):\n  pass\n"});
    program.sources.push_back({"/models/m.py", 11, "def forward(self, x, flag):\n"});
    return program;
}

// A long chain, large enough that storing it twice would show.
ir::Graph longGraph(int length, std::string_view kind)
{
    test::GraphBuilder builder;
    ir::ValueId value = builder.parameter("x", "Tensor");
    for (int i = 0; i < length; ++i) {
        const std::string name = std::to_string(i);
        const ir::NodeId node =
            builder.node(i == length / 2 ? kind : "aten::relu", {value}, {name});
        builder.at(node, "/models/long.py", static_cast<std::uint32_t>(i * 7919 % 10007 + 1), 1);
        value = builder.output(node);
    }
    return builder.finish({value});
}

} // namespace

class StoreTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void programRoundTrip();
    void tensorStatisticsAreReplaced();
    void stageCostsWhatItChanges();
    void longChainsOfStagesStayReadable();
    void reopenedWriterGoesOn();
    void readsWhileWriting();
    void aRunWhoseWriterDiedIsInterrupted();
    void theWriterIsKnownWhileItWrites();
    void namesOfNodesAreJoined();
    void foreignFilesAreRefused();
    void newerFormatIsRefused();
    void olderFormatIsReadAndBroughtUpToDate();
    void damagedGraphIsNoticed();
    void cyclicBasesEnd();
    void queryReportsMistakes();
    void readerCannotWrite();
    void unwritablePlaceIsSaid();
    void onlyDocumentsAreReplaced();
    void writerLeavesForeignDatabasesAlone();
    void failedWorkLeavesNoTrace();
    void readsInAFolderThatMayNotBeWritten();

private:
    [[nodiscard]] std::filesystem::path path(const char* name = "d.jitscope") const
    {
        return m_folder->filePath(QString::fromLatin1(name)).toStdString();
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void StoreTest::programRoundTrip()
{
    Result<document::Writer> writer = document::Writer::create(path());
    QVERIFY(writer.has_value());
    QVERIFY(writer->setInfo("model_path", "/m.pt").has_value());
    QVERIFY(writer->setInfo("model_path", "/n.pt").has_value());
    QVERIFY(writer->writeProgram(sampleProgram()).has_value());

    const Result<document::Reader> reader = document::Reader::open(path());
    QVERIFY(reader.has_value());
    QCOMPARE(reader->info("model_path").value(), std::string("/n.pt"));
    QCOMPARE(reader->info("absent").value(), std::string());
    const auto functions = reader->rows<document::FunctionRow>().value();
    QCOMPARE(functions.size(), 1U);
    const auto graph = reader->graph(functions[0].graph);
    QVERIFY(graph.has_value());
    QCOMPARE(ir::encode(**graph), ir::encode(test::sampleGraph()));
    QCOMPARE(reader->rows<document::ModuleRow>().value()[0].parent, 0);
    QCOMPARE(reader->rows<document::MethodRow>().value()[0].name, std::string("forward"));
    QCOMPARE(reader->rows<document::TensorRow>().value()[0].shape, std::string("[64, 3, 7, 7]"));
    QCOMPARE(reader->rows<document::CodeRow>().value()[0].record, std::string("code/__torch__.py"));
    QCOMPARE(reader->rows<document::SourceRow>().value()[0].first_line, 11);
    const auto stages = reader->rows<document::StageRow>().value();
    QCOMPARE(stages.size(), 1U);
    QCOMPARE(stages[0].kind, std::string("loaded"));
    const auto counts = reader->rows<document::GraphRow>().value()[0];
    QCOMPARE(counts.node_count, 7);
    QCOMPARE(counts.use_count, 14);
}

void StoreTest::tensorStatisticsAreReplaced()
{
    Result<document::Writer> writer = document::Writer::create(path());
    QVERIFY(writer->writeProgram(sampleProgram()).has_value());
    const double none = std::numeric_limits<double>::quiet_NaN();
    document::TensorStatisticsRow row;
    row.tensor = 1;
    row.measure = "value";
    row.elements = 6;
    row.nan = 4;
    row.minimum = -std::numeric_limits<double>::infinity();
    row.maximum = 0.1;
    row.mean = none;
    row.histogram = "[2]";
    row.channels = 3;
    row.channel_step = 1;
    document::TensorStatisticsRow other = row;
    other.tensor = 2;
    const std::array rows = {row, other};
    const std::array<document::TensorChannelRow, 3> channels = {
        {{1, 0, -1.5, 2}, {1, 1, none, none}, {2, 0, 7, 8}}};
    QVERIFY(writer->writeTensorStatistics(rows, channels).has_value());

    const Result<document::Reader> reader = document::Reader::open(path());
    auto read = reader->rows<document::TensorStatisticsRow>().value();
    QCOMPARE(read.size(), 2U);
    QCOMPARE(read[0].nan, 4);
    QCOMPARE(read[0].minimum, -std::numeric_limits<double>::infinity());
    QCOMPARE(read[0].maximum, 0.1);
    QVERIFY(std::isnan(read[0].mean));
    QCOMPARE(reader->query("SELECT mean IS NULL FROM tensor_statistics")->rows[0][0],
             std::string("1"));
    auto ranges = reader->rows<document::TensorChannelRow>("WHERE tensor = 1").value();
    QCOMPARE(ranges.size(), 2U);
    QCOMPARE(ranges[0].minimum, -1.5);
    QVERIFY(std::isnan(ranges[1].maximum));

    row.nan = 5;
    QVERIFY(
        writer->writeTensorStatistics(std::span<const document::TensorStatisticsRow>(&row, 1), {})
            .has_value());
    read = reader->rows<document::TensorStatisticsRow>().value();
    QCOMPARE(read.size(), 2U);
    QCOMPARE(read[0].nan, 5);
    QVERIFY(reader->rows<document::TensorChannelRow>("WHERE tensor = 1")->empty());
    QCOMPARE(reader->rows<document::TensorChannelRow>()->size(), 1U);
}

void StoreTest::stageCostsWhatItChanges()
{
    Result<document::Writer> writer = document::Writer::create(path());
    QVERIFY(writer->writeProgram(sampleProgram()).has_value());
    document::StageRow row;
    row.kind = "inlined";
    row.parent = 1;
    const std::int64_t first = writer->addStage(row, longGraph(5000, "aten::relu")).value();
    row.kind = "pass";
    row.parent = first;
    const std::int64_t second = writer->addStage(row, longGraph(5000, "aten::sigmoid")).value();
    QCOMPARE(second, first + 1);

    const Result<document::Reader> reader = document::Reader::open(path());
    const auto graphs = reader->rows<document::GraphRow>().value();
    QCOMPARE(graphs.size(), 3U);
    QCOMPARE(graphs[2].base, graphs[1].id);
    QVERIFY2(graphs[2].body.size() * 20 < graphs[1].body.size(),
             qPrintable(QStringLiteral("%1 against %2 bytes")
                            .arg(graphs[2].body.size())
                            .arg(graphs[1].body.size())));
    QCOMPARE(ir::encode(**reader->graph(graphs[2].id)),
             ir::encode(longGraph(5000, "aten::sigmoid")));
    // The nodes were there: the second stage has added none.
    QCOMPARE(reader->query("SELECT count(*) FROM node WHERE stage = " + std::to_string(second))
                 .value()
                 .rows[0][0],
             std::string("0"));
}

void StoreTest::longChainsOfStagesStayReadable()
{
    Result<document::Writer> writer = document::Writer::create(path());
    QVERIFY(writer->writeProgram(sampleProgram()).has_value());
    document::StageRow row;
    row.kind = "pass";
    row.parent = 1;
    for (int i = 0; i < 30; ++i) {
        row.label = std::to_string(i);
        row.parent = writer->addStage(row, longGraph(200 + i, "aten::tanh")).value();
    }
    const Result<document::Reader> reader = document::Reader::open(path());
    const auto stages = reader->rows<document::StageRow>().value();
    QCOMPARE(stages.size(), 31U);
    QCOMPARE(ir::encode(**reader->graph(stages.back().graph)),
             ir::encode(longGraph(229, "aten::tanh")));
    int whole = 0;
    const auto graphs = reader->rows<document::GraphRow>().value();
    for (const auto& graph : graphs)
        whole += graph.base == 0 ? 1 : 0;
    QVERIFY(whole >= 4); // the sample's and one in every nine
}

void StoreTest::reopenedWriterGoesOn()
{
    std::int64_t inlined = 0;
    {
        Result<document::Writer> writer = document::Writer::create(path());
        QVERIFY(writer->writeProgram(sampleProgram()).has_value());
        document::StageRow row;
        row.kind = "inlined";
        row.parent = 1;
        inlined = writer->addStage(row, longGraph(300, "aten::relu")).value();
    }
    Result<document::Writer> writer = document::Writer::open(path());
    QVERIFY(writer.has_value());
    document::StageRow row;
    row.kind = "pass";
    row.parent = inlined;
    const std::int64_t pass = writer->addStage(row, longGraph(300, "aten::sin")).value();
    const Result<document::Reader> reader = document::Reader::open(path());
    const auto stages = reader->rows<document::StageRow>().value();
    QCOMPARE(stages.back().id, pass);
    QCOMPARE(ir::encode(**reader->graph(stages.back().graph)),
             ir::encode(longGraph(300, "aten::sin")));
    QVERIFY(!document::Writer::open(path("absent.jitscope")).has_value());
}

void StoreTest::readsWhileWriting()
{
    Result<document::Writer> writer = document::Writer::create(path());
    QVERIFY(writer->writeProgram(sampleProgram()).has_value());
    const Result<document::Reader> reader = document::Reader::open(path());
    document::RunRow run;
    run.state = "recording";
    run.id = writer->addRun(run).value();
    QCOMPARE(run.id, 1);
    for (int i = 0; i < 50; ++i) {
        const document::IterationRow iteration{run.id, i, i * 10, i * 10 + 5, 0, 0};
        QVERIFY(writer->add(std::span(&iteration, 1)).has_value());
        QCOMPARE(reader->rows<document::IterationRow>().value().size(),
                 static_cast<std::size_t>(i + 1));
    }
    run.state = "done";
    QVERIFY(writer->updateRun(run).has_value());
    const auto runs = reader->rows<document::RunRow>().value();
    QCOMPARE(runs.size(), 1U);
    QCOMPARE(runs[0].state, std::string("done"));
    // The same name twice is one row.
    QCOMPARE(writer->stringId("kernel").value(), writer->stringId("kernel").value());
}

void StoreTest::aRunWhoseWriterDiedIsInterrupted()
{
    const pid_t child = fork();
    QVERIFY(child >= 0);
    if (child == 0) { // an engine that dies in the middle
        Result<document::Writer> writer = document::Writer::create(path());
        document::RunRow run;
        run.state = "recording";
        const auto id = writer->addRun(run);
        document::NodeChunkBuilder slices;
        for (std::int64_t i = 0; i < 3; ++i)
            slices.add({1000 + 100 * i, 90, 1, 0});
        const document::NodeChunkRow chunk = slices.take(id.value_or(0), 0);
        _exit(id && writer->add(std::span<const document::NodeChunkRow>(&chunk, 1)) ? 0 : 1);
    }
    int status = -1;
    QCOMPARE(waitpid(child, &status, 0), child);
    QCOMPARE(status, 0);
    const Result<document::Reader> reader = document::Reader::open(path());
    const auto runs = reader->rows<document::RunRow>().value();
    QCOMPARE(runs.size(), 1U);
    QCOMPARE(runs[0].state, std::string("interrupted"));
    QCOMPARE(runs[0].recorded, 3);
    QVERIFY(!runs[0].verdict.empty());

    // The next writer puts it down, and what it records itself goes on.
    Result<document::Writer> writer = document::Writer::open(path());
    document::RunRow fresh;
    fresh.state = "recording";
    QVERIFY(writer->addRun(fresh).has_value());
    const auto states = reader->query("SELECT state, recorded FROM run ORDER BY id").value();
    QCOMPARE(states.rows[0], std::vector<std::string>({"interrupted", "3"}));
    QCOMPARE(states.rows[1][0], std::string("recording"));
    QCOMPARE(reader->rows<document::RunRow>().value()[1].state, std::string("recording"));
    const auto chunks = reader->chunkSummaries(1).value();
    QCOMPARE(chunks.size(), 1U);
}

void StoreTest::theWriterIsKnownWhileItWrites()
{
    {
        Result<document::Writer> writer = document::Writer::create(path());
        document::RunRow run;
        run.state = "recording";
        QVERIFY(writer->addRun(run).has_value());
        const Result<document::Reader> reader = document::Reader::open(path());
        QVERIFY(!reader->info("writer").value().empty());
        QCOMPARE(reader->rows<document::RunRow>().value()[0].state, std::string("recording"));
        // A second writer does not take it for dead.
        QVERIFY(document::Writer::open(path()).has_value());
        QCOMPARE(reader->query("SELECT state FROM run").value().rows[0][0],
                 std::string("recording"));
    }
    const Result<document::Reader> reader = document::Reader::open(path());
    QVERIFY(reader->info("writer").value().empty());
    QCOMPARE(reader->rows<document::RunRow>().value()[0].state, std::string("interrupted"));
    // What a foreign file says of its writer is not believed.
    Result<document::Writer> foreign = document::Writer::open(path("d.jitscope"));
    document::RunRow next;
    next.state = "recording";
    QVERIFY(foreign->addRun(next).has_value());
    QCOMPARE(reader->rows<document::RunRow>().value()[1].state, std::string("recording"));
    for (const char* claim : {"", "somewhere 1 1", "nonsense", "a ../../etc 3"}) {
        QVERIFY(foreign->setInfo("writer", claim).has_value());
        QCOMPARE(reader->rows<document::RunRow>().value()[1].state, std::string("interrupted"));
    }
}

void StoreTest::namesOfNodesAreJoined()
{
    Result<document::Writer> writer = document::Writer::create(path());
    QVERIFY(writer->writeProgram(sampleProgram()).has_value());
    const Result<document::Reader> reader = document::Reader::open(path());
    const auto table =
        reader->query("SELECT kind, file, line FROM node_named WHERE kind = 'aten::relu'").value();
    QCOMPARE(table.rows.size(), 1U);
    QCOMPARE(table.rows[0][1], std::string("/models/m.py"));
    QCOMPARE(table.rows[0][2], std::string("13"));
    QCOMPARE(reader->nodes().value().size(), 7U);
}

void StoreTest::foreignFilesAreRefused()
{
    QFile text(QString::fromStdString(path("text").string()));
    QVERIFY(text.open(QIODevice::WriteOnly));
    text.write(QByteArray(4000, 'x'));
    text.close();
    const Result<document::Reader> ofText = document::Reader::open(path("text"));
    QVERIFY(!ofText.has_value());
    QVERIFY(!ofText.error().remedy.empty());
    {
        SQLite::Database other(path("other").string(),
                               SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        other.exec("CREATE TABLE t (x)");
    }
    const Result<document::Reader> ofOther = document::Reader::open(path("other"));
    QVERIFY(!ofOther.has_value());
    QVERIFY(ofOther.error().what.find("another program") != std::string::npos);
    QVERIFY(!document::Reader::open(path("absent")).has_value());
    QVERIFY(!QFile::exists(QString::fromStdString(path("absent").string())));
}

void StoreTest::newerFormatIsRefused()
{
    {
        Result<document::Writer> writer = document::Writer::create(path());
        QVERIFY(writer.has_value());
    }
    {
        SQLite::Database database(path().string(), SQLite::OPEN_READWRITE);
        database.exec("PRAGMA user_version = 1000");
    }
    const Result<document::Reader> reader = document::Reader::open(path());
    QVERIFY(!reader.has_value());
    QVERIFY(reader.error().where.find("1000") != std::string::npos);
    QVERIFY(!document::Writer::open(path()).has_value());
}

void StoreTest::olderFormatIsReadAndBroughtUpToDate()
{
    QVERIFY(document::Writer::create(path()).has_value());
    const auto version = [this] {
        SQLite::Database database(path().string(), SQLite::OPEN_READONLY);
        return database.execAndGet("PRAGMA user_version").getInt();
    };
    {
        SQLite::Database database(path().string(), SQLite::OPEN_READWRITE);
        database.exec("DROP TABLE observed_type; PRAGMA user_version = 2");
    }
    {
        const Result<document::Reader> reader = document::Reader::open(path());
        QVERIFY2(reader.has_value(), reader ? "" : reader.error().message().c_str());
        QVERIFY(reader->rows<document::ObservedTypeRow>().value().empty());
        QVERIFY(!reader->rows<document::StageRow>("WHERE nonsense").has_value());
    }
    QCOMPARE(version(), 2); // reading changes nothing
    {
        Result<document::Writer> writer = document::Writer::open(path());
        QVERIFY2(writer.has_value(), writer ? "" : writer.error().message().c_str());
        const document::ObservedTypeRow row{1, 7, "output", 0, "Float(2, device=cpu)"};
        QVERIFY(writer->add(std::span(&row, 1)).has_value());
    }
    QCOMPARE(version(), document::schemaVersion);
    const auto rows = document::Reader::open(path())->rows<document::ObservedTypeRow>();
    QCOMPARE(rows->size(), std::size_t(1));
    QCOMPARE(rows->front().type, std::string("Float(2, device=cpu)"));
}

void StoreTest::damagedGraphIsNoticed()
{
    {
        Result<document::Writer> writer = document::Writer::create(path());
        QVERIFY(writer->writeProgram(sampleProgram()).has_value());
    }
    for (const char* damage :
         {"UPDATE graph SET body = x'00112233'", "UPDATE graph SET size = 1 << 40",
          "UPDATE graph SET size = size + 1", "UPDATE graph SET hash = 'x'",
          "UPDATE graph SET body = x''", "DELETE FROM graph"}) {
        {
            SQLite::Database database(path().string(), SQLite::OPEN_READWRITE);
            database.exec(damage);
        }
        const Result<document::Reader> reader = document::Reader::open(path());
        QVERIFY(reader.has_value());
        const auto graph = reader->graph(1);
        QVERIFY2(!graph.has_value(), damage);
        QCOMPARE(graph.error().code, ErrorCode::UnusableFile);
    }
}

void StoreTest::cyclicBasesEnd()
{
    {
        Result<document::Writer> writer = document::Writer::create(path());
        QVERIFY(writer->writeProgram(sampleProgram()).has_value());
    }
    {
        SQLite::Database database(path().string(), SQLite::OPEN_READWRITE);
        database.exec("UPDATE graph SET base = id");
    }
    QVERIFY(!document::Reader::open(path())->graph(1).has_value());
}

void StoreTest::queryReportsMistakes()
{
    Result<document::Writer> writer = document::Writer::create(path());
    QVERIFY(writer->writeProgram(sampleProgram()).has_value());
    const Result<document::Reader> reader = document::Reader::open(path());
    const auto wrong = reader->query("SELECT nothing FROM nowhere");
    QVERIFY(!wrong.has_value());
    QCOMPARE(wrong.error().code, ErrorCode::InvalidArgument);
    QVERIFY(!reader->query("SELECT * FROM node", 3).has_value());
    QCOMPARE(reader->query("SELECT body FROM graph").value().rows[0][0].front(), '<');
    QVERIFY(!reader->query("").has_value());
}

void StoreTest::readerCannotWrite()
{
    Result<document::Writer> writer = document::Writer::create(path());
    QVERIFY(writer->writeProgram(sampleProgram()).has_value());
    const Result<document::Reader> reader = document::Reader::open(path());
    QVERIFY(!reader->query("DELETE FROM node").has_value());
    QCOMPARE(reader->nodes().value().size(), 7U);
}

void StoreTest::unwritablePlaceIsSaid()
{
    const Result<document::Writer> writer =
        document::Writer::create(path("no/such/folder/d.jitscope"));
    QVERIFY(!writer.has_value());
    QVERIFY(!writer.error().what.empty() && !writer.error().where.empty() &&
            !writer.error().remedy.empty());
}

void StoreTest::onlyDocumentsAreReplaced()
{
    QFile model(QString::fromStdString(path("model.pt").string()));
    QVERIFY(model.open(QIODevice::WriteOnly));
    model.write(QByteArray(500, 'x'));
    model.close();
    const Result<document::Writer> overModel = document::Writer::create(path("model.pt"));
    QVERIFY(!overModel.has_value());
    QVERIFY(!overModel.error().remedy.empty());
    QCOMPARE(QFileInfo(model).size(), 500);

    QFile empty(QString::fromStdString(path("empty.jitscope").string()));
    QVERIFY(empty.open(QIODevice::WriteOnly));
    empty.close();
    QVERIFY(document::Writer::create(path("empty.jitscope")).has_value());

    {
        Result<document::Writer> writer = document::Writer::create(path());
        QVERIFY(writer->writeProgram(sampleProgram()).has_value());
    }
    QVERIFY(document::Writer::create(path()).has_value());
    QVERIFY(document::Reader::open(path())->rows<document::FunctionRow>().value().empty());
}

void StoreTest::writerLeavesForeignDatabasesAlone()
{
    {
        SQLite::Database other(path("other").string(),
                               SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        other.exec("CREATE TABLE t (x); PRAGMA user_version = 1");
    }
    QVERIFY(!document::Writer::open(path("other")).has_value());
    SQLite::Database other(path("other").string(), SQLite::OPEN_READONLY);
    QCOMPARE(other.execAndGet("PRAGMA journal_mode").getString(), std::string("delete"));
}

// A stage that cannot be stored must not make the writer believe that its names and nodes are
// there.
void StoreTest::failedWorkLeavesNoTrace()
{
    Result<document::Writer> writer = document::Writer::create(path());
    QVERIFY(writer->writeProgram(sampleProgram()).has_value());
    SQLite::Database other(path().string(), SQLite::OPEN_READWRITE);
    other.exec("CREATE TRIGGER refuse BEFORE INSERT ON stage "
               "BEGIN SELECT RAISE(ABORT, 'refused'); END");
    document::StageRow row;
    row.kind = "inlined";
    row.parent = 1;
    const Result<std::int64_t> refused = writer->addStage(row, longGraph(50, "aten::tanh"));
    QVERIFY(!refused.has_value());
    QVERIFY(refused.error().what.find("refused") != std::string::npos);
    other.exec("DROP TRIGGER refuse");

    const Result<std::int64_t> stage = writer->addStage(row, longGraph(50, "aten::tanh"));
    QVERIFY(stage.has_value());
    const Result<document::Reader> reader = document::Reader::open(path());
    QCOMPARE(reader->query("SELECT count(*) FROM node_named").value().rows[0][0],
             std::string("50"));
    QCOMPARE(reader->query("SELECT count(*) FROM node_named WHERE kind = 'aten::tanh'")
                 .value()
                 .rows[0][0],
             std::string("1"));
    QVERIFY(reader->graph(reader->rows<document::StageRow>().value().back().graph).has_value());
}

void StoreTest::readsInAFolderThatMayNotBeWritten()
{
    {
        Result<document::Writer> writer = document::Writer::create(path("a %3f#d.jitscope"));
        QVERIFY(writer->writeProgram(sampleProgram()).has_value());
    }
    const QString folder = m_folder->path();
    const QString file = m_folder->filePath(QStringLiteral("a %3f#d.jitscope"));
    using Permission = QFileDevice::Permission;
    const QFileDevice::Permissions readable =
        Permission::ReadOwner | Permission::ReadGroup | Permission::ReadOther;
    QVERIFY(QFile::setPermissions(file, readable));
    QVERIFY(QFile::setPermissions(folder, readable | Permission::ExeOwner | Permission::ExeGroup |
                                              Permission::ExeOther));
    // Nothing is forbidden to root: become nobody for a moment.
    constexpr uid_t nobody = 65534;
    const bool asRoot = geteuid() == 0;
    if (asRoot)
        QCOMPARE(seteuid(nobody), 0);
    const Result<document::Reader> reader = document::Reader::open(path("a %3f#d.jitscope"));
    const bool read = reader.has_value() && !reader->nodes().value().empty();
    if (asRoot)
        QCOMPARE(seteuid(0), 0);
    QFile::setPermissions(folder,
                          Permission::ReadOwner | Permission::WriteOwner | Permission::ExeOwner);
    QVERIFY2(read, reader ? "" : reader.error().message().c_str());
}

QTEST_GUILESS_MAIN(StoreTest)
#include "store_test.moc"
