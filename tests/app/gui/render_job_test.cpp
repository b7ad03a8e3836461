// Drawing the window into files, with an engine that is made for it.
#include "app/gui/render_job.h"

#include "core/document/reader.h"
#include "views/shell/main_window.h"
#include "views/shell/workspace.h"

#include <QDir>
#include <QFile>
#include <QImage>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

namespace jitscope::gui {

class RenderJobTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(QStringLiteral("jitscope-test"));
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_settings.path());
    }

    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void drawsWhatAUserWouldSee()
    {
        CommandLine commandLine = forModel("resnet.pt");
        commandLine.passes = {step("freeze:mode=keep"), step("peephole")};
        commandLine.run = true;
        QCOMPARE(render(commandLine), 0);
        const QDir folder(commandLine.renderFolder);
        const QImage window(folder.filePath(QStringLiteral("window.png")));
        QCOMPARE(window.size(), QSize(1200, 800));
        QVERIFY(!QImage(folder.filePath(QStringLiteral("graph.png"))).isNull());

        const Result<document::Reader> copy = document::Reader::open(
            folder.filePath(QStringLiteral("resnet.jitscope")).toStdString());
        QVERIFY(copy.has_value());
        const auto stages = copy->rows<document::StageRow>().value();
        QCOMPARE(stages[stages.size() - 2].pass, std::string("freeze:mode=keep"));
        QCOMPARE(stages.back().pass, std::string("peephole"));
        QCOMPARE(stages.back().parent, stages[stages.size() - 2].id);
        QCOMPARE(copy->rows<document::RunRow>().value().back().stage, stages.back().id);

        QFile file(folder.filePath(QStringLiteral("report.txt")));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString report = QString::fromUtf8(file.readAll());
        for (const char* said : {"peephole", "Run 2", "1 iteration:", "One problem."})
            QVERIFY2(report.contains(QLatin1String(said)), qPrintable(report));
        QVERIFY2(!report.contains(QStringLiteral("writer")), qPrintable(report));
    }

    void aModelAloneIsEnough()
    {
        const CommandLine commandLine = forModel("alone.pt");
        QCOMPARE(render(commandLine), 0);
        QVERIFY(QFile::exists(commandLine.renderFolder + QStringLiteral("/window.png")));
    }

    void showsWhatIsFound()
    {
        CommandLine commandLine = forModel("resnet.pt");
        commandLine.find = QStringLiteral("kind:relu");
        QCOMPARE(render(commandLine), 0);
        QCOMPARE(m_selected, 1U);
        commandLine.find = QStringLiteral("nothing of this name");
        QCOMPARE(render(commandLine), 1);
        QCOMPARE(m_selected, 0U);
        QVERIFY(QFile::exists(commandLine.renderFolder + QStringLiteral("/window.png")));
    }

    void opensWhatIsNamed()
    {
        CommandLine commandLine = forModel("resnet.pt");
        commandLine.openBoxes = QStringList{QStringLiteral("/n3")};
        QCOMPARE(render(commandLine), 0);
        commandLine.openBoxes.append(QStringLiteral("/nosuch"));
        QCOMPARE(render(commandLine), 1);
        QVERIFY(QFile::exists(commandLine.renderFolder + QStringLiteral("/window.png")));
    }

    void endsWithTheCodeOfWhatWentWrong_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("pass");
        QTest::addColumn<int>("code");
        QTest::newRow("no model") << QStringLiteral("error") << QString()
                                  << exitCode(ErrorCode::UnusableFile);
        QTest::newRow("the engine dies")
            << QStringLiteral("crash") << QString() << exitCode(ErrorCode::EngineLost);
        QTest::newRow("a pass fails") << QStringLiteral("resnet.pt") << QStringLiteral("fail")
                                      << exitCode(ErrorCode::ModelFailed);
    }

    void endsWithTheCodeOfWhatWentWrong()
    {
        QFETCH(QString, model);
        QFETCH(QString, pass);
        QFETCH(int, code);
        CommandLine commandLine = forModel(qPrintable(model));
        if (!pass.isEmpty())
            commandLine.passes = {step(pass.toStdString())};
        QCOMPARE(render(commandLine), code);
        QVERIFY(!QFile::exists(commandLine.renderFolder + QStringLiteral("/window.png")));
    }

    void aFolderThatCannotBeMadeIsSaid()
    {
        CommandLine commandLine = forModel("resnet.pt");
        commandLine.renderFolder = commandLine.file + QStringLiteral("/below-a-file");
        QCOMPARE(render(commandLine), exitCode(ErrorCode::UnusableFile));
    }

private:
    static pipeline::Step step(const std::string& text) { return pipeline::readStep(text).value(); }

    [[nodiscard]] CommandLine forModel(const char* name) const
    {
        CommandLine commandLine;
        commandLine.file = m_folder->filePath(QString::fromLatin1(name));
        commandLine.renderFolder = m_folder->filePath(QStringLiteral("out"));
        QFile file(commandLine.file);
        if (!file.open(QIODevice::WriteOnly) || file.write(name) < 0)
            qFatal("%s cannot be written", qPrintable(commandLine.file));
        return commandLine;
    }

    // The exit code; -1 if it did not end.
    int render(const CommandLine& commandLine)
    {
        views::MainWindow window(
            [this] {
                return std::make_unique<views::Workspace>(
                    QStringLiteral(JITSCOPE_FAKE_ENGINE),
                    m_folder->filePath(QStringLiteral("documents")));
            },
            QString());
        window.resize(1200, 800);
        window.show();
        RenderJob job(window, commandLine);
        QSignalSpy finished(&job, &RenderJob::finished);
        job.start();
        if (finished.isEmpty())
            finished.wait(60'000);
        m_selected = window.workspace().selection().nodes().size();
        return finished.size() == 1 ? finished.front().front().toInt() : -1;
    }

    QTemporaryDir m_settings;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::size_t m_selected = 0; // nodes, after the last rendering
};

} // namespace jitscope::gui

QTEST_MAIN(jitscope::gui::RenderJobTest)
#include "render_job_test.moc"
