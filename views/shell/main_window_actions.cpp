// What the actions of the window do with the current page.
#include "views/shell/main_window.h"

#include "views/code/code_view.h"
#include "views/find/find_panel.h"
#include "views/graph/graph_view.h"
#include "views/palette/command_palette.h"
#include "views/passes/run_dialog.h"
#include "views/shell/archive_dialog.h"
#include "views/shell/document_saver.h"
#include "views/shell/document_tabs.h"
#include "views/shell/help_dialog.h"
#include "views/shell/keys_dialog.h"
#include "views/shell/message_bar.h"
#include "views/shell/open_documents.h"
#include "views/shell/operator_libraries_dialog.h"
#include "views/shell/report_exporter.h"
#include "views/shell/theme.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDesktopServices>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenuBar>
#include <QMessageBox>
#include <QSettings>
#include <QUrl>

namespace jitscope::views {

void MainWindow::connectActions()
{
    const auto on = [this](QAction* action, auto what) {
        connect(action, &QAction::triggered, this, what);
    };
    on(m_actions.open, [this] { askForFile(); });
    on(m_actions.newTab, [this] { newTab(); });
    on(m_actions.nextTab, [this] { m_tabs->next(); });
    on(m_actions.previousTab, [this] { m_tabs->previous(); });
    on(m_actions.saveDocument, [this] {
        m_saver->askAndSave(workspace().document().path(),
                            QFileInfo(workspace().filePath()).completeBaseName());
    });
    on(m_actions.operatorLibraries, [this] { askForLibraries(); });
    on(m_actions.reopen, [this] { page().openFile(workspace().filePath()); });
    on(m_actions.exportGraph, [this] { graphView().showExportDialog(); });
    on(m_actions.exportReport, [this] {
        m_reporter->askAndExport(workspace().document().path(),
                                 QFileInfo(workspace().filePath()).completeBaseName());
    });
    on(m_actions.archive, [this] { showArchive(); });
    on(m_actions.close, [this] { closePage(page()); });
    on(m_actions.quit, [this] { close(); });
    on(m_actions.undo, [this] { workspace().undo(); });
    on(m_actions.redo, [this] { workspace().redo(); });
    on(m_actions.run, [this] { askHowToRun(); });
    on(m_actions.runAgain, [this] { workspace().run(workspace().lastRun()); });
    on(m_actions.cancel, [this] { workspace().cancel(); });
    on(m_actions.back, [this] { workspace().selection().goBack(); });
    on(m_actions.forward, [this] { workspace().selection().goForward(); });
    on(m_actions.palette, [this] { m_palette->open(); });
    on(m_actions.goToModule, [this] { m_palette->open(QStringLiteral("@")); });
    on(m_actions.themeSystem, [this] { chooseTheme(static_cast<int>(Theme::System)); });
    on(m_actions.themeLight, [this] { chooseTheme(static_cast<int>(Theme::Light)); });
    on(m_actions.themeDark, [this] { chooseTheme(static_cast<int>(Theme::Dark)); });
    on(m_actions.help, [this] { showHelp(*this); });
    on(m_actions.keys, [this] { showKeys(*menuBar(), *this); });
    on(m_actions.about, [this] { showAbout(); });
    m_actions.restore->setChecked(restoresDocuments());
    connect(m_actions.restore, &QAction::toggled, this, &setRestoresDocuments);
    connect(m_method, &QComboBox::activated, this, [this](int index) {
        const QStringList choice = m_method->itemData(index).toStringList();
        showMethod(choice[0], choice[1]);
    });
    const int theme = QSettings().value(QStringLiteral("theme"), 0).toInt();
    for (QAction* action : {m_actions.themeSystem, m_actions.themeLight, m_actions.themeDark})
        action->setChecked(false);
    (theme == static_cast<int>(Theme::Dark)    ? m_actions.themeDark
     : theme == static_cast<int>(Theme::Light) ? m_actions.themeLight
                                               : m_actions.themeSystem)
        ->setChecked(true);
}

// In the code the keys of finding are about the shown text, elsewhere about the model.
void MainWindow::connectFind()
{
    const auto isInCode = [this] {
        return page().code().isAncestorOf(QApplication::focusWidget());
    };
    connect(m_actions.find, &QAction::triggered, this, [this, isInCode] {
        if (isInCode())
            page().code().find();
        else
            openFind(page().find().text());
    });
    connect(m_actions.findNext, &QAction::triggered, this, [this, isInCode] {
        if (isInCode())
            page().code().findNext();
        else if (page().find().text().isEmpty())
            openFind({});
        else
            page().find().next();
    });
    connect(m_actions.findPrevious, &QAction::triggered, this, [this, isInCode] {
        if (isInCode())
            page().code().findPrevious();
        else if (page().find().text().isEmpty())
            openFind({});
        else
            page().find().previous();
    });
}

void MainWindow::openFind(const QString& text)
{
    showDock(QStringLiteral("findDock"));
    page().find().setText(text);
    page().find().open();
}

void MainWindow::connectSaver()
{
    connect(m_saver, &DocumentSaver::written, this, [this](const QString& path) {
        page().message().showNotice(tr("Saved as %1.").arg(path));
    });
    connect(m_saver, &DocumentSaver::failed, this, [this](const Error& error) {
        if (error.code == ErrorCode::Cancelled)
            page().message().showNotice(tr("Saving was cancelled. Nothing was changed."));
        else
            page().message().showError(error);
    });
}

void MainWindow::connectReporter()
{
    auto* open = new QAction(tr("&Open it"), this);
    connect(open, &QAction::triggered, this,
            [open] { QDesktopServices::openUrl(open->data().toUrl()); });
    connect(m_reporter, &ReportExporter::written, this, [this, open](const QString& path) {
        open->setData(QUrl::fromLocalFile(path));
        page().message().showNotice(tr("The report is in %1.").arg(path), open);
    });
    connect(m_reporter, &ReportExporter::failed, this, [this](const Error& error) {
        if (error.code == ErrorCode::Cancelled)
            page().message().showNotice(tr("The report was cancelled. Nothing was written."));
        else
            page().message().showError(error);
    });
}

// One for each press: two of them can be compared.
void MainWindow::showArchive()
{
    auto* dialog = new ArchiveDialog(workspace().document().content(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->show();
}

void MainWindow::askForFile()
{
    const QStringList paths = QFileDialog::getOpenFileNames(
        this, tr("Open"), QFileInfo(workspace().filePath()).absolutePath(),
        tr("Models and documents (*.pt *.pth *.ts *.torchscript *.zip *.ptl *.ff *.mar "
           "*.jitscope);;"
           "Printed IR (*.txt *.log *.ir);;All files (*)"));
    for (const QString& path : paths)
        openFile(path);
}

void MainWindow::askForModel(const QString& recordedPath)
{
    auto* asking = qobject_cast<Workspace*>(sender());
    Workspace& answered = asking == nullptr ? workspace() : *asking;
    const QString path = QFileDialog::getOpenFileName(
        this, tr("Where is the model %1?").arg(QFileInfo(recordedPath).fileName()), recordedPath);
    answered.setModelPath(path);
}

void MainWindow::askForLibraries()
{
    auto* dialog =
        new OperatorLibrariesDialog(m_libraries.files(), workspace().missingOperators(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->add(workspace().missingLibraries());
    connect(dialog, &QDialog::accepted, this, [this, dialog] { m_libraries.set(dialog->files()); });
    dialog->open();
}

void MainWindow::showMethod(const QString& module, const QString& method)
{
    workspace().setMethod(module, method);
    graphView().showMethod(module, method);
}

void MainWindow::askHowToRun()
{
    Workspace& run = workspace();
    const auto content = run.document().content();
    const document::ModuleRow* module = content->moduleAt(run.module().toStdString());
    const document::FunctionRow* function =
        module == nullptr ? nullptr : content->functionOf(module->id, run.method().toStdString());
    const QString schema =
        function == nullptr ? QString() : QString::fromStdString(function->schema);
    QStringList devices;
    for (const std::string& device : run.engine().description().devices)
        devices << QString::fromStdString(device);
    auto* dialog = new RunDialog(inputArguments(schema), devices, run.lastRun(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, &run, [&run, dialog] { run.run(dialog->params()); });
    dialog->open();
}

void MainWindow::showAbout()
{
    const protocol::InitializeResult& engine = workspace().engine().description();
    QString text =
        tr("<h3>Jitscope %1</h3><p>Reads, optimises, runs and explains TorchScript models.</p>"
           "<p>Engine %2, LibTorch %3, Qt %4</p>")
            .arg(QApplication::applicationVersion(), QString::fromStdString(engine.engineVersion),
                 QString::fromStdString(engine.torchVersion), QString::fromLatin1(qVersion()));
    if (!engine.cudaRecording.empty())
        text += QStringLiteral("<p>%1</p>")
                    .arg(QString::fromStdString(engine.cudaRecording).toHtmlEscaped());
    QMessageBox::about(this, tr("About Jitscope"), text);
}

void MainWindow::chooseTheme(int theme)
{
    QSettings().setValue(QStringLiteral("theme"), theme);
    if (auto* application = qobject_cast<QApplication*>(QCoreApplication::instance()))
        applyTheme(*application, static_cast<Theme>(theme));
}

} // namespace jitscope::views
