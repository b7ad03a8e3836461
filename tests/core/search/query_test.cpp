// How a query is read, and when a text has what it asks for.
#include "core/search/query.h"
#include "core/search/term_match_p.h"

#include <QTest>

using namespace jitscope;
using search::Field;
using search::Term;

class QueryTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void words()
    {
        QVERIFY(search::parseQuery("").isEmpty());
        QVERIFY(search::parseQuery(" \t ").isEmpty());
        QVERIFY(search::parseQuery("\"\"").isEmpty());
        expect("Conv  relu", {{Field::Any, "conv"}, {Field::Any, "relu"}});
        expect("\"two words\" x", {{Field::Any, "two words"}, {Field::Any, "x"}});
        expect("\"not closed", {{Field::Any, "not closed"}});
        expect("a\"b c\"d", {{Field::Any, "ab cd"}});
    }

    void fields()
    {
        expect("kind:Conv", {{Field::Kind, "conv"}});
        expect("op:conv shape:1x64", {{Field::Kind, "conv"}, {Field::Type, "1x64"}});
        expect("module:layer1 type:Half", {{Field::Module, "layer1"}, {Field::Type, "half"}});
        expect("file:resnet.py:93", {{Field::File, "resnet.py:93"}});
        expect("const:", {{Field::Constant, ""}});
        expect("text:\"self.relu(x)\"", {{Field::Text, "self.relu(x)"}});
        expect("kind:\"a b\"c", {{Field::Kind, "a bc"}});
        expect("name:kind:x", {{Field::Name, "kind:x"}});
    }

    // While the user still types, and with what is no field.
    void colons()
    {
        expect("aten::conv2d", {{Field::Any, "aten::conv2d"}});
        expect("kind:aten::relu", {{Field::Kind, "aten::relu"}});
        expect("kind::x", {{Field::Any, "kind::x"}});
        expect("resnet.py:93", {{Field::Any, "resnet.py:93"}});
        expect("\"kind:conv\"", {{Field::Any, "kind:conv"}});
        expect(":", {{Field::Any, ":"}});
        expect("kind", {{Field::Any, "kind"}});
    }

    void furtherWordsAreLeftOut()
    {
        std::string text;
        for (int i = 0; i < 100; ++i)
            text += "w" + std::to_string(i) + " ";
        QCOMPARE(search::parseQuery(text).terms.size(), search::mostTerms);
    }

    void contains()
    {
        QVERIFY(search::containsFolded("aten::Conv2d", "conv"));
        QVERIFY(search::containsFolded("CONV", "conv"));
        QVERIFY(search::containsFolded("", ""));
        QVERIFY(!search::containsFolded("con", "conv"));
        QVERIFY(!search::containsFolded("coconv", "convx"));
        QVERIFY(search::containsFolded("aab", "ab"));
        QVERIFY(search::containsFolded("gr\u00f6\u00dfe", "\u00f6\u00df"));
    }

    void shapes()
    {
        QCOMPARE(search::shapeOf("1x64"), std::string("1,64"));
        QCOMPARE(search::shapeOf("1\u00d764\u00d73"), std::string("1,64,3"));
        QCOMPARE(search::shapeOf("[1, 64]"), std::string("1,64"));
        QCOMPARE(search::shapeOf("64"), std::string()); // a word like others
        QCOMPARE(search::shapeOf("x1"), std::string());
        QCOMPARE(search::shapeOf("0x1f"), std::string());
        QVERIFY(search::containsShape("Float(1, 64, 112, 112, strides=[64, 1])", "1,64"));
        QVERIFY(search::containsShape("Float(1, 64, 112, 112)", "112,112"));
        QVERIFY(search::containsShape("[64,3,7,7]", "3,7"));
        QVERIFY(!search::containsShape("Float(21, 64)", "1,64"));
        QVERIFY(!search::containsShape("Float(1, 640)", "1,64"));
        QVERIFY(!search::containsShape("", "1,64"));
    }

    void places()
    {
        const search::TermMatch match(search::parseQuery("file:resnet.py:93 models"));
        QCOMPARE(match.inFile("/site/models/resnet.py"), search::TermBits(1));
        QCOMPARE(match.onLine(93), search::TermBits(3)); // a word without a line agrees with all
        QCOMPARE(match.onLine(94), search::TermBits(2));
        QCOMPARE(match.inFile("/site/models/vit.py"), search::TermBits(0));
        const search::TermMatch path(search::parseQuery("file:models/resnet"));
        QCOMPARE(path.inFile("/site/models/resnet.py"), search::TermBits(1));
        const search::TermMatch word(search::parseQuery("resnet.py"));
        QCOMPARE(word.inFile("/site/models/resnet.py"), search::TermBits(1));
        QCOMPARE(word.inFile("/resnet.py/x"), search::TermBits(0));
    }

private:
    static void expect(const char* text, const std::vector<Term>& terms)
    {
        const search::Query query = search::parseQuery(text);
        if (query.terms == terms)
            return;
        std::string got;
        for (const Term& term : query.terms)
            got += std::to_string(static_cast<int>(term.field)) + ":" + term.text + "|";
        QFAIL(qPrintable(QStringLiteral("%1 is read as %2")
                             .arg(QString::fromLatin1(text), QString::fromStdString(got))));
    }
};

QTEST_APPLESS_MAIN(QueryTest)
#include "query_test.moc"
