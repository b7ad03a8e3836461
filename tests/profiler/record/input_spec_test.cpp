#include "profiler/record/input_spec.h"
#include "profiler/record/npy_file_p.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace jitscope;
using namespace jitscope::record;

class InputSpecTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void printsWhatItRead_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("printed");
        const auto row = [](const char* text, const char* printed) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(printed);
        };
        row("1x3x224x224", "float32:1x3x224x224");
        row("float16:2x3", "float16:2x3");
        row("float32[1, 3,32,32]", "float32:1x3x32x32");
        row("float64[]", "float64:scalar");
        row("int64:8", "int64:8");
        row("int64:8:0..1000", "int64:8:0..1000");
        row("int64[8]:-5..5", "int64:8:-5..5");
        row("zeros:2x2", "zeros:float32:2x2");
        row("ones:int32:2", "ones:int32:2");
        row("rand:3x1", "rand:float32:3x1");
        row("randn:float64:3x1", "randn:float64:3x1");
        row("scalar", "float32:scalar");
        row("0x3", "float32:0x3");
        row("3", "3");
        row("-3", "-3");
        row("2.5", "2.5");
        row("4.0", "4.0");
        row("1e3", "1000.0");
        row("true", "true");
        row("False", "false");
        row("none", "none");
        row("'a text, [here]'", "'a text, [here]'");
        row("[1x3, 2x3]", "[float32:1x3, float32:2x3]");
        row("(1, 'x', [2.5, none])", "(1, 'x', [2.5, none])");
        row("[]", "[]");
        row("(3,)", "(3,)");
        row("[float32[1,2], int64[3]]", "[float32:1x2, int64:3]");
        row("inputs/x.npy", "inputs/x.npy");
        row(" x.pt ", "x.pt");
    }
    void printsWhatItRead()
    {
        QFETCH(QString, text);
        QFETCH(QString, printed);
        const auto spec = parseInputSpec(text.toStdString());
        QVERIFY2(spec.has_value(), spec ? "" : spec.error().message().c_str());
        QCOMPARE(QString::fromStdString(print(*spec)), printed);
        const auto again = parseInputSpec(print(*spec));
        QVERIFY(again.has_value());
        QCOMPARE(QString::fromStdString(print(*again)), printed);
    }

    void refusesWhatItCannotRead_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text : {"",
                                 "   ",
                                 "1x",
                                 "x3",
                                 "1x-3",
                                 "axb",
                                 "float33:1x2",
                                 "float32:",
                                 "int64:8:5",
                                 "int64:8:9..2",
                                 "int64:8:0..1:x",
                                 "[1x3",
                                 "1x3]",
                                 "(1, 2",
                                 "[1, (2])",
                                 "'open",
                                 "'a' b",
                                 "zeros:",
                                 "[1,,2]",
                                 "float32[1,2",
                                 "float32[1,2]x",
                                 "99999999999x99999999999x99999",
                                 "1x99999999999999999999",
                                 "nonsense",
                                 "1 x"})
            QTest::newRow(text) << QString::fromUtf8(text);
        QTest::newRow("deep") << QString(1000, QLatin1Char('[')) + QString(1000, QLatin1Char(']'));
    }
    void refusesWhatItCannotRead()
    {
        QFETCH(QString, text);
        const auto spec = parseInputSpec(text.toStdString());
        QVERIFY(!spec.has_value());
        QCOMPARE(spec.error().code, ErrorCode::InvalidArgument);
        QVERIFY(!spec.error().remedy.empty());
    }

    void readsNpy()
    {
        const std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n";
        const std::string good = npy(header, std::string(24, '\0'));
        const auto array = read(good);
        QVERIFY2(array.has_value(), array ? "" : array.error().message().c_str());
        QCOMPARE(array->dtype, std::string("float32"));
        QCOMPARE(array->shape, (std::vector<std::int64_t>{2, 3}));
        QCOMPARE(array->bytes.size(), std::size_t{24});
        // Cut anywhere it is refused, and nothing crashes.
        for (std::size_t length = 0; length < good.size(); ++length)
            QVERIFY(!read(good.substr(0, length)).has_value());
        QVERIFY(!read(npy("{'descr': '<U4', 'fortran_order': False, 'shape': (2,), }",
                          std::string(64, 'a'))));
        QVERIFY(!read(
            npy("{'descr': '<f4', 'shape': (99999999999, 99999999999), }", std::string(64, 'a'))));
        QVERIFY(!read(npy("{'descr': '<f4', 'shape': (-2,), }", std::string(64, 'a'))));
        QVERIFY(!readNpy("/no/such/file.npy"));
    }

private:
    static std::string npy(const std::string& header, const std::string& data)
    {
        std::string text = "\x93NUMPY";
        text += std::string("\x01\x00", 2);
        text += static_cast<char>(header.size() & 0xff);
        text += static_cast<char>(header.size() >> 8);
        return text + header + data;
    }
    Result<NpyArray> read(const std::string& bytes)
    {
        const auto file = m_folder.filePath(QStringLiteral("x.npy")).toStdString();
        std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
        return readNpy(file);
    }
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(InputSpecTest)
#include "input_spec_test.moc"
