#include "core/support/markup.h"
#include "core/support/utf8.h"

#include <QString>
#include <QTest>

using namespace jitscope;

class MarkupTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void specialCharactersAreEscaped();
    void whatIsNoTextIsReplaced();
    void graphvizIsQuoted();
    void codePointsAreFound();
};

void MarkupTest::specialCharactersAreEscaped()
{
    QCOMPARE(escapedMarkup("a<b>c & \"d\" 'e'"),
             std::string("a&lt;b&gt;c &amp; &quot;d&quot; &#39;e&#39;"));
    QCOMPARE(escapedMarkup("grün 漢字 😀\n\t"), std::string("grün 漢字 😀\n\t"));
    QCOMPARE(escapedMarkup(""), std::string());
}

void MarkupTest::graphvizIsQuoted()
{
    QCOMPARE(quotedForDot("a \"b\"\\c\nd"), std::string(R"("a \"b\"\\c\nd")"));
    QCOMPARE(quotedForDot(""), std::string("\"\""));
}

void MarkupTest::whatIsNoTextIsReplaced()
{
    const std::string mark = "\uFFFD";
    QCOMPARE(escapedMarkup("\xff"), mark);
    QCOMPARE(escapedMarkup("a\xc3"), "a" + mark);                           // cut off
    QCOMPARE(escapedMarkup("\xc0\xaf"), mark + mark);                       // overlong
    QCOMPARE(escapedMarkup("\xed\xa0\x80"), mark + mark + mark);            // a surrogate
    QCOMPARE(escapedMarkup("\xf4\x90\x80\x80"), mark + mark + mark + mark); // beyond Unicode
    QCOMPARE(escapedMarkup(std::string_view("\0\x01\x1f\r", 4)), mark + mark + mark + mark);
    QCOMPARE(escapedMarkup("\x7f"), mark);
    QCOMPARE(escapedMarkup("\xc2\x85"), mark);     // C1 control
    QCOMPARE(escapedMarkup("\xef\xbf\xbe"), mark); // U+FFFE
}

void MarkupTest::codePointsAreFound()
{
    for (const char32_t c : {U'a', U'\u00e4', U'\u6f22', U'\U0001F600'}) {
        const std::string text = QString::fromUcs4(&c, 1).toStdString();
        const CodePoint point = firstCodePoint(text + "x");
        QCOMPARE(static_cast<std::uint32_t>(point.value), static_cast<std::uint32_t>(c));
        QCOMPARE(point.length, text.size());
        QVERIFY(point.isValid);
    }
    QCOMPARE(firstCodePoint("").length, std::size_t{0});
    QVERIFY(!firstCodePoint("\xe6\xbc").isValid);
}

QTEST_GUILESS_MAIN(MarkupTest)
#include "markup_test.moc"
