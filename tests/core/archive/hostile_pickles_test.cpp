// Pickles that would make LibTorch read what is not the model's, divide by zero or take memory
// without end.
#include "core/archive/bytecode.h"
#include "core/archive/preflight.h"
#include "tests/core/archive/archive_folder.h"
#include "tests/core/archive/has_problem.h"
#include "tests/core/archive/pickle_text.h"
#include "tests/core/archive/zip_file.h"

#include <QTest>

#include <algorithm>
#include <string>

using namespace jitscope;
using namespace jitscope::test;
using archive::Report;
using archive::Verdict;

class HostilePicklesTest : public QObject, private test::ArchiveFolder
{
    Q_OBJECT

private Q_SLOTS:
    void tensorsOutOfBoundsAreRefused_data();
    void tensorsOutOfBoundsAreRefused();
    void shortRecordsAreTold();
    void picklesThatHarmAreRefused_data();
    void picklesThatHarmAreRefused();
    void convolutionsThatDivideByZeroAreRefused_data();
    void convolutionsThatDivideByZeroAreRefused();
    void packedConvolutionsOfAllVersionsAreLookedAt_data();
    void packedConvolutionsOfAllVersionsAreLookedAt();
    void bytecodeOfOneNameIsBounded();
};

void HostilePicklesTest::tensorsOutOfBoundsAreRefused_data()
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

void HostilePicklesTest::tensorsOutOfBoundsAreRefused()
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

void HostilePicklesTest::shortRecordsAreTold()
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

void HostilePicklesTest::picklesThatHarmAreRefused_data()
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

void HostilePicklesTest::picklesThatHarmAreRefused()
{
    QFETCH(const QByteArray, pickle);
    QFETCH(const QString, code);
    for (const char* name : {"m/data.pkl", "m/constants.pkl"}) {
        const Report report = inspectRecords(with(test::smallModel(), name, pickle.toStdString()));
        QVERIFY(report.verdict != Verdict::Ok);
        QCOMPARE(QString::fromStdString(report.problems.front().code), code);
    }
}

namespace {

ZipRecords modelOf(const std::string& type, const std::string& state)
{
    return with(test::smallModel(), "m/data.pkl",
                "\x80\x02" + std::string("c__torch__\nM\n)\x81}") + text("conv") + "c__torch__." +
                    type + "\n)\x81" + state + "bsb.");
}

std::string built(const std::string& kind, const std::vector<std::string>& items)
{
    std::string list = "](";
    for (const std::string& item : items)
        list += item;
    return "ctorch.jit._pickle\nbuild_" + kind + "list\n" + tuple({list + "e"}) + "R";
}

} // namespace

void HostilePicklesTest::convolutionsThatDivideByZeroAreRefused_data()
{
    QTest::addColumn<QByteArray>("stride");
    QTest::addColumn<qint64>("groups");
    QTest::addColumn<bool>("isRefused");
    QTest::newRow("sound") << QByteArray("\x02\x01") << qint64{1} << false;
    QTest::newRow("stride") << QByteArray("\x02\0", 2) << qint64{1} << true;
    QTest::newRow("groups") << QByteArray("\x01\x01") << qint64{0} << true;
}

void HostilePicklesTest::convolutionsThatDivideByZeroAreRefused()
{
    QFETCH(const QByteArray, stride);
    QFETCH(const qint64, groups);
    QFETCH(const bool, isRefused);
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

// Whatever the state says of itself, as LibTorch reads it. Each has a sound twin.
void HostilePicklesTest::packedConvolutionsOfAllVersionsAreLookedAt_data()
{
    QTest::addColumn<QByteArray>("state");
    QTest::addColumn<QList<int>>("storage"); // of 16 bits each
    QTest::addColumn<bool>("isRefused");
    const auto row = [](const char* name, const std::string& state, const QList<int>& storage,
                        bool isRefused) {
        QTest::newRow(name) << QByteArray::fromStdString(state) << storage << isRefused;
    };
    const auto packed = [](const TensorText& tensor) {
        return tuple({text("2"), built("tensor", {tensor.pickle()}), "]"});
    };
    const TensorText dense{"0", 11, 0, {11}, {1}, "Short"};
    row("sound", packed(dense), {2, 1, 1, 0, 0, 1, 1, 0, 0, 1, 0}, false);
    row("false dimensions", packed(dense), {0, 1, 0, 0, 0, 1, 1, 0, 0, 1, 0}, true);
    row("many dimensions", packed(dense), {9, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0}, true);
    const TensorText sparse{"0", 22, 0, {11}, {2}, "Short"};
    const TensorText repeated{"0", 1, 0, {11}, {0}, "Short"};
    QList<int> apart{2, 7, 1, 7, 1, 7, 0, 7, 0, 7, 1, 7, 1, 7, 0, 7, 0, 7, 1, 7, 0, 7};
    row("sound apart", packed(sparse), apart, false);
    apart[2] = 0;
    row("apart", packed(sparse), apart, true);
    row("repeated", packed(repeated), {0}, true);

    const auto ofInts = [](const std::vector<std::int64_t>& config) {
        std::vector<std::string> items;
        for (const std::int64_t number : config)
            items.push_back(test::number(number));
        return tuple({test::number(3), built("int", items), "]"});
    };
    row("sound ints", ofInts({2, 1, 1, 0, 0, 1, 1, 0, 0, 1, 0}), {}, false);
    row("stride of ints", ofInts({2, 1, 0, 0, 0, 1, 1, 0, 0, 1, 0}), {}, true);
    row("groups of ints", ofInts({2, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0}), {}, true);
    row("wide int", ofInts({2, std::int64_t{1} << 32, 1, 0, 0, 1, 1, 0, 0, 1, 0}), {}, true);

    const auto ofTensors = [](std::int64_t stride, std::int64_t groups) {
        const auto at = [](std::int64_t place) {
            return TensorText{"0", 2, place, {1}, {1}, "Short"}.pickle(); // 0 or 1
        };
        const std::string ones = built("tensor", {at(1), at(1)});
        return tuple({at(1), "N", built("tensor", {at(1), at(stride)}), ones, ones, at(groups)});
    };
    row("sound tensors", ofTensors(1, 1), {0, 1}, false);
    row("stride of tensors", ofTensors(0, 1), {0, 1}, true);
    row("groups of tensors", ofTensors(1, 0), {0, 1}, true);
}

void HostilePicklesTest::packedConvolutionsOfAllVersionsAreLookedAt()
{
    QFETCH(const QByteArray, state);
    QFETCH(const QList<int>, storage);
    QFETCH(const bool, isRefused);
    ZipRecords records =
        modelOf("torch.classes.quantized\nConv2dPackedParamsBase", state.toStdString());
    std::string bytes;
    for (const int value : storage) {
        bytes += static_cast<char>(value);
        bytes += '\0';
    }
    records.emplace_back("m/data/0", bytes);
    const Report report = inspectRecords(records);
    QCOMPARE(report.verdict == Verdict::Refused, isRefused);
    QCOMPARE(hasProblem(report, "set-state"), isRefused);
}

// Bytecode whose operators all have one long name: a pickle repeats it in two bytes.
void HostilePicklesTest::bytecodeOfOneNameIsBounded()
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

QTEST_APPLESS_MAIN(HostilePicklesTest)
#include "hostile_pickles_test.moc"
