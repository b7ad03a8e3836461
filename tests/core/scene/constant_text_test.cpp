// Constants as they are shown.
#include "core/scene/constant_text.h"

#include <QTest>

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <random>

using namespace jitscope;

class ConstantTextTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isAsPeopleWriteIt_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("shown");
        const auto row = [](const char* text, const char* type, const char* shown) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(type) << QByteArray(shown);
        };
        row("1.0000000000000001e-05", "float", "1e-05");
        row("0.10000000000000001", "float", "0.1");
        row("-0.29999999999999999", "float", "-0.3");
        row("100.", "float", "100.0");
        row("0.", "float", "0.0");
        row("1e+300", "float", "1e+300");
        row("[0.10000000000000001, 2., -3.]", "float[]", "[0.1, 2.0, -3.0]");
        row("(1, 0.20000000000000001)", "(int, float)", "(1, 0.2)");
        row("{\"a\": 0.5, \"0.10000000000000001\": 1.}", "Dict(str, float)",
            "{\"a\": 0.5, \"0.10000000000000001\": 1.0}");
        row("1", "bool", "True");
        row("0", "bool", "False");
        row("[1, 0]", "bool[]", "[True, False]");
        row("[1, 0] ", "int[]", "[1, 0] ");
        row("9223372036854775807", "int", "9223372036854775807");
        row("-1", "int", "-1");
        row("\"100. \\\" 2.\"", "str", "\"100. \\\" 2.\"");
        row("\"not closed 1.", "str", "\"not closed 1.");
        row("inf", "float", "inf");
        row("-inf", "float", "-inf");
        row("nan", "float", "nan");
        row("cuda:0", "Device", "cuda:0");
        row("1.5.x", "", "1.5.x");
        row("%12.1", "", "%12.1");
        row("layer1.0", "", "layer1.0");
        row("1e999", "float", "1e999");
        row(".", "", ".");
        row("-", "", "-");
        row("", "bool", "");
    }

    void isAsPeopleWriteIt()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QByteArray, type);
        QFETCH(const QByteArray, shown);
        QCOMPARE(QByteArray::fromStdString(
                     scene::displayConstant(text.toStdString(), type.toStdString())),
                 shown);
    }

    // Whatever digits LibTorch prints, what is shown is the same number.
    void isTheSameNumber()
    {
        std::mt19937_64 random(7);
        for (int i = 0; i < 20'000; ++i) {
            const std::uint64_t bits = random();
            double value = 0;
            std::memcpy(&value, &bits, sizeof value);
            if (!std::isfinite(value))
                continue;
            char printed[40];
            std::snprintf(printed, sizeof printed, "%.17g", value);
            const std::string shown = scene::displayConstant(printed, "float");
            double read = 0;
            const auto [end, problem] =
                std::from_chars(shown.data(), shown.data() + shown.size(), read);
            QVERIFY2(problem == std::errc() && end == shown.data() + shown.size(), shown.c_str());
            QVERIFY2(read == value, shown.c_str());
            QVERIFY(shown.size() <= std::strlen(printed) + 2);
        }
    }

    void anyBytesAreTaken()
    {
        std::mt19937 random(7);
        constexpr std::string_view signs = "0123456789.-+eE\"'\\[]{}(), xTn%";
        for (int i = 0; i < 20'000; ++i) {
            std::string text;
            for (std::size_t n = random() % 40; n > 0; --n)
                text += signs[random() % signs.size()];
            const std::string shown = scene::displayConstant(text, i % 2 == 0 ? "bool" : "float");
            QVERIFY(shown.size() <= 6 * text.size() + 2);
        }
    }
};

QTEST_APPLESS_MAIN(ConstantTextTest)
#include "constant_text_test.moc"
