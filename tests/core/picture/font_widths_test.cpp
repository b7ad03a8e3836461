// The table of widths against the font itself, and shortening.
#include "core/picture/font_widths.h"

#include <QFontDatabase>
#include <QFontInfo>
#include <QFontMetricsF>
#include <QTest>

#include <cmath>

using namespace jitscope;
using picture::FontWeight;

class FontWidthsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tableIsTheFont_data();
    void tableIsTheFont();
    void otherTextsAreNotTooNarrow_data();
    void otherTextsAreNotTooNarrow();
    void longTextsEndInAnEllipsis();
};

namespace {

constexpr int pixels = 2048; // one unit of the font a pixel

QFont font(bool isBold)
{
    QFont font(QStringLiteral("DejaVu Sans"));
    font.setPixelSize(pixels);
    font.setWeight(isBold ? QFont::Bold : QFont::Normal);
    font.setHintingPreference(QFont::PreferNoHinting);
    font.setKerning(false);
    return font;
}

bool isInstalled()
{
    return QFontDatabase::families().contains(QStringLiteral("DejaVu Sans"));
}

double tableWidth(const QString& text, bool isBold)
{
    return picture::fontWidth(text.toStdString(), isBold ? FontWeight::Bold : FontWeight::Regular) *
           pixels;
}

} // namespace

void FontWidthsTest::tableIsTheFont_data()
{
    QTest::addColumn<bool>("isBold");
    QTest::newRow("regular") << false;
    QTest::newRow("bold") << true;
}

void FontWidthsTest::tableIsTheFont()
{
    QFETCH(bool, isBold);
    if (!isInstalled())
        QSKIP("DejaVu Sans is not installed.");
    const QFontMetricsF metrics(font(isBold));
    for (char16_t c = 0x20; c <= 0xFF; ++c) {
        if (c >= 0x7F && c < 0xA0)
            continue;
        const double real = metrics.horizontalAdvance(QChar(c));
        QVERIFY2(std::abs(tableWidth(QString(QChar(c)), isBold) - real) <= 1,
                 qPrintable(QStringLiteral("U+%1: %2").arg(int(c), 0, 16).arg(real)));
    }
}

void FontWidthsTest::otherTextsAreNotTooNarrow_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("greek") << QStringLiteral("αβγ");
    QTest::newRow("cyrillic") << QStringLiteral("слой");
    QTest::newRow("arrows") << QStringLiteral("→≤≥");
    QTest::newRow("ellipsis") << QStringLiteral("…");
}

void FontWidthsTest::otherTextsAreNotTooNarrow()
{
    QFETCH(QString, text);
    if (!isInstalled())
        QSKIP("DejaVu Sans is not installed.");
    for (const bool isBold : {false, true}) {
        const double real = QFontMetricsF(font(isBold)).horizontalAdvance(text);
        QVERIFY(tableWidth(text, isBold) >= real - 1);
        QVERIFY(tableWidth(text, isBold) < 2.2 * real);
    }
}

void FontWidthsTest::longTextsEndInAnEllipsis()
{
    const auto elided = [](std::string_view text, double width) {
        return picture::elided(text, FontWeight::Regular, width);
    };
    QCOMPARE(elided("conv", 10), std::string("conv"));
    const std::string name = "a name that is far too long for its box";
    const std::string shortened = elided(name, 8);
    QVERIFY(shortened.ends_with("\u2026"));
    QVERIFY(name.starts_with(shortened.substr(0, shortened.size() - 3)));
    QVERIFY(picture::fontWidth(shortened, FontWeight::Regular) <= 8);
    // Never within a code point, whatever the width.
    for (double width = 1; width < 6; width += 0.1) {
        const std::string text = elided("ääöü漢字ß", width);
        QVERIFY(QString::fromStdString(text).toStdString() == text);
        QVERIFY(!QString::fromStdString(text).contains(QChar::ReplacementCharacter));
    }
    QCOMPARE(elided("", 0), std::string());
    QCOMPARE(elided("\xff\xff\xff", 1), std::string("\u2026"));
}

QTEST_MAIN(FontWidthsTest)
#include "font_widths_test.moc"
