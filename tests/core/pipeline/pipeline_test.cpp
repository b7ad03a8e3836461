// Lists of passes as files: what is read, what is told of a wrong one.
#include "core/pipeline/pipeline.h"
#include "core/support/near_names.h"

#include <QTest>

using namespace jitscope;

namespace {

const std::vector<pipeline::KnownPass> known = {{"freeze", {"mode", "keep"}},
                                                {"fold-batch-norm", {}},
                                                {"fuse-add-relu", {}},
                                                {"eliminate-dead-code", {}}};

// "freeze(mode=drop)@3 ..."
QString shown(const std::vector<pipeline::Step>& steps)
{
    QStringList parts;
    for (const pipeline::Step& step : steps) {
        QStringList arguments;
        for (const auto& [name, value] : step.arguments)
            arguments << QString::fromStdString(name + "=" + value);
        parts << QStringLiteral("%1(%2)@%3")
                     .arg(QString::fromStdString(step.pass), arguments.join(u','))
                     .arg(step.line);
    }
    return parts.join(u' ');
}

} // namespace

class PipelineTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isRead_data();
    void isRead();
    void isRefused_data();
    void isRefused();
    void namesAreChecked_data();
    void namesAreChecked();
    void whatIsWrittenIsRead();
    void nearNamesAreFound();
};

void PipelineTest::isRead_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("steps");
    const auto add = [](const char* name, const char* text, const char* steps) {
        QTest::newRow(name) << QByteArray(text) << QString::fromUtf8(steps);
    };
    add("lines", "freeze\nfold-batch-norm\n", "freeze()@1 fold-batch-norm()@2");
    add("comments", "# all of it\n\n  freeze : mode = drop # kept small\n\t\nfuse-add-relu#x",
        "freeze(mode=drop)@3 fuse-add-relu#x()@5");
    add("arguments", "freeze:mode=a=b:keep=", "freeze(keep=,mode=a=b)@1");
    add("windows",
        "\xEF\xBB\xBF"
        "freeze\r\n\r\nfuse-add-relu\r\n",
        "freeze()@1 fuse-add-relu()@3");
    add("json",
        "[\n {\"name\": \"freeze\",\n  \"arguments\": {\"mode\": \"drop\", \"n\": 3}},\n"
        " {\"arguments\": {\"b\": true, \"r\": 0.5},\n  \"name\": \"x\"}]",
        "freeze(mode=drop,n=3)@2 x(b=true,r=0.5)@4");
    add("json texts", "\n\n[\"freeze:mode=drop\",\n\"fold-batch-norm\"]",
        "freeze(mode=drop)@3 fold-batch-norm()@4");
}

void PipelineTest::isRead()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, steps);
    const auto read = pipeline::read(text.toStdString(), "p");
    QVERIFY2(read, read ? "" : read.error().message().c_str());
    QCOMPARE(shown(*read), steps);
}

void PipelineTest::isRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("where");
    QTest::addColumn<QString>("what");
    const auto add = [](const char* name, const QByteArray& text, const char* where,
                        const char* what) {
        QTest::newRow(name) << text << QString::fromUtf8(where) << QString::fromUtf8(what);
    };
    add("empty", "", "p", "names no pass");
    add("comments only", "# freeze\n", "p", "names no pass");
    add("no value", "freeze\nfreeze:mode\n", "p, line 2", "'mode' of pass freeze has no value");
    add("no argument name", "freeze:=3", "p, line 1", "has no name");
    add("twice", "freeze:mode=a:mode=b", "p, line 1", "given twice");
    add("no name", "\n:mode=3", "p, line 2", "has no name");
    add("two words", "freeze fold", "p, line 1", "more than one word");
    add("a list", "freeze, fold", "p, line 1", "more than one word");
    add("cut json", "[{\"name\":\n\"freeze\"", "p, line 2", "no JSON");
    add("wrong json", "[\n\n{\"name\" \"freeze\"}]", "p, line 3", "no JSON");
    add("object", "{\"name\": \"freeze\"}", "p, line 1", "no list");
    add("number", "[\n3]", "p, line 2", "objects and texts only");
    add("no name in json", "[{\"name\": \"freeze\"},\n{}]", "p, line 2", "has no name");
    add("name is a number", "[{\"name\": 3}]", "p, line 1", "no text");
    add("unknown field", "[{\"name\": \"freeze\", \"args\": {}}]", "p, line 1", "no 'args'");
    add("arguments are a list", "[{\"name\": \"freeze\", \"arguments\": []}]", "p, line 1",
        "no object");
    add("argument is a list", "[{\"name\": \"freeze\", \"arguments\": {\"mode\": []}}]",
        "p, line 1", "'mode' is no text");
    add("deep", "[" + QByteArray(100'000, '[') + QByteArray(100'000, ']') + "]", "p", "too deep");
    add("too many", QByteArray("freeze\n").repeated(1001), "p", "1001");
    add("too large", QByteArray(2 << 20, '#'), "p", "too large");
}

void PipelineTest::isRefused()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, where);
    QFETCH(QString, what);
    const auto read = pipeline::read(text.toStdString(), "p");
    QVERIFY(!read);
    QCOMPARE(read.error().where, where.toStdString());
    QVERIFY2(QString::fromStdString(read.error().what).contains(what), read.error().what.c_str());
    QVERIFY(read.error().code == ErrorCode::InvalidArgument);
    QVERIFY(!read.error().remedy.empty());
}

void PipelineTest::namesAreChecked_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("problem"); // empty for none
    QTest::newRow("right") << QByteArray("freeze:mode=x\nfold-batch-norm") << QString();
    QTest::newRow("a letter") << QByteArray("freeze\nfreze")
                              << QStringLiteral("no pass 'freze'. p, line 2. Did you mean freeze?");
    QTest::newRow("underscores") << QByteArray("Fold_Batch_Norm")
                                 << QStringLiteral("Did you mean fold-batch-norm?");
    QTest::newRow("a part") << QByteArray("dead-code")
                            << QStringLiteral("Did you mean eliminate-dead-code?");
    QTest::newRow("nothing near") << QByteArray("xyzzy")
                                  << QStringLiteral("passes --list` lists the passes");
    QTest::newRow("argument") << QByteArray("freeze:mod=x")
                              << QStringLiteral("Did you mean mode? It has mode, keep.");
    QTest::newRow("no arguments") << QByteArray("fold-batch-norm:mode=x")
                                  << QStringLiteral("has no argument 'mode'");
}

void PipelineTest::namesAreChecked()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, problem);
    const auto read = pipeline::read(text.toStdString(), "p");
    QVERIFY(read);
    const Result<void> checked = pipeline::check(*read, known, "p");
    QCOMPARE(checked.has_value(), problem.isEmpty());
    if (checked)
        return;
    const Error& error = checked.error();
    const std::string all = error.what + " " + error.where + ". " + error.remedy;
    QVERIFY2(QString::fromStdString(all).contains(problem), all.c_str());
}

void PipelineTest::whatIsWrittenIsRead()
{
    const std::vector<pipeline::Step> steps = {
        {"freeze", {{"mode", "a:b \"c\" #d"}, {"keep", ""}}, 0}, {"fold-batch-norm", {}, 0}};
    const auto read = pipeline::read(pipeline::write(steps), "p");
    QVERIFY(read);
    QCOMPARE(read->size(), steps.size());
    for (std::size_t i = 0; i < steps.size(); ++i) {
        QCOMPARE((*read)[i].pass, steps[i].pass);
        QVERIFY((*read)[i].arguments == steps[i].arguments);
        QVERIFY((*read)[i].line > 0);
    }
}

void PipelineTest::nearNamesAreFound()
{
    const std::vector<std::string> names = {"freeze", "fuse-linear", "fuse-add-relu", "peephole"};
    QCOMPARE(nearNames("freezer", names), std::vector<std::string>{"freeze"});
    QCOMPARE(nearNames("fuse", names), (std::vector<std::string>{"fuse-linear", "fuse-add-relu"}));
    QCOMPARE(nearNames("fuse", names, 1).size(), std::size_t{1});
    QVERIFY(nearNames("", names).empty());
    QVERIFY(nearNames("zzzzzzzz", names).empty());
    QVERIFY(nearNames(std::string(100'000, 'f'), names).empty());
}

QTEST_GUILESS_MAIN(PipelineTest)
#include "pipeline_test.moc"
