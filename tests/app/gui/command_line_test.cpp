#include "app/gui/command_line.h"

#include <QTest>

namespace jitscope::gui {

class CommandLineTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void opensOneFile()
    {
        const ParsedCommandLine parsed = parse({"model.pt"});
        QCOMPARE(parsed.outcome, CommandLineOutcome::Go);
        QCOMPARE(parsed.commandLine.file, QStringLiteral("model.pt"));
        QVERIFY(parsed.commandLine.renderFolder.isEmpty());
        QVERIFY(parse({}).commandLine.file.isEmpty());
    }

    void rendersWithPassesAndARun()
    {
        const ParsedCommandLine parsed = parse(
            {"--render", "out", "--apply", "freeze:mode=keep,propagate-shapes:inputs=1x3x32x32",
             "--run", "--theme", "dark", "--find", "kind:prim::If", "model.pt"});
        QCOMPARE(parsed.outcome, CommandLineOutcome::Go);
        QCOMPARE(parsed.commandLine.renderFolder, QStringLiteral("out"));
        const std::vector<pipeline::Step>& passes = parsed.commandLine.passes;
        QCOMPARE(passes.size(), std::size_t{2});
        QCOMPARE(passes[0].pass, std::string("freeze"));
        QCOMPARE(passes[0].arguments.at("mode"), std::string("keep"));
        QCOMPARE(passes[1].pass, std::string("propagate-shapes"));
        QCOMPARE(passes[1].arguments.at("inputs"), std::string("1x3x32x32"));
        QVERIFY(parsed.commandLine.run);
        QCOMPARE(parsed.commandLine.find, QStringLiteral("kind:prim::If"));
        QCOMPARE(parsed.commandLine.theme, QStringLiteral("dark"));
    }

    void helpAndVersionAreTexts()
    {
        QCOMPARE(parse({"--help"}).outcome, CommandLineOutcome::Help);
        QVERIFY(parse({"--help"}).text.contains(QStringLiteral("--render")));
        QCOMPARE(parse({"--version"}).outcome, CommandLineOutcome::Version);
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const QStringList& arguments, const char* says) {
            QTest::newRow(name) << arguments << QString::fromLatin1(says);
        };
        row("two files", {QStringLiteral("a.pt"), QStringLiteral("b.pt")}, "Only one file");
        row("no file to render", {QStringLiteral("--render"), QStringLiteral("out")}, "a file");
        row("no folder", {QStringLiteral("--render="), QStringLiteral("a.pt")}, "a folder");
        row("a pass without rendering",
            {QStringLiteral("--apply"), QStringLiteral("freeze"), QStringLiteral("a.pt")},
            "--render");
        row("a run without rendering", {QStringLiteral("--run"), QStringLiteral("a.pt")},
            "--render");
        row("an argument without a value",
            {QStringLiteral("--render"), QStringLiteral("out"), QStringLiteral("--apply"),
             QStringLiteral("freeze:mode"), QStringLiteral("a.pt")},
            "has no value");
        row("an unknown option", {QStringLiteral("--frobnicate")}, "frobnicate");
        row("an unknown theme", {QStringLiteral("--theme"), QStringLiteral("pink")}, "pink");
    }

    void saysWhatIsWrong()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, says);
        const ParsedCommandLine parsed =
            parseCommandLine(QStringList{QStringLiteral("jitscope")} + arguments);
        QCOMPARE(parsed.outcome, CommandLineOutcome::Wrong);
        QVERIFY2(parsed.text.contains(says), qPrintable(parsed.text));
    }

    void seesWhetherThereIsADisplay()
    {
        const QByteArrayList names{"QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"};
        QByteArrayList before;
        for (const QByteArray& name : names) {
            before.append(qgetenv(name.constData()));
            qunsetenv(name.constData());
        }
        QVERIFY(!hasDisplay());
        for (qsizetype i = 0; i < names.size(); ++i) {
            qputenv(names[i].constData(), "something");
            QVERIFY(hasDisplay());
            qunsetenv(names[i].constData());
        }
        for (qsizetype i = 0; i < names.size(); ++i)
            if (!before[i].isEmpty())
                qputenv(names[i].constData(), before[i]);
    }

private:
    static ParsedCommandLine parse(std::initializer_list<const char*> arguments)
    {
        QStringList list{QStringLiteral("jitscope")};
        for (const char* argument : arguments)
            list.append(QString::fromLatin1(argument));
        return parseCommandLine(list);
    }
};

} // namespace jitscope::gui

QTEST_GUILESS_MAIN(jitscope::gui::CommandLineTest)
#include "command_line_test.moc"
