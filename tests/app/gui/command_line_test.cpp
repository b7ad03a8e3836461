#include "app/gui/command_line.h"

#include <QTest>

#include <vector>

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
        const ParsedCommandLine parsed =
            parse({"--render", "out", "--apply", "freeze,fold-batch-norm", "--run", "--theme",
                   "dark", "model.pt"});
        QCOMPARE(parsed.outcome, CommandLineOutcome::Go);
        QCOMPARE(parsed.commandLine.renderFolder, QStringLiteral("out"));
        QCOMPARE(parsed.commandLine.passes,
                 QStringList({QStringLiteral("freeze"), QStringLiteral("fold-batch-norm")}));
        QVERIFY(parsed.commandLine.run);
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

    void choosesOffscreenOnlyWhereThereIsNoDisplay()
    {
        const QByteArray platform = qgetenv("QT_QPA_PLATFORM");
        const QByteArray display = qgetenv("DISPLAY");
        const QByteArray wayland = qgetenv("WAYLAND_DISPLAY");
        for (const char* name : {"QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"})
            qunsetenv(name);
        QVERIFY(offscreen({"jitscope", "--render", "out", "a.pt"}));
        QVERIFY(offscreen({"jitscope", "--render=out", "a.pt"}));
        QVERIFY(offscreen({"jitscope", "--help"}));
        QVERIFY(!offscreen({"jitscope", "a.pt"}));
        qputenv("DISPLAY", ":0");
        QVERIFY(!offscreen({"jitscope", "--render", "out", "a.pt"}));
        qunsetenv("DISPLAY");
        qputenv("QT_QPA_PLATFORM", "vnc");
        QVERIFY(!offscreen({"jitscope", "--render", "out", "a.pt"}));
        qputenv("QT_QPA_PLATFORM", platform);
        if (!display.isEmpty())
            qputenv("DISPLAY", display);
        if (!wayland.isEmpty())
            qputenv("WAYLAND_DISPLAY", wayland);
    }

private:
    static ParsedCommandLine parse(std::initializer_list<const char*> arguments)
    {
        QStringList list{QStringLiteral("jitscope")};
        for (const char* argument : arguments)
            list.append(QString::fromLatin1(argument));
        return parseCommandLine(list);
    }

    static bool offscreen(std::vector<std::string> arguments)
    {
        std::vector<char*> pointers;
        for (std::string& argument : arguments)
            pointers.push_back(argument.data());
        return needsOffscreen(static_cast<int>(pointers.size()), pointers.data());
    }
};

} // namespace jitscope::gui

QTEST_GUILESS_MAIN(jitscope::gui::CommandLineTest)
#include "command_line_test.moc"
