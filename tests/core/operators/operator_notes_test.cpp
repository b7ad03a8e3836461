// The notes on operators: the file is well kept, and asking it gives what it says.
#include "core/operators/operator_notes.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace jitscope;

class OperatorNotesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFileIsWellKept();
    void notesAreFound();
    void inPlaceOperatorsHaveTheNoteOfTheirKind();
    void unknownKindsHaveNone();
};

// Sorted, no kind twice, three fields, sentences that end.
void OperatorNotesTest::theFileIsWellKept()
{
    QFile file(qEnvironmentVariable("JITSCOPE_SOURCE_DIR") +
               QStringLiteral("/resources/operators/operators.txt"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    static const QRegularExpression form(
        QStringLiteral("^(\\w+::\\w+) \\| (?:([A-Za-z0-9_.]+) )?\\| (\\S.*\\.)$"));
    QByteArray last;
    int count = 0;
    const QList<QByteArray> lines = file.readAll().split('\n');
    for (const QByteArray& line : lines) {
        if (line.isEmpty() || line.startsWith('#'))
            continue;
        const auto match = form.match(QString::fromUtf8(line));
        QVERIFY2(match.hasMatch(), line.constData());
        const QByteArray kind = match.captured(1).toUtf8();
        QVERIFY2(last < kind, line.constData());
        last = kind;
        const auto note = operators::noteOf(kind.toStdString());
        QVERIFY2(note, kind.constData());
        QCOMPARE(QString::fromStdString(note->text), match.captured(3));
        QCOMPARE(note->url.empty(), match.captured(2).isEmpty());
        ++count;
    }
    QVERIFY(count > 400);
}

void OperatorNotesTest::notesAreFound()
{
    const auto relu = operators::noteOf("aten::relu");
    QVERIFY(relu);
    QCOMPARE(relu->text, std::string("Sets negative elements to zero."));
    QCOMPARE(relu->url, std::string("https://docs.pytorch.org/docs/stable/generated/"
                                    "torch.nn.functional.relu.html"));
    const auto loop = operators::noteOf("prim::Loop");
    QVERIFY(loop);
    QVERIFY(loop->url.empty());
}

void OperatorNotesTest::inPlaceOperatorsHaveTheNoteOfTheirKind()
{
    const auto relu = operators::noteOf("aten::relu_");
    QVERIFY(relu);
    QVERIFY(relu->text.starts_with("Sets negative elements to zero."));
    QVERIFY(relu->text.size() > operators::noteOf("aten::relu")->text.size());
    // One that is written down is taken as it is.
    QCOMPARE(operators::noteOf("aten::copy_")->text.find("first input"), std::string::npos);
}

void OperatorNotesTest::unknownKindsHaveNone()
{
    for (const char* kind : {"", "aten::", "aten", "aten::no_such_operator", "aten::__", "_", "#",
                             "aten::relu |", "# Sorted by kind."})
        QVERIFY2(!operators::noteOf(kind), kind);
}

QTEST_GUILESS_MAIN(OperatorNotesTest)
#include "operator_notes_test.moc"
