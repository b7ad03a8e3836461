// Files that are no model, or damaged ones: an Error that says what, where and what to do; never a
// crash.
#include "core/torchscript/session.h"
#include "tests/core/torchscript/models.h"
#include "tests/core/torchscript/oracle.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>

using namespace jitscope;
namespace fs = std::filesystem;

class BadFilesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsNoModelIsRefused_data();
    void whatIsNoModelIsRefused();
    void missingOperatorsAreNamed();
    void everyTruncationIsRefused();
    void damagedDebugRecordsCostLocationsOnly();
    void debugRecordsThatLieCostNoMemory_data();
    void debugRecordsThatLieCostNoMemory();
    void cutOffWeightsAreSeenAndNotRead();
    void damagedCodeIsExplained();
    void compressedArchivesOpen();
    void wrongLibrariesAreRefused();
    void aCancelledLoadIsCancelled();

private:
    fs::path write(const char* name, const std::string& bytes) const;
    fs::path in(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }
    fs::path make(const std::string& what) const;

    QTemporaryDir m_folder;
};

namespace {

std::string read(const fs::path& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

Result<std::unique_ptr<torchscript::Session>> load(const fs::path& file, bool stubs = true)
{
    torchscript::LoadOptions options;
    options.stubMissingOperators = stubs;
    return torchscript::Session::load(file, options, {});
}

std::string debugRecord(const fs::path& model)
{
    for (const std::string& record : oracle::recordNames(model)) {
        if (record.ends_with(".debug_pkl"))
            return record;
    }
    return {};
}

} // namespace

fs::path BadFilesTest::write(const char* name, const std::string& bytes) const
{
    std::ofstream(in(name), std::ios::binary) << bytes;
    return in(name);
}

fs::path BadFilesTest::make(const std::string& what) const
{
    const fs::path good = test::sample("pointwise");
    if (what == "missing")
        return in("missing.pt");
    if (what == "folder")
        return m_folder.path().toStdString();
    if (what == "empty")
        return write("empty.pt", "");
    if (what == "text")
        return write("text.pt", "import torch\n# this is no model\n" + std::string(5000, 'x'));
    if (what == "old pickle") // torch.save before the zip format: a pickle of a magic number
        return write("old.pt",
                     std::string("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 15) +
                         std::string(200, '\0'));
    if (what == "truncated") {
        const std::string bytes = read(good);
        return write("truncated.pt", bytes.substr(0, bytes.size() / 2));
    }
    if (what == "eager") {
        oracle::rewriteArchive(good, in("eager.pt"), [](const std::string& record, std::string&) {
            return record == "data.pkl" || record.starts_with("data/");
        });
        return in("eager.pt");
    }
    if (what == "new version") {
        oracle::patchRecord(good, in("new.pt"), "version", "99\n");
        return in("new.pt");
    }
    if (what == "no version") {
        oracle::patchRecord(good, in("none.pt"), "version", "ab\n");
        return in("none.pt");
    }
    if (what == "damaged pickle") {
        oracle::patchRecord(good, in("pickle.pt"), "data.pkl", std::string("\x80\x02\xff\xff"));
        return in("pickle.pt");
    }
    if (what == "flatbuffer")
        return write("mobile.ptl", std::string("\x10\0\0\0PTMF", 8) + std::string(300, '\x7f'));
    return {};
}

void BadFilesTest::whatIsNoModelIsRefused_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("said");
    const auto row = [](const char* what, const char* said) {
        QTest::newRow(what) << QString::fromLatin1(what) << QString::fromLatin1(said);
    };
    row("missing", "does not exist");
    row("folder", "no file");
    row("empty", "empty");
    row("text", "no TorchScript model");
    row("old pickle", "no TorchScript model");
    row("truncated", "cut off");
    row("eager", "no TorchScript code");
    row("new version", "newer PyTorch");
    row("no version", "version record");
    row("damaged pickle", "pickle");
    row("flatbuffer", "its tables do not fit into the file");
}

void BadFilesTest::whatIsNoModelIsRefused()
{
    QFETCH(QString, what);
    QFETCH(QString, said);
    const fs::path file = make(what.toStdString());
    const auto session = load(file);
    QVERIFY(!session);
    const Error& error = session.error();
    QCOMPARE(error.code, ErrorCode::UnusableFile);
    QVERIFY2(error.what.find(said.toStdString()) != std::string::npos, error.what.c_str());
    QVERIFY2(error.where.starts_with(file.string()), error.where.c_str());
    QVERIFY(!error.remedy.empty());
    QVERIFY2(error.what.find("Exception raised from") == std::string::npos, error.what.c_str());
}

void BadFilesTest::missingOperatorsAreNamed()
{
    const auto model = test::largeModel("maskrcnn_resnet50_fpn_scripted");
    if (model.empty())
        QSKIP("The large models are not there; ./test makes them.");
    {
        const auto refused = load(model, false);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::UnusableFile);
        QVERIFY2(refused.error().what.find("torchvision::") != std::string::npos,
                 refused.error().what.c_str());
        QVERIFY2(refused.error().remedy.find("torchvision") != std::string::npos,
                 refused.error().remedy.c_str());
    }
    const auto opened = load(model);
    QVERIFY2(opened, opened ? "" : opened.error().message().c_str());
    const auto program = (*opened)->program({});
    QVERIFY(program);
    const auto& missing = program->missingOperators;
    QVERIFY(std::any_of(missing.begin(), missing.end(), [](const auto& candidate) {
        return candidate.name == "torchvision::nms" && candidate.library == "torchvision" &&
               !candidate.isGuessed && candidate.neededBy.find(".nms (") != std::string::npos;
    }));
    // A library cannot come in between: the operators would be registered twice.
    torchscript::LoadOptions options;
    options.operatorLibraries = {test::sample("pointwise")};
    const auto late = torchscript::Session::load(model, options, {});
    QVERIFY(!late);
    QCOMPARE(late.error().code, ErrorCode::Unavailable);
}

void BadFilesTest::everyTruncationIsRefused()
{
    const std::string bytes = read(test::sample("pointwise"));
    for (std::size_t size = 1; size < bytes.size(); size += 97) {
        const auto session = load(write("cut.pt", bytes.substr(0, size)));
        QVERIFY2(!session, std::to_string(size).c_str());
        QCOMPARE(session.error().code, ErrorCode::UnusableFile);
    }
}

// Whatever is in a debug record, the graph is there; at worst without locations, which is said.
void BadFilesTest::damagedDebugRecordsCostLocationsOnly()
{
    const fs::path good = test::sample("nested_if_loop");
    const std::string record = debugRecord(good);
    QVERIFY(!record.empty());
    const std::string bytes = oracle::recordText(good, record);
    std::mt19937 random(20260101);
    const auto below = [&random](std::size_t limit) {
        return static_cast<std::size_t>(random() % limit);
    };
    int unreadable = 0;
    for (int round = 0; round < 80; ++round) {
        std::string damaged = bytes;
        for (int i = 0; i < 3; ++i)
            damaged[below(damaged.size())] = static_cast<char>(below(256));
        oracle::rewriteArchive(good, in("debug.pt"),
                               [&](const std::string& name, std::string& content) {
                                   if (name == record)
                                       content = damaged;
                                   return true;
                               });
        const auto session = load(in("debug.pt"));
        QVERIFY2(session, session ? "" : session.error().message().c_str());
        const auto program = (*session)->program({});
        QVERIFY(program);
        QVERIFY(program->functions.front().graph.isConsistent());
        QCOMPARE(program->functions.front().graph.nodes.size(), std::size_t{39});
        const auto stage = (*session)->inlined("", "forward", {});
        QVERIFY(stage);
        unreadable += program->problems.empty() ? 0 : 1;
    }
    QVERIFY(unreadable > 5);
}

// LibTorch makes room for whatever length a pickle says, and a text may be named any number of
// times: found by tests/fuzz/mutated_archives.cpp, where such records took gigabytes.
void BadFilesTest::debugRecordsThatLieCostNoMemory_data()
{
    QTest::addColumn<QByteArray>("record");
    QTest::addColumn<QString>("said");
    const QByteArray begin = "\x80\x02";
    QTest::newRow("length of a text") << begin + QByteArray("X\xff\xff\xff\x7f"
                                                            "abc.")
                                      << QStringLiteral("ends too early");
    QTest::newRow("number in the memo") << begin + QByteArray(")r\xff\xff\xff\x3f"
                                                              "0).")
                                        << QStringLiteral("memo");
    QTest::newRow("nested") << begin + ")" + QByteArray(200'000, '\x85') + "."
                            << QStringLiteral("nested");
    // One text of a megabyte, a thousand times.
    const QByteArray text = QByteArray("X\0\0\x10\0", 5) + QByteArray(1 << 20, 'x');
    const QByteArray list =
        "ctorch.jit._pickle\nbuild_intlist\n](" + QByteArray("K\0", 2).repeated(1000) + "e\x85R";
    const QByteArray zero("K\0", 2);
    const QByteArray range = list + zero + zero + "\x87" + zero + zero + "\x87";
    QTest::newRow("sources") << begin +
                                    QByteArray("X\x18\0\0\0"
                                               "FORMAT_WITH_STRING_TABLE",
                                               29) +
                                    text + "\x85" + zero + range + zero + "\x87\x85\x87."
                             << QStringLiteral("too long");
}

void BadFilesTest::debugRecordsThatLieCostNoMemory()
{
    QFETCH(const QByteArray, record);
    QFETCH(const QString, said);
    const fs::path good = test::sample("nested_if_loop");
    const std::string name = debugRecord(good);
    oracle::rewriteArchive(good, in("lie.pt"), [&](const std::string& each, std::string& content) {
        if (each == name)
            content = record.toStdString();
        return true;
    });
    const auto session = load(in("lie.pt"));
    QVERIFY2(session, session ? "" : session.error().message().c_str());
    const auto program = (*session)->program({});
    QVERIFY(program);
    QCOMPARE(program->problems.size(), std::size_t{1});
    QVERIFY2(program->problems[0].find(said.toStdString()) != std::string::npos,
             program->problems[0].c_str());
}

void BadFilesTest::cutOffWeightsAreSeenAndNotRead()
{
    const fs::path good = test::sample("residual_cnn_scripted");
    oracle::rewriteArchive(good, in("short.pt"), [](const std::string& record, std::string& bytes) {
        if (record.starts_with("data/") && bytes.size() > 4096)
            bytes.resize(64);
        return true;
    });
    const auto session = load(in("short.pt"));
    QVERIFY2(session, session ? "" : session.error().message().c_str());
    const auto program = (*session)->program({});
    QVERIFY(program);
    QVERIFY(!program->problems.empty());
    QVERIFY(program->problems.front().find("cut off") != std::string::npos);
    const auto stage = (*session)->inlined("", "forward", {});
    QVERIFY(stage);
    const auto frozen = (*session)->apply(stage->handle, "freeze", {}, {});
    QVERIFY(!frozen);
    QCOMPARE(frozen.error().code, ErrorCode::UnusableFile);
    QVERIFY(!frozen.error().remedy.empty());
}

void BadFilesTest::damagedCodeIsExplained()
{
    const fs::path good = test::sample("pointwise");
    oracle::rewriteArchive(good, in("code.pt"), [](const std::string& record, std::string& bytes) {
        if (record.ends_with(".py")) {
            const auto at = bytes.find("torch.sigmoid");
            bytes.replace(at, std::string("torch.sigmoid").size(), "torch.frobnicate");
        }
        return true;
    });
    const auto unknown = load(in("code.pt"));
    // Readable all the same, and told what it lacks.
    QVERIFY(unknown);
    const auto program = (*unknown)->program({});
    QVERIFY(program);
    QCOMPARE(program->missingOperators.size(), std::size_t(1));
    QCOMPARE(program->missingOperators.front().name, std::string("aten::frobnicate"));
    QVERIFY(!program->missingOperators.front().neededBy.empty());

    oracle::rewriteArchive(good, in("syntax.pt"),
                           [](const std::string& record, std::string& bytes) {
                               if (record.ends_with(".py"))
                                   bytes.insert(bytes.find("torch.sigmoid"), "((( \xff\xfe ");
                               return true;
                           });
    const auto syntax = load(in("syntax.pt"));
    QVERIFY(!syntax);
    QCOMPARE(syntax.error().code, ErrorCode::UnusableFile);
    QVERIFY(QString::fromUtf8(syntax.error().what.c_str()).toUtf8() ==
            QByteArray(syntax.error().what.c_str()));
}

// Deflated records are read at once instead of left in the file.
void BadFilesTest::compressedArchivesOpen()
{
    const fs::path good = test::sample("residual_cnn_scripted");
    oracle::rewriteArchive(
        good, in("deflated.pt"), [](const std::string&, std::string&) { return true; }, true);
    QVERIFY(fs::file_size(in("deflated.pt")) < fs::file_size(good));
    const auto session = load(in("deflated.pt"));
    QVERIFY2(session, session ? "" : session.error().message().c_str());
    const auto stage = (*session)->inlined("", "forward", {});
    QVERIFY(stage);
    QVERIFY(oracle::largestDifference(**session, stage->handle, good, {"1x3x32x32"}) < 1e-6);
}

void BadFilesTest::wrongLibrariesAreRefused()
{
    torchscript::LoadOptions options;
    options.operatorLibraries = {in("nothing.so")};
    const auto missing = torchscript::Session::load(test::sample("pointwise"), options, {});
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, ErrorCode::InvalidArgument);
    options.operatorLibraries = {write("text.so", "no library")};
    const auto text = torchscript::Session::load(test::sample("pointwise"), options, {});
    QVERIFY(!text);
    QCOMPARE(text.error().code, ErrorCode::Unavailable);
    QVERIFY2(text.error().where.find("text.so") != std::string::npos, text.error().where.c_str());
}

void BadFilesTest::aCancelledLoadIsCancelled()
{
    JobContext job;
    job.cancel.cancel();
    const auto session = torchscript::Session::load(test::sample("pointwise"), {}, job);
    QVERIFY(!session);
    QCOMPARE(session.error().code, ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(BadFilesTest)
#include "bad_files_test.moc"
