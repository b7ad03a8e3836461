// What the check tells of what is inside a model: code, tensors, samples of inputs, checksums.
#include "core/archive/bytecode.h"
#include "core/archive/preflight.h"
#include "core/archive/record_content.h"
#include "core/archive/served_model.h"
#include "tests/core/archive/zip_file.h"
#include "tests/fuzz/archive_mutator.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <fstream>
#include <string>

using namespace jitscope;
using archive::Report;
using archive::Verdict;
using test::ZipRecords;

class ContentsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void operatorsAndClassesAreNamed();
    void callsThatWriteAreFoundHoweverWritten_data();
    void callsThatWriteAreFoundHoweverWritten();
    void whatRunsAtLoadIsNamed();
    void tracedInputsAreTold();
    void tensorsAreDescribed();
    void tensorsOutOfBoundsAreRefused_data();
    void tensorsOutOfBoundsAreRefused();
    void shortRecordsAreTold();
    void picklesThatHarmAreRefused_data();
    void picklesThatHarmAreRefused();
    void directoriesThatLie_data();
    void directoriesThatLie();
    void changedBytesFailTheirChecksum();
    void recordsAreNamedForWhatTheyAre();
    void servedModelsAreLookedInto();
    void manifestsMayBeAnything_data();
    void manifestsMayBeAnything();
    void oldPicklesAreTold();
    void bombsAreRefused();
    void bytecodeOfOneNameIsBounded();
    void convolutionsThatDivideByZeroAreRefused_data();
    void convolutionsThatDivideByZeroAreRefused();

private:
    [[nodiscard]] std::filesystem::path path(const char* name) const
    {
        return m_folder.filePath(QString::fromUtf8(name)).toStdString();
    }
    [[nodiscard]] Report inspectRecords(const ZipRecords& records) const
    {
        test::writeZip(path("records.pt"), records);
        return archive::inspect(path("records.pt")).value();
    }
    [[nodiscard]] Report inspectBytes(const std::string& bytes) const
    {
        std::ofstream(path("bytes.pt"), std::ios::binary) << bytes;
        return archive::inspect(path("bytes.pt")).value();
    }

    QTemporaryDir m_folder;
};

namespace {

std::filesystem::path sample(const char* name)
{
    return (qEnvironmentVariable("JITSCOPE_SOURCE_DIR") +
            QStringLiteral("/resources/samples/%1").arg(QString::fromUtf8(name)))
        .toStdString();
}

bool hasProblem(const Report& report, std::string_view code)
{
    return std::any_of(report.problems.begin(), report.problems.end(),
                       [&](const archive::Problem& problem) { return problem.code == code; });
}

std::uint64_t callsOf(const Report& report, std::string_view op)
{
    for (const archive::NamedOperator& known : report.operators) {
        if (known.name == op)
            return known.calls;
    }
    return 0;
}

ZipRecords with(ZipRecords records, const std::string& name, const std::string& content)
{
    std::erase_if(records, [&](const auto& record) { return record.first == name; });
    records.emplace_back(name, content);
    return records;
}

// Pieces of pickles of protocol 2.
std::string number(std::int64_t value)
{
    std::string bytes = "\x8a\x08";
    for (int i = 0; i < 8; ++i)
        bytes += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
    return bytes;
}
std::string text(const std::string& value)
{
    std::string bytes = "X";
    for (int i = 0; i < 4; ++i)
        bytes += static_cast<char>(value.size() >> (8 * i));
    return bytes + value;
}
std::string tuple(const std::vector<std::string>& items)
{
    std::string bytes = "(";
    for (const std::string& item : items)
        bytes += item;
    return bytes + "t";
}
std::string numbers(const std::vector<std::int64_t>& values)
{
    std::vector<std::string> items;
    for (const std::int64_t value : values)
        items.push_back(number(value));
    return tuple(items);
}

struct TensorText
{
    std::string key = "0";
    std::int64_t elements = 6;
    std::int64_t offset = 0;
    std::vector<std::int64_t> shape{2, 3};
    std::vector<std::int64_t> strides{3, 1};
    std::string type = "Float";

    [[nodiscard]] std::string pickle() const
    {
        const std::string storage = tuple({text("storage"), "ctorch\n" + type + "Storage\n",
                                           text(key), text("cpu"), number(elements)}) +
                                    "Q";
        return "ctorch._utils\n_rebuild_tensor_v2\n" +
               tuple({storage, number(offset), numbers(shape), numbers(strides), "\x89",
                      "ccollections\nOrderedDict\n)R"}) +
               "R";
    }
};

// A model whose only attribute is that tensor.
std::string modelPickle(const TensorText& tensor)
{
    return "\x80\x02" + std::string("c__torch__\nM\n)\x81}") + text("weight") + tensor.pickle() +
           "sb.";
}

ZipRecords modelWith(const TensorText& tensor, std::size_t bytes = 24)
{
    ZipRecords records = with(test::smallModel(), "m/data.pkl", modelPickle(tensor));
    records.emplace_back("m/data/" + tensor.key, std::string(bytes, '\0'));
    return records;
}

} // namespace

void ContentsTest::operatorsAndClassesAreNamed()
{
    const Report report = archive::inspect(sample("residual_cnn_scripted.pt")).value();
    QVERIFY(callsOf(report, "aten::batch_norm") >= 1);
    QVERIFY(callsOf(report, "aten::conv2d") >= 1);
    QVERIFY(std::any_of(report.classes.begin(), report.classes.end(), [](const std::string& name) {
        return name.ends_with(".ResidualBlock") && name.starts_with("__torch__.");
    }));
    QVERIFY(report.hasCode);
    QVERIFY(report.runAtLoad.empty());

    const std::string code = "def f(x: Tensor) -> Tensor:\n"
                             "  y = torch.add(x, torch.add(x, 1))\n"
                             "  # torch.sub(x)\n"
                             "  z = \"torch.mul(\"\n"
                             "  return ops.quantized.linear(y, torch.float32)\n";
    const Report own = inspectRecords(with(test::smallModel(), "m/code/__torch__.py", code));
    QCOMPARE(own.operators.size(), std::size_t{2});
    QCOMPARE(callsOf(own, "aten::add"), std::uint64_t{2});
    QCOMPARE(callsOf(own, "quantized::linear"), std::uint64_t{1});
}

void ContentsTest::callsThatWriteAreFoundHoweverWritten_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<bool>("writes");
    const auto row = [](const char* line, bool writes) {
        QTest::newRow(line) << QByteArray(line) << writes;
    };
    row("torch.save(x, \"f\")", true);
    row("ops.aten.save(x, \"f\")", true);
    row("torch . save (x, \"f\")", true);
    row("y = (torch.\n   save)(x, \"f\")", true);
    row("ops.aten.from_file(\"f\", True, 1)", true);
    row("t = torch\n    t.save(x, \"f\")", true);
    row("a = ops.aten\n    a.save(x, \"f\")", true);
    row("y = \"\"\"a \" \"\"\"; torch.save(x, \"f\")", true);
    row("y = \"torch.save(x)\"", false);
    row("y = 'torch.save(x)'", false);
    row("# torch.save(x)", false);
    row("(self).save(x, )", false); // a method of the model
    row("y = torch.save_it(x)", false);
}

void ContentsTest::callsThatWriteAreFoundHoweverWritten()
{
    QFETCH(const QByteArray, line);
    QFETCH(const bool, writes);
    const std::string code =
        "def f(self, x: Tensor) -> Tensor:\n    " + line.toStdString() + "\n    return x\n";
    const Report report = inspectRecords(with(test::smallModel(), "m/code/__torch__.py", code));
    QCOMPARE(hasProblem(report, "writes-files"), writes);
    QVERIFY(report.verdict == Verdict::Ok);
}

void ContentsTest::whatRunsAtLoadIsNamed()
{
    const std::string code = "class A(Module):\n  def forward(self) -> int:\n    return 1\n"
                             "class B(Module):\n  def __setstate__(self, s: int) -> NoneType:\n"
                             "    _0 = torch.save(s, \"f\")\n    return None\n";
    const Report report = inspectRecords(with(test::smallModel(), "m/code/__torch__/p.py", code));
    QCOMPARE(report.runAtLoad, std::vector<std::string>{"__torch__.p.B"});
    const auto said = std::find_if(
        report.problems.begin(), report.problems.end(),
        [](const archive::Problem& problem) { return problem.code == "writes-files"; });
    QVERIFY(said != report.problems.end());
    QVERIFY(said->message.find("while it is loaded") != std::string::npos);
}

void ContentsTest::tracedInputsAreTold()
{
    const Report report = archive::inspect(sample("residual_cnn_traced.pt")).value();
    QCOMPARE(report.sampleInputs.size(), std::size_t{1});
    QCOMPARE(report.sampleInputs[0].method, std::string("forward"));
    QCOMPARE(report.sampleInputs[0].arguments, std::vector<std::string>{"float32 1x3x32x32"});
    const Report tokens = archive::inspect(sample("transformer_traced.pt")).value();
    QCOMPARE(tokens.sampleInputs.at(0).arguments, std::vector<std::string>{"int64 1x12"});
    QVERIFY(archive::inspect(sample("lstm.pt"))->sampleInputs.empty());
}

void ContentsTest::tensorsAreDescribed()
{
    const Report report = archive::inspect(sample("residual_cnn_scripted.pt")).value();
    const auto found = std::find_if(report.tensors.begin(), report.tensors.end(),
                                    [](const archive::DescribedTensor& tensor) {
                                        return tensor.name == "layer1.0.conv1.weight";
                                    });
    QVERIFY(found != report.tensors.end());
    QCOMPARE(found->dtype, std::string("float32"));
    QCOMPARE(found->shape, (std::vector<std::int64_t>{16, 16, 3, 3}));
    QCOMPARE(found->bytes, std::uint64_t{16 * 16 * 9 * 4});
    QVERIFY(found->isParameter);
}

void ContentsTest::tensorsOutOfBoundsAreRefused_data()
{
    QTest::addColumn<qint64>("elements");
    QTest::addColumn<qint64>("offset");
    QTest::addColumn<QList<qint64>>("shape");
    QTest::addColumn<QList<qint64>>("strides");
    QTest::addColumn<QString>("code");
    const auto row = [](const char* name, qint64 elements, qint64 offset,
                        const QList<qint64>& shape, const QList<qint64>& strides,
                        const char* code) {
        QTest::newRow(name) << elements << offset << shape << strides << QString::fromLatin1(code);
    };
    row("whole", 6, 0, {2, 3}, {3, 1}, "");
    row("empty", 6, 9, {0, 3}, {3, 1}, "");
    row("expanded", 6, 0, {1000, 6}, {0, 1}, "");
    row("too large", 6, 0, {3, 3}, {3, 1}, "tensor-bounds");
    row("too far", 6, 1, {2, 3}, {3, 1}, "tensor-bounds");
    row("stride", 6, 0, {2, 3}, {4, 1}, "tensor-bounds");
    row("negative offset", 6, -1, {2, 3}, {3, 1}, "tensor-bounds");
    row("negative stride", 6, 0, {2, 3}, {-3, 1}, "tensor-bounds");
    row("negative size", 6, 0, {-2, 3}, {3, 1}, "tensor-bounds");
    row("overflow", 6, 0, {qint64{1} << 62, 3}, {qint64{1} << 62, 1}, "tensor-bounds");
    row("more strides", 6, 0, {2, 3}, {3, 1, 1}, "tensor-bounds");
    row("storage overflow", (qint64{1} << 62) + 1, 0, {2, 3}, {3, 1}, "tensor-bounds");
}

void ContentsTest::tensorsOutOfBoundsAreRefused()
{
    QFETCH(const qint64, elements);
    QFETCH(const qint64, offset);
    QFETCH(const QList<qint64>, shape);
    QFETCH(const QList<qint64>, strides);
    QFETCH(const QString, code);
    TensorText tensor;
    tensor.elements = elements;
    tensor.offset = offset;
    tensor.shape.assign(shape.begin(), shape.end());
    tensor.strides.assign(strides.begin(), strides.end());
    const Report report = inspectRecords(modelWith(tensor));
    QCOMPARE(report.verdict == Verdict::Ok, code.isEmpty());
    if (!code.isEmpty())
        QCOMPARE(QString::fromStdString(report.problems.front().code), code);
    // Among the constants as well.
    const Report constants = inspectRecords(
        with(with(test::smallModel(), "m/constants.pkl", "\x80\x02" + tensor.pickle() + "\x85."),
             "m/constants/0", std::string(24, '\0')));
    QCOMPARE(constants.verdict == Verdict::Ok, code.isEmpty());
}

void ContentsTest::shortRecordsAreTold()
{
    const Report report = inspectRecords(modelWith({}, 20));
    QVERIFY(report.verdict == Verdict::Ok);
    QVERIFY(hasProblem(report, "short-tensor"));
    // Where loading reads the values, there is no opening it.
    const std::string code = "class M(Module):\n  def __setstate__(self, s: int) -> NoneType:\n"
                             "    return None\n";
    QVERIFY(inspectRecords(with(modelWith({}, 20), "m/code/__torch__.py", code)).verdict ==
            Verdict::Refused);
    TensorText missing;
    missing.key = "7";
    ZipRecords records = with(test::smallModel(), "m/data.pkl", modelPickle(missing));
    const Report without = inspectRecords(records);
    QVERIFY(without.verdict == Verdict::Damaged);
    QCOMPARE(without.problems.front().record, std::string("data/7"));
}

void ContentsTest::picklesThatHarmAreRefused_data()
{
    QTest::addColumn<QByteArray>("pickle");
    QTest::addColumn<QString>("code");
    const auto row = [](const char* name, const QByteArray& pickle, const char* code) {
        QTest::newRow(name) << pickle << QString::fromLatin1(code);
    };
    const QByteArray begin = "\x80\x02";
    row("nested deep", begin + ")" + QByteArray(100'000, '\x85') + ".", "nesting");
    row("holds itself", begin + "]q" + QByteArray(1, '\0') + "h" + QByteArray(1, '\0') + "a.",
        "nesting");
    row("memo far away", begin + ")r\xff\xff\xff\x7f.", "damaged-record");
    row("unknown memo", begin + "h\x05.", "damaged-record");
    row("stack underflow", begin + "\x86.", "damaged-record");
    row("no mark", begin + "Nt.", "damaged-record");
    row("odd pairs", begin + "}(Nu.", "damaged-record");
    row("state of a list", begin + "]}b.", "damaged-record");
    row("unknown operation", begin + "\xfe.", "damaged-record");
    row("text beyond the end", begin + "X\xff\xff\xff\xff.", "damaged-record");
    row("nothing", "", "damaged-record");
}

void ContentsTest::picklesThatHarmAreRefused()
{
    QFETCH(const QByteArray, pickle);
    QFETCH(const QString, code);
    for (const char* name : {"m/data.pkl", "m/constants.pkl"}) {
        const Report report = inspectRecords(with(test::smallModel(), name, pickle.toStdString()));
        QVERIFY(report.verdict != Verdict::Ok);
        QCOMPARE(QString::fromStdString(report.problems.front().code), code);
    }
}

void ContentsTest::directoriesThatLie_data()
{
    QTest::addColumn<qint64>("sizeLie");
    QTest::addColumn<qint64>("storedLie");
    QTest::addColumn<qint64>("offsetLie");
    QTest::addColumn<bool>("isMisnamed");
    QTest::addColumn<QStringList>("codes");
    const auto row = [](const char* name, qint64 size, qint64 stored, qint64 offset,
                        bool isMisnamed, const QStringList& codes) {
        QTest::newRow(name) << size << stored << offset << isMisnamed << codes;
    };
    const QString damaged = QStringLiteral("damaged-record");
    const QString cut = QStringLiteral("truncated");
    row("honest", 0, 0, 0, false, {});
    row("larger than stored", 1000, 0, 0, false, {QStringLiteral("false-size")});
    row("smaller than stored", -4, 0, 0, false, {QStringLiteral("false-size")});
    row("into the next record", 8, 8, 0, false, {QStringLiteral("overlap")});
    row("beyond the end", 1 << 20, 1 << 20, 0, false, {damaged, cut});
    row("elsewhere", 0, 0, 5, false, {damaged, cut});
    row("beyond the file", 0, 0, 1 << 28, false, {damaged, cut});
    row("another name", 0, 0, 0, true, {damaged});
}

void ContentsTest::directoriesThatLie()
{
    QFETCH(const qint64, sizeLie);
    QFETCH(const qint64, storedLie);
    QFETCH(const qint64, offsetLie);
    QFETCH(const bool, isMisnamed);
    QFETCH(const QStringList, codes);
    test::RawArchive archive = test::readArchive(sample("pointwise.pt"));
    test::RawRecord& record = archive.records.at(1);
    record.sizeLie = sizeLie;
    record.storedLie = storedLie;
    record.offsetLie = offsetLie;
    record.isMisnamed = isMisnamed;
    const Report report = inspectBytes(test::archiveBytes(archive));
    QCOMPARE(report.verdict == Verdict::Ok, codes.isEmpty());
    if (!codes.isEmpty())
        QVERIFY2(codes.contains(QString::fromStdString(report.problems.front().code)),
                 report.problems.front().code.c_str());
}

void ContentsTest::changedBytesFailTheirChecksum()
{
    std::ifstream in(sample("lstm.pt"), std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(in)), {});
    const std::string weights = "lstm/data/0FB";
    const std::size_t at = bytes.find("lstm/data/0");
    QVERIFY(at != std::string::npos);
    bytes[at + 200] = static_cast<char>(bytes[at + 200] + 1);
    std::ofstream(path("changed.pt"), std::ios::binary) << bytes;
    const Report quick = archive::inspect(path("changed.pt")).value();
    QVERIFY(quick.verdict == Verdict::Ok);
    QVERIFY(!hasProblem(quick, "checksum"));
    QVERIFY(quick.checksums.unverified > 0);
    QVERIFY(quick.checksums.verified > 0); // code and pickles

    archive::InspectOptions all;
    all.verifiedWeights = 1u << 30;
    const Report whole = archive::inspect(path("changed.pt"), all).value();
    QVERIFY(hasProblem(whole, "checksum"));
    QCOMPARE(whole.checksums.failed, std::uint64_t{1});
    QCOMPARE(whole.checksums.unverified, std::uint64_t{0});
    for (const archive::Record& record : whole.records)
        QCOMPARE(record.checksumHolds, std::optional(record.name != "data/0"));
    QVERIFY(std::any_of(quick.records.begin(), quick.records.end(),
                        [](const archive::Record& record) { return !record.checksumHolds; }));
    QCOMPARE(whole.modelHash, quick.modelHash);
    const Report good = archive::inspect(sample("lstm.pt"), all).value();
    QCOMPARE(good.checksums.failed, std::uint64_t{0});
    QCOMPARE(good.checksums.verified, std::uint64_t{good.records.size()});
}

void ContentsTest::recordsAreNamedForWhatTheyAre()
{
    const std::pair<const char*, const char*> records[] = {
        {"data.pkl", "the model's objects"},
        {"data/12", "weights"},
        {"constants/0", "constant"},
        {"code/__torch__/m.py", "TorchScript code"},
        {"code/__torch__/m.py.debug_pkl", "debug records of the code"},
        {"extra/notes.json", "extra file"},
        {"MAR-INF/MANIFEST.json", "manifest of TorchServe"},
        {"handler.py", "Python code"},
        {"strange", "other data"},
        {"", "other data"}};
    for (const auto& [name, content] : records)
        QCOMPARE(QString::fromStdString(std::string(archive::recordContent(name))),
                 QString::fromLatin1(content));
}

void ContentsTest::servedModelsAreLookedInto()
{
    std::ifstream in(sample("pointwise.pt"), std::ios::binary);
    const std::string model((std::istreambuf_iterator<char>(in)), {});
    const std::string manifest =
        R"({"createdOn":"25/11/2026","runtime":"python","archiverVersion":"0.12.0","model":)"
        R"({"modelName":"small","serializedFile":"pointwise.pt","handler":"handler.py",)"
        R"("modelVersion":"1.0"}})";
    const ZipRecords records{{"MAR-INF/MANIFEST.json", manifest},
                             {"handler.py", "import torch\n"},
                             {"pointwise.pt", model}};
    const Report report = inspectRecords(records);
    QVERIFY(report.kind == archive::Kind::TorchServe);
    QVERIFY(report.verdict == Verdict::Ok);
    QCOMPARE(report.served->name, std::string("small"));
    QCOMPARE(report.served->handler, std::string("handler.py"));
    QCOMPARE(report.served->serialized, std::string("pointwise.pt"));
    QCOMPARE(report.producer, std::string("torch-model-archiver 0.12.0"));

    QVERIFY(archive::extractServedModel(path("records.pt"), "pointwise.pt", path("inner.pt")));
    QCOMPARE(archive::inspect(path("inner.pt"))->modelHash,
             archive::inspect(sample("pointwise.pt"))->modelHash);
    QVERIFY(!archive::extractServedModel(path("records.pt"), "other.pt", path("other.pt")));
}

void ContentsTest::manifestsMayBeAnything_data()
{
    QTest::addColumn<QByteArray>("manifest");
    QTest::addColumn<QString>("code");
    const auto row = [](const char* name, const QByteArray& manifest, const char* code) {
        QTest::newRow(name) << manifest << QString::fromLatin1(code);
    };
    row("no JSON", "{", "damaged-record");
    row("no object", "[]", "damaged-record");
    row("no model", "{}", "damaged-record");
    row("model is a text", R"({"model":"x"})", "damaged-record");
    row("nested", QByteArray(100'000, '['), "damaged-record");
    row("no file", R"({"model":{"modelName":"x","handler":3}})", "other-kind");
    row("a file that is not there", R"({"model":{"serializedFile":"m.pt"}})", "missing-record");
    row("a file elsewhere", R"({"model":{"serializedFile":"../../etc/passwd"}})", "missing-record");
}

void ContentsTest::manifestsMayBeAnything()
{
    QFETCH(const QByteArray, manifest);
    QFETCH(const QString, code);
    const Report report = inspectRecords({{"MAR-INF/MANIFEST.json", manifest.toStdString()}});
    QVERIFY(report.kind == archive::Kind::TorchServe);
    QVERIFY(report.verdict != Verdict::Ok);
    QCOMPARE(QString::fromStdString(report.problems.front().code), code);
    QVERIFY(!archive::checkLoadable(report, "x.mar"));
}

void ContentsTest::oldPicklesAreTold()
{
    const std::string head("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."
                           "\x80\x02M\xe9\x03.\x80\x02}.",
                           25);
    const std::string tensors = "\x80\x02}" + text("w") + TensorText{}.pickle() + "s.";
    const Report dictionary = inspectBytes(head + tensors + std::string(100, '\0'));
    QVERIFY(dictionary.kind == archive::Kind::StateDict);
    QCOMPARE(dictionary.tensors.size(), std::size_t{1});
    QCOMPARE(dictionary.tensors[0].name, std::string("w"));
    QVERIFY(dictionary.problems.front().message.find("1.6") != std::string::npos);
    const Report object = inspectBytes(head + "\x80\x02" + "cmodels\nNet\n)\x81.");
    QVERIFY(object.kind == archive::Kind::EagerPickle);
    const Report cut = inspectBytes((head + tensors).substr(0, head.size() + 20));
    QVERIFY(cut.kind == archive::Kind::EagerPickle);
    QVERIFY(hasProblem(cut, "damaged-record"));
    const Report plain = inspectBytes("\x80\x04K\x01.");
    QVERIFY(plain.kind == archive::Kind::EagerPickle);
    for (const Report& report : {dictionary, object, cut, plain})
        QVERIFY(report.verdict == Verdict::Unsupported);
}

void ContentsTest::bombsAreRefused()
{
    // Zeros that deflate makes a thousandth of.
    test::writeZip(path("bomb.pt"),
                   with(test::smallModel(), "m/code/big.py", std::string(65u << 20, ' ')), true);
    const Report report = archive::inspect(path("bomb.pt")).value();
    QVERIFY(report.verdict == Verdict::Refused);
    QCOMPARE(report.problems.front().code, std::string("oversized-record"));
}

// Bytecode whose operators all have one long name: a pickle repeats it in two bytes.
void ContentsTest::bytecodeOfOneNameIsBounded()
{
    constexpr std::size_t nameSize = 10'000;
    constexpr std::size_t count = 10'000;
    std::vector<std::string> operators(count, "h\x01");
    operators.front() = tuple({text(std::string(nameSize, 'a')), text("")}) + "q\x01";
    const std::string table =
        tuple({tuple({text("instructions"), tuple({tuple({text("RET"), number(0), number(0)})})}),
               tuple({text("operators"), tuple(operators)}), tuple({text("constants"), ")"}),
               tuple({text("types"), ")"}), tuple({text("register_size"), number(1)})});
    const std::string bytecode =
        "\x80\x02" + tuple({number(7), tuple({text("__torch__.M.forward"), table})}) + ".";
    test::writeZip(path("names.ptl"), with(test::smallModel(), "m/bytecode.pkl", bytecode));
    const auto model = archive::readLiteModel(path("names.ptl"));
    QVERIFY2(model, model ? "" : model.error().message().c_str());
    const archive::BytecodeFunction& function = model->bytecode.functions.front();
    QCOMPARE(function.operators.size(), count);
    QCOMPARE(function.operators.front().name.size(), nameSize);
    std::size_t taken = 0;
    for (const archive::BytecodeOperator& op : function.operators)
        taken += op.name.size();
    QVERIFY2(taken < (4u << 20), std::to_string(taken).c_str()); // bytes
}

void ContentsTest::convolutionsThatDivideByZeroAreRefused_data()
{
    QTest::addColumn<QByteArray>("stride");
    QTest::addColumn<qint64>("groups");
    QTest::addColumn<bool>("isRefused");
    QTest::newRow("sound") << QByteArray("\x02\x01") << qint64{1} << false;
    QTest::newRow("stride") << QByteArray("\x02\0", 2) << qint64{1} << true;
    QTest::newRow("groups") << QByteArray("\x01\x01") << qint64{0} << true;
}

void ContentsTest::convolutionsThatDivideByZeroAreRefused()
{
    QFETCH(const QByteArray, stride);
    QFETCH(const qint64, groups);
    QFETCH(const bool, isRefused);
    const auto modelOf = [](const std::string& type, const std::string& state) {
        return with(test::smallModel(), "m/data.pkl",
                    "\x80\x02" + std::string("c__torch__\nM\n)\x81}") + text("conv") +
                        "c__torch__." + type + "\n)\x81" + state + "bsb.");
    };
    const std::string pair = numbers({1, 1});
    const std::string module =
        tuple({number(3), number(32), pair, numbers({stride[0], stride[1]}), pair, pair, "\x89",
               numbers({0, 0}), number(groups), text("zeros"), "N", "N"});
    const Report report = inspectRecords(
        modelOf("torch.ao.nn.quantized.modules.conv.___torch_mangle_3\nConv2d", module));
    QCOMPARE(report.verdict == Verdict::Refused, isRefused);
    QCOMPARE(hasProblem(report, "set-state"), isRefused);

    // As its custom class is kept: the numbers lie in a tensor.
    TensorText packed{"0", 11, 0, {11}, {1}, "Short"};
    std::string storage;
    for (const int value :
         {2, int{stride[0]}, int{stride[1]}, 0, 0, 1, 1, 0, 0, static_cast<int>(groups), 0}) {
        storage += static_cast<char>(value);
        storage += '\0';
    }
    const std::string state = tuple(
        {text("2"),
         "ctorch.jit._pickle\nbuild_tensorlist\n" + tuple({"](" + packed.pickle() + "e"}) + "R",
         "]"});
    ZipRecords records = modelOf("torch.classes.quantized\nConv2dPackedParamsBase", state);
    records.emplace_back("m/data/0", storage);
    const Report custom = inspectRecords(records);
    QCOMPARE(custom.verdict == Verdict::Refused, isRefused);
    QCOMPARE(hasProblem(custom, "set-state"), isRefused);
}

QTEST_APPLESS_MAIN(ContentsTest)
#include "contents_test.moc"
