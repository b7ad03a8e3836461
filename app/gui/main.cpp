#include "app/gui/command_line.h"
#include "app/gui/render_job.h"
#include "views/icons/icon.h"
#include "views/shell/main_window.h"
#include "views/shell/theme.h"
#include "views/shell/workspace.h"

#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTimer>

#include <cstdio>
#include <memory>

namespace {

using namespace jitscope;

// The sample models: beside the source tree's build, or where a package installs them.
QString samplesFolder()
{
    const QDir program(QCoreApplication::applicationDirPath());
    const QStringList places = {program.filePath(QStringLiteral("../share/jitscope/samples")),
                                program.filePath(QStringLiteral("../../../resources/samples"))};
    for (const QString& place : places) {
        if (QFileInfo(place).isDir())
            return QDir::cleanPath(place);
    }
    return {};
}

views::Theme themeOf(const gui::CommandLine& commandLine)
{
    if (commandLine.theme == QLatin1String("light"))
        return views::Theme::Light;
    if (commandLine.theme == QLatin1String("dark"))
        return views::Theme::Dark;
    return static_cast<views::Theme>(QSettings().value(QStringLiteral("theme"), 0).toInt());
}

// The user's remembered layout and files are no part of a picture, and a picture leaves no trace in
// them.
void forgetSettings(const QString& folder)
{
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder);
}

// What Qt says of a machine without a desktop is nothing to tell a user.
void passOnMessages(QtMsgType type, const QMessageLogContext& context, const QString& text)
{
    if (!text.contains(QStringLiteral("This plugin does not support")) &&
        !text.contains(QStringLiteral("XDG_RUNTIME_DIR not set")))
        std::fprintf(stderr, "%s\n", qPrintable(qFormatLogMessage(type, context, text)));
}

// Every tab has an engine of its own; documents of models are made in one folder.
views::MainWindow::MakeWorkspace workspaces(const QString& documentsFolder)
{
    return [documentsFolder] {
        return std::make_unique<views::Workspace>(views::enginePath(), documentsFolder);
    };
}

int show(const gui::CommandLine& commandLine)
{
    const QDir cache(QStandardPaths::writableLocation(QStandardPaths::CacheLocation));
    views::MainWindow window(workspaces(cache.filePath(QStringLiteral("documents"))),
                             samplesFolder());
    window.show();
    window.restoreDocuments();
    if (!commandLine.file.isEmpty())
        window.openFile(commandLine.file);
    return QApplication::exec();
}

int render(const gui::CommandLine& commandLine, const QString& folder)
{
    views::MainWindow window(workspaces(folder), samplesFolder());
    window.resize(1600, 1000); // whatever the screen, or the lack of one
    window.show();
    gui::RenderJob job(window, commandLine);
    QObject::connect(&job, &gui::RenderJob::finished, qApp, &QCoreApplication::exit,
                     Qt::QueuedConnection);
    QTimer::singleShot(0, &job, &gui::RenderJob::start);
    return QApplication::exec();
}

} // namespace

int main(int argc, char** argv)
{
    qInstallMessageHandler(passOnMessages);
    // Without a display Qt ends the program before it could say what is wrong.
    const bool hasDisplay = gui::hasDisplay();
    if (!hasDisplay)
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("jitscope"));
    QCoreApplication::setOrganizationName(QStringLiteral("jitscope"));
    QCoreApplication::setApplicationVersion(QStringLiteral(JITSCOPE_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("jitscope"));
    QApplication::setWindowIcon(views::icon(QStringLiteral("jitscope")));

    const gui::ParsedCommandLine parsed = gui::parseCommandLine(QCoreApplication::arguments());
    switch (parsed.outcome) {
    case gui::CommandLineOutcome::Help:
    case gui::CommandLineOutcome::Version:
        std::printf("%s\n", qPrintable(parsed.text));
        return 0;
    case gui::CommandLineOutcome::Wrong:
        std::fprintf(stderr, "jitscope: %s\nTry 'jitscope --help'.\n", qPrintable(parsed.text));
        return exitCode(ErrorCode::InvalidArgument);
    case gui::CommandLineOutcome::Go:
        break;
    }
    const gui::CommandLine& commandLine = parsed.commandLine;
    if (commandLine.renderFolder.isEmpty() && !hasDisplay) {
        std::fprintf(stderr, "jitscope: There is no display to show a window on. With --render DIR "
                             "the window is drawn into files instead.\n");
        return exitCode(ErrorCode::Unavailable);
    }
    if (commandLine.renderFolder.isEmpty()) {
        views::applyTheme(application, themeOf(commandLine));
        return show(commandLine);
    }
    const QTemporaryDir scratch;
    forgetSettings(scratch.path());
    views::applyTheme(application, themeOf(commandLine));
    return render(commandLine, scratch.filePath(QStringLiteral("documents")));
}
