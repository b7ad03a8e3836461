// The calls of operators that serialized code makes.
#include "core/archive/operator_calls.h"

#include <QTest>

using namespace jitscope;
using archive::OperatorCall;

class OperatorCallsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void callsAreFound_data();
    void callsAreFound();
    void everyFormComesOnce();
    void whatIsNoCallIsNone_data();
    void whatIsNoCallIsNone();
};

void OperatorCallsTest::callsAreFound_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("positional");
    QTest::addColumn<QStringList>("keywords");
    QTest::addColumn<int>("results");
    const auto row = [](const char* code, const char* name, int positional,
                        const QStringList& keywords, int results) {
        QTest::newRow(code) << QString::fromLatin1(code) << QString::fromLatin1(name) << positional
                            << keywords << results;
    };
    row("    _0 = ops.acme.fancy(x, 2.)\n", "acme::fancy", 2, {}, 1);
    row("_0 = ops.acme.fancy(x, [1, 2], mode=3, other=(4, 5), )\n", "acme::fancy", 2,
        {QStringLiteral("mode"), QStringLiteral("other")}, 1);
    row("    a, b, = ops.acme.pair(x)\n", "acme::pair", 1, {}, 2);
    row("a, b, c, = ops.acme.three()\n", "acme::three", 0, {}, 3);
    row("  ops.acme.log(\"a, b(\")\n", "acme::log", 1, {}, 0);
    row("  return ops.acme.f(x)\n", "acme::f", 1, {}, 1);
    row("  if ops.acme.f(x == y):\n", "acme::f", 1, {}, 1);
    row("  x = torch.fresh(x, k=1)\n", "aten::fresh", 1, {QStringLiteral("k")}, 1);
    row("  x = foo(ops.acme.f(x), {\"a\": 1})\n", "acme::f", 1, {}, 1);
    row("x = ops.acme.f(x, # a ) comment\n", "", 0, {}, 0); // does not end
}

void OperatorCallsTest::callsAreFound()
{
    QFETCH(QString, code);
    QFETCH(QString, name);
    QFETCH(int, positional);
    QFETCH(QStringList, keywords);
    QFETCH(int, results);
    const auto calls = archive::operatorCalls(code.toStdString());
    if (name.isEmpty()) {
        QVERIFY(calls.empty());
        return;
    }
    QCOMPARE(calls.size(), std::size_t{1});
    QCOMPARE(QString::fromStdString(calls[0].name), name);
    QCOMPARE(calls[0].positional, static_cast<std::size_t>(positional));
    QCOMPARE(calls[0].results, static_cast<std::size_t>(results));
    QStringList found;
    for (const std::string& keyword : calls[0].keywords)
        found << QString::fromStdString(keyword);
    QCOMPARE(found, keywords);
}

void OperatorCallsTest::everyFormComesOnce()
{
    const auto calls = archive::operatorCalls("x = ops.a.f(ops.a.g(x), ops.a.f(x))\n"
                                              "y = ops.a.f(y)\n"
                                              "a, b, = ops.a.f(y)\n");
    QCOMPARE(calls.size(), std::size_t{4});
    QVERIFY((calls[0] == OperatorCall{"a::f", 1, {}, 1}));
    QVERIFY((calls[1] == OperatorCall{"a::f", 1, {}, 2}));
    QVERIFY((calls[2] == OperatorCall{"a::f", 2, {}, 1}));
    QVERIFY((calls[3] == OperatorCall{"a::g", 1, {}, 1}));
}

void OperatorCallsTest::whatIsNoCallIsNone_data()
{
    QTest::addColumn<QString>("code");
    for (const char* code :
         {"", "ops", "ops.acme.f", "ops.acme(x)", "ops..f(x)", "ops.a.b.c(x)", "torch.nn.relu(x)",
          "# ops.acme.f(x)\n", "\"ops.acme.f(x)\"", "'ops.acme.f(x)", "stops.acme.f(x)",
          "ops.1a.f(x)", "ops.acme.f(x]", "self.ops.acme.f(x)"})
        QTest::newRow(code) << QString::fromLatin1(code);
}

void OperatorCallsTest::whatIsNoCallIsNone()
{
    QFETCH(QString, code);
    QVERIFY(archive::operatorCalls(code.toStdString()).empty());
}

QTEST_GUILESS_MAIN(OperatorCallsTest)
#include "operator_calls_test.moc"
