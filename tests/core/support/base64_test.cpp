#include "core/support/base64.h"

#include <QByteArray>
#include <QTest>

using namespace jitscope;

namespace {

std::vector<std::byte> bytesOf(const QByteArray& text)
{
    const auto* data = reinterpret_cast<const std::byte*>(text.constData()); // NOLINT: bytes
    return {data, data + text.size()};
}

} // namespace

class Base64Test : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void agreesWithQt()
    {
        QByteArray bytes;
        for (int i = 0; i < 300; ++i) {
            const std::string text = toBase64(bytesOf(bytes));
            QCOMPARE(text, bytes.toBase64().toStdString());
            const auto back = fromBase64(text);
            QVERIFY(back.has_value());
            QVERIFY(*back == bytesOf(bytes));
            bytes += static_cast<char>(i * 37);
        }
    }

    void otherTextIsRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("length") << QByteArray("AAA");
        QTest::newRow("character") << QByteArray("AA-A");
        QTest::newRow("line feed") << QByteArray("AA\nA");
        QTest::newRow("bits left over") << QByteArray("AB==");
        QTest::newRow("bits left over, one byte") << QByteArray("AAB=");
        QTest::newRow("too much padding") << QByteArray("A===");
        QTest::newRow("nothing but padding") << QByteArray("====");
        QTest::newRow("padding inside") << QByteArray("AA==AAAA");
    }

    void otherTextIsRefused()
    {
        QFETCH(QByteArray, text);
        QVERIFY(!fromBase64(text.toStdString()).has_value());
    }
};

QTEST_GUILESS_MAIN(Base64Test)
#include "base64_test.moc"
