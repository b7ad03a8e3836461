// Files that are no plain TorchScript models: TorchServe archives, lite-interpreter files, and
// models that write files. Through the real program.

#include "tests/app/cli/cli_under_test.h"
#include "tests/fuzz/archive_mutator.h"
#include "tests/fuzz/flat_mutator.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <fstream>
#include <sstream>

using namespace jitscope::test;
using nlohmann::json;

class FilesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void servedModelsOpen();
    void servedModelsThatCannotBeUsedAreExplained();
    void liteFilesOpenWithTheirBytecode();
    void flatbuffersOpenAsArchivesDo();
    void damagedFlatbuffersAreExplained();
    void bytecodeAloneOpensForReading();
    void flatbuffersWithoutCodeOpenForReading();
    void codeThatDoesNotLoadLeavesTheBytecode();
    void checksumsAreVerifiedWhenAsked();
    void tensorsOfDictionariesAreListed();

private:
    [[nodiscard]] QString path(const char* name) const
    {
        return m_folder.filePath(QString::fromUtf8(name));
    }
    // A TorchServe archive with one file of a model.
    [[nodiscard]] QString served(const std::string& model) const;
    // mobile.ptl with its records changed.
    template <typename Change>
    [[nodiscard]] QString liteFile(const char* name, Change change) const
    {
        RawArchive archive = readArchive(samplePath(QStringLiteral("mobile.ptl")).toStdString());
        change(archive.records);
        return write(name, archiveBytes(archive));
    }
    [[nodiscard]] QString write(const char* name, const std::string& bytes) const
    {
        std::ofstream(path(name).toStdString(), std::ios::binary) << bytes;
        return path(name);
    }
    [[nodiscard]] CliResult sql(const QString& document, const char* query) const
    {
        return runCli(
            {QStringLiteral("sql"), document, QString::fromUtf8(query), QStringLiteral("--csv")});
    }

    QTemporaryDir m_folder;
};

namespace {

std::string bytesOf(const QString& file)
{
    std::ifstream in(file.toStdString(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> codesOf(const json& info)
{
    std::vector<std::string> codes;
    for (const json& problem : info["problems"])
        codes.push_back(problem["code"]);
    return codes;
}

bool has(const std::vector<std::string>& codes, const char* code)
{
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

// A printed graph without the comments that say where a node comes from.
std::string withoutSources(const std::string& graph)
{
    std::istringstream lines(graph);
    std::string text;
    for (std::string line; std::getline(lines, line);)
        text += line.substr(0, line.find(" # ")) + "\n";
    return text;
}

} // namespace

QString FilesTest::served(const std::string& model) const
{
    RawArchive archive;
    archive.records.push_back(
        {"MAR-INF/MANIFEST.json",
         R"({"runtime":"python","archiverVersion":"0.12.0","model":{"modelName":"small",)"
         R"("serializedFile":"model.pt","handler":"handler.py","modelVersion":"1.0"}})"});
    archive.records.push_back({"handler.py", "import torch\n"});
    archive.records.push_back({"model.pt", model});
    return write("served.mar", archiveBytes(archive));
}

void FilesTest::servedModelsOpen()
{
    const QString file = served(bytesOf(samplePath(QStringLiteral("pointwise.pt"))));
    const CliResult result = runCli({QStringLiteral("info"), file, QStringLiteral("--json")});
    QVERIFY2(result.exitCode == 0, result.messages.c_str());
    const json info = result.json();
    QCOMPARE(info["kind"].get<std::string>(), std::string("torchserve"));
    QCOMPARE(info["verdict"].get<std::string>(), std::string("ok"));
    QCOMPARE(info["served"]["handler"].get<std::string>(), std::string("handler.py"));
    QCOMPARE(info["served"]["kind"].get<std::string>(), std::string("torchscript"));
    const json plain = runCli({QStringLiteral("info"), samplePath(QStringLiteral("pointwise.pt")),
                               QStringLiteral("--json")})
                           .json();
    QVERIFY(info["functions"] == plain["functions"]);
    QVERIFY(info["tensors"] == plain["tensors"]);

    const QString document = path("served.jitscope");
    const CliResult opened = runCli({QStringLiteral("open"), file, QStringLiteral("-o"), document});
    QVERIFY2(opened.exitCode == 0, opened.messages.c_str());
    QCOMPARE(sql(document, "SELECT value FROM info WHERE name = 'model_path'").out,
             "value\n" + file.toStdString() + "\n");
    // The document is gone on with from the archive that it names.
    const CliResult passes = runCli({QStringLiteral("passes"), document, QStringLiteral("--apply"),
                                     QStringLiteral("peephole")});
    QVERIFY2(passes.exitCode == 0, passes.messages.c_str());
}

void FilesTest::servedModelsThatCannotBeUsedAreExplained()
{
    const CliResult result =
        runCli({QStringLiteral("info"), served("no model at all"), QStringLiteral("--json")});
    QCOMPARE(result.exitCode, 3);
    QVERIFY(has(codesOf(result.json()), "inner-model"));
    QVERIFY2(result.messages.find("served.mar: model.pt") != std::string::npos,
             result.messages.c_str());
    const CliResult opened = runCli(
        {QStringLiteral("open"), path("served.mar"), QStringLiteral("-o"), path("none.jitscope")});
    QCOMPARE(opened.exitCode, 3);
    QVERIFY(!QFile::exists(path("none.jitscope")));
}

void FilesTest::liteFilesOpenWithTheirBytecode()
{
    const QString file = samplePath(QStringLiteral("mobile.ptl"));
    const CliResult result = runCli({QStringLiteral("info"), file, QStringLiteral("--json")});
    QVERIFY2(result.exitCode == 0, result.messages.c_str());
    const json info = result.json();
    QCOMPARE(info["kind"].get<std::string>(), std::string("lite-interpreter"));
    QVERIFY(info["has_code"].get<bool>());
    QVERIFY(info["bytecode"]["functions"][0]["instructions"].get<int>() > 50);
    QVERIFY(info["functions"].size() > 5); // those of the code
    const auto& methods = info["methods"];
    QVERIFY(std::any_of(methods.begin(), methods.end(), [](const json& method) {
        return method["module"] == "" && method["name"] == "forward [bytecode]";
    }));

    const QString document = path("lite.jitscope");
    const CliResult opened = runCli({QStringLiteral("open"), file, QStringLiteral("-o"), document});
    QVERIFY2(opened.exitCode == 0, opened.messages.c_str());
    QCOMPARE(sql(document, "SELECT name FROM method WHERE module = 1 ORDER BY name").out,
             std::string("name\nforward\nforward [bytecode]\n"));
    // Keys of nodes are each given once, and the model can be worked on as any other.
    const CliResult graph = runCli({QStringLiteral("graph"), document, QStringLiteral("--method"),
                                    QStringLiteral("forward [bytecode]")});
    QVERIFY2(graph.out.find("aten::conv2d") != std::string::npos, graph.messages.c_str());
    QVERIFY(graph.out.find("prim::Loop") != std::string::npos);
    // The same without a document.
    const QStringList ofModel{QStringLiteral("graph"), file, QStringLiteral("--method"),
                              QStringLiteral("forward [bytecode]")};
    QCOMPARE(runCli(ofModel).out, graph.out);
    const CliResult inlined =
        runCli(ofModel + QStringList{QStringLiteral("--stage"), QStringLiteral("inlined")});
    QCOMPARE(inlined.exitCode, 2);
    QVERIFY(inlined.messages.find("no calls to expand") != std::string::npos);
    const CliResult run =
        runCli({QStringLiteral("profile"), document, QStringLiteral("--input"),
                QStringLiteral("1x3x8x8"), QStringLiteral("--input"), QStringLiteral("3"),
                QStringLiteral("--iterations"), QStringLiteral("1")});
    QVERIFY2(run.exitCode == 0, run.messages.c_str());
}

void FilesTest::flatbuffersOpenAsArchivesDo()
{
    const QString flat = samplePath(QStringLiteral("mobile_flatbuffer.ptl"));
    const QString zip = samplePath(QStringLiteral("mobile.ptl"));
    const auto infoOf = [](const QString& file) {
        const CliResult result = runCli({QStringLiteral("info"), file, QStringLiteral("--json")});
        return result.exitCode == 0 ? result.json() : json(result.messages);
    };
    json flatInfo = infoOf(flat);
    json zipInfo = infoOf(zip);
    QVERIFY2(flatInfo.is_object(), flatInfo.dump().c_str());
    QCOMPARE(flatInfo["kind"].get<std::string>(), std::string("lite-interpreter"));
    QVERIFY(flatInfo["problems"].empty());
    for (const char* same : {"has_code", "called_operators", "classes", "methods"})
        QVERIFY2(flatInfo[same] == zipInfo[same], same);
    QVERIFY(flatInfo["bytecode"]["functions"] == zipInfo["bytecode"]["functions"]);
    // It has no records that tell where code came from.
    QCOMPARE(flatInfo["functions"].size(), zipInfo["functions"].size());
    for (std::size_t i = 0; i < zipInfo["functions"].size(); ++i) {
        QVERIFY(flatInfo["functions"][i]["name"] == zipInfo["functions"][i]["name"]);
        QVERIFY(flatInfo["functions"][i]["kinds"] == zipInfo["functions"][i]["kinds"]);
    }
    QCOMPARE(flatInfo["tensors"].size(), zipInfo["tensors"].size());

    const QString document = path("flat.jitscope");
    const CliResult opened = runCli({QStringLiteral("open"), flat, QStringLiteral("-o"), document});
    QVERIFY2(opened.exitCode == 0, opened.messages.c_str());
    QCOMPARE(sql(document, "SELECT name FROM method WHERE module = 1 ORDER BY name").out,
             std::string("name\nforward\nforward [bytecode]\n"));
    QVERIFY(sql(document, "SELECT count(*) AS n FROM node WHERE code > 0").out != "n\n0\n");
    QVERIFY(sql(document, "SELECT storage FROM tensor").out.find("storages/") != std::string::npos);
    const auto graphOf = [](const QString& file) {
        return runCli({QStringLiteral("graph"), file, QStringLiteral("--method"),
                       QStringLiteral("forward")})
            .out;
    };
    QCOMPARE(withoutSources(graphOf(flat)), withoutSources(graphOf(zip)));
    QVERIFY(graphOf(flat).find("aten::mul") != std::string::npos);
    const auto statistics = [](const QString& file) {
        json rows = runCli({QStringLiteral("weights"), file, QStringLiteral("--stats"),
                            QStringLiteral("--json")})
                        .json()["tensors"];
        for (json& row : rows) {
            for (const char* field : {"storage", "share", "id"})
                row.erase(field);
        }
        return rows;
    };
    QCOMPARE(statistics(flat).dump(), statistics(zip).dump());
    const CliResult run =
        runCli({QStringLiteral("profile"), document, QStringLiteral("--input"),
                QStringLiteral("1x3x8x8"), QStringLiteral("--input"), QStringLiteral("3"),
                QStringLiteral("--iterations"), QStringLiteral("1")});
    QVERIFY2(run.exitCode == 0, run.messages.c_str());
}

void FilesTest::damagedFlatbuffersAreExplained()
{
    QFile sample(samplePath(QStringLiteral("mobile_flatbuffer.ptl")));
    QVERIFY(sample.open(QIODevice::ReadOnly));
    QFile cut(path("cut.ptl"));
    QVERIFY(cut.open(QIODevice::WriteOnly));
    cut.write(sample.readAll().left(9000));
    cut.close();
    const CliResult info =
        runCli({QStringLiteral("info"), cut.fileName(), QStringLiteral("--json")});
    QCOMPARE(info.exitCode, 3);
    QCOMPARE(info.json()["verdict"].get<std::string>(), std::string("damaged"));
    QVERIFY(has(codesOf(info.json()), "damaged-record"));
    const CliResult opened = runCli(
        {QStringLiteral("open"), cut.fileName(), QStringLiteral("-o"), path("none2.jitscope")});
    QCOMPARE(opened.exitCode, 3);
    QVERIFY(!QFile::exists(path("none2.jitscope")));
}

void FilesTest::bytecodeAloneOpensForReading()
{
    const QString file = liteFile("alone.ptl", [](std::vector<RawRecord>& records) {
        std::erase_if(records,
                      [](const RawRecord& record) { return record.name.ends_with(".py"); });
    });
    const CliResult result = runCli({QStringLiteral("info"), file, QStringLiteral("--json")});
    QVERIFY2(result.exitCode == 0, result.messages.c_str());
    const json info = result.json();
    QVERIFY(!info["has_code"].get<bool>());
    QCOMPARE(info["functions"].size(), std::size_t{1});
    const json& kinds = info["functions"][0]["kinds"];
    QCOMPARE(kinds["aten::conv2d"].get<int>(), 3);
    QVERIFY(info["functions"][0]["with_source"].get<int>() > 20);
    QVERIFY(!info["called_operators"].empty());
    QVERIFY(!info["tensors"].empty());

    const QString document = path("alone.jitscope");
    const CliResult opened = runCli({QStringLiteral("open"), file, QStringLiteral("-o"), document});
    QVERIFY2(opened.exitCode == 0, opened.messages.c_str());
    QVERIFY(sql(document, "SELECT path FROM module").out.find("block.conv1") != std::string::npos);
    QVERIFY(sql(document, "SELECT text FROM code").out.find("LOADC") != std::string::npos);
    const CliResult run = runCli({QStringLiteral("profile"), document});
    QCOMPARE(run.exitCode, 4);
    QVERIFY2(run.messages.find("can be read, but not changed or run") != std::string::npos,
             run.messages.c_str());
    const CliResult graph = runCli({QStringLiteral("graph"), file});
    QVERIFY2(graph.out.find("aten::conv2d") != std::string::npos, graph.messages.c_str());
}

void FilesTest::flatbuffersWithoutCodeOpenForReading()
{
    const QString file =
        write("alone_flat.ptl",
              withoutCode(bytesOf(samplePath(QStringLiteral("mobile_flatbuffer.ptl")))));
    const CliResult result = runCli({QStringLiteral("info"), file, QStringLiteral("--json")});
    QVERIFY2(result.exitCode == 0, result.messages.c_str());
    const json info = result.json();
    QVERIFY(!info["has_code"].get<bool>());
    QCOMPARE(info["functions"].size(), std::size_t{1});
    QCOMPARE(info["functions"][0]["kinds"]["aten::conv2d"].get<int>(), 3);
    QVERIFY(!info["called_operators"].empty());
    QVERIFY(info["tensors"].size() >= 15);

    const QString document = path("alone_flat.jitscope");
    const CliResult opened = runCli({QStringLiteral("open"), file, QStringLiteral("-o"), document});
    QVERIFY2(opened.exitCode == 0, opened.messages.c_str());
    QVERIFY(sql(document, "SELECT path FROM module").out.find("block.conv1") != std::string::npos);
    const CliResult run = runCli({QStringLiteral("profile"), document});
    QCOMPARE(run.exitCode, 4);
    QVERIFY2(run.messages.find("can be read, but not changed or run") != std::string::npos,
             run.messages.c_str());
}

void FilesTest::codeThatDoesNotLoadLeavesTheBytecode()
{
    const QString file = liteFile("unloadable.ptl", [](std::vector<RawRecord>& records) {
        for (RawRecord& record : records) {
            if (record.name.ends_with("linear.py"))
                record.content += "broken(((\n";
        }
    });
    const CliResult result = runCli({QStringLiteral("info"), file, QStringLiteral("--json")});
    QVERIFY2(result.exitCode == 1, result.messages.c_str());
    QVERIFY(has(codesOf(result.json()), "code-unusable"));
    const CliResult opened = runCli({QStringLiteral("open"), file, QStringLiteral("-o"),
                                     path("unloadable.jitscope"), QStringLiteral("--json")});
    QVERIFY2(opened.exitCode == 0, opened.messages.c_str());
    QVERIFY(!opened.json()["problems"].empty());
}

void FilesTest::checksumsAreVerifiedWhenAsked()
{
    std::string bytes = bytesOf(samplePath(QStringLiteral("lstm.pt")));
    const std::size_t at = bytes.find("lstm/data/0");
    bytes[at + 300] = static_cast<char>(bytes[at + 300] ^ 1);
    const QString file = write("changed.pt", bytes);
    const json info =
        runCli({QStringLiteral("info"), file, QStringLiteral("--verify"), QStringLiteral("--json")})
            .json();
    QCOMPARE(info["verdict"].get<std::string>(), std::string("ok"));
    QVERIFY(has(codesOf(info), "checksum"));
    QCOMPARE(info["checksums"]["failed"].get<int>(), 1);
    QCOMPARE(info["checksums"]["unverified"].get<int>(), 0);
}

void FilesTest::tensorsOfDictionariesAreListed()
{
    RawArchive archive;
    archive.records.push_back(
        {"archive/data.pkl",
         std::string("\x80\x02}X\x01\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storage"
                     "ctorch\nFloatStorage\nX\x01\0\0\0"
                     "0X\x03\0\0\0cpuK\x06tQK\0(K\x02K\x03t(K"
                     "\x03K\x01t\x89}tRs.",
                     114)});
    archive.records.push_back({"archive/data/0", std::string(24, '\0')});
    const QString file = write("dictionary.pt", archiveBytes(archive));
    const CliResult result = runCli({QStringLiteral("info"), file, QStringLiteral("--json")});
    QCOMPARE(result.exitCode, 3);
    const json info = result.json();
    QCOMPARE(info["kind"].get<std::string>(), std::string("state-dict"));
    QCOMPARE(info["tensors"].size(), std::size_t{1});
    QCOMPARE(info["tensors"][0]["name"].get<std::string>(), std::string("w"));
}

QTEST_GUILESS_MAIN(FilesTest)
#include "files_test.moc"
