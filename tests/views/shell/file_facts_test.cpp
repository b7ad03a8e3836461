// What the window tells of the file itself: problems, facts, records, and the report of it all.
#include "tests/views/shell/file_dialog.h"
#include "tests/views/shell/window_fixture.h"
#include "views/shell/archive_dialog.h"
#include "views/shell/archive_model.h"
#include "views/shell/file_description.h"
#include "views/shell/message_bar.h"
#include "views/shell/report_exporter.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QDialog>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QTreeWidget>

namespace jitscope::views {

class FileFactsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QSettings().clear();
        m = std::make_unique<WindowFixture>();
        QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
        m->start();
    }

    void cleanup() { m.reset(); }

    void aDocumentTellsTheProblemsOfItsFile()
    {
        m->open(damaged());
        MessageBar& bar = m->window->page().fileProblems();
        QVERIFY(bar.isVisible());
        QVERIFY2(bar.text().contains(
                     QStringLiteral("The content does not fit its checksum. (data/0)")) &&
                     bar.text().contains(QStringLiteral("Copy it again.")) &&
                     bar.text().contains(QStringLiteral("1 more")),
                 qPrintable(bar.text()));
        auto* log = m->child<QPlainTextEdit>("logText");
        for (const char* said : {"The content does not fit its checksum. (data/0) Copy it again.",
                                 "It would write files."})
            QCOMPARE(log->toPlainText().count(QLatin1String(said)), 1);
        auto* dock = m->child<QDockWidget>("logDock");
        QVERIFY(dock->visibleRegion().isEmpty());
        QTest::mouseClick(bar.findChild<QPushButton*>(QStringLiteral("messageAction")),
                          Qt::LeftButton);
        QTRY_VERIFY(!dock->visibleRegion().isEmpty());
        // Another file has none of them.
        m->child<QAction>("actionNewTab")->trigger();
        m->open(m->document("sound.jitscope"));
        QVERIFY(!m->window->page().fileProblems().isVisible());
    }

    void narrowPropertiesLeaveRoomForTheirValues()
    {
        m->open(damaged());
        auto* panel = m->child<QWidget>("propertiesPanel");
        const auto* tree = m->child<QTreeWidget>("propertyTree");
        panel->resize(600, 400);
        const int wide = tree->columnWidth(0);
        panel->resize(200, 400);
        QVERIFY2(wide > 80, qPrintable(QString::number(wide))); // what the names need
        QVERIFY2(tree->columnWidth(0) <= 80, qPrintable(QString::number(tree->columnWidth(0))));
        panel->resize(600, 400);
        QCOMPARE(tree->columnWidth(0), wide);
    }

    void propertiesDescribeTheFile()
    {
        m->open(damaged());
        const auto text = [this] {
            QStringList lines;
            const auto* tree = m->child<QTreeWidget>("propertyTree");
            for (int i = 0; i < tree->topLevelItemCount(); ++i) {
                const QTreeWidgetItem* top = tree->topLevelItem(i);
                lines << top->text(0);
                for (int j = 0; j < top->childCount(); ++j)
                    lines << top->child(j)->text(0) + QLatin1Char('|') + top->child(j)->text(1);
            }
            return lines.join(QLatin1Char('\n'));
        };
        const QStringList said = {QStringLiteral("Problems of the file"),
                                  QStringLiteral("Kind|TorchScript archive"),
                                  QStringLiteral("Format version|3"),
                                  QStringLiteral("Written by|PyTorch"),
                                  QStringLiteral("Byte order|little"),
                                  QStringLiteral("Made by|tracing"),
                                  QStringLiteral("Traced forward with|float32 1x3x4x4"),
                                  QStringLiteral("Records|3, "),
                                  QStringLiteral("Code files|1"),
                                  QStringLiteral("Checksums|2 hold, 1 do not"),
                                  QStringLiteral("Bytecode|version 9, 1 function"),
                                  QStringLiteral("Handler|handler.py"),
                                  QStringLiteral("aten::conv2d|2 calls")};
        for (const QString& line : said) // nothing is selected
            QVERIFY2(text().contains(line), qPrintable(line + QStringLiteral(" in\n") + text()));
        m->window->workspace().selection().selectModule({}, nullptr);
        QTRY_VERIFY(text().startsWith(QLatin1Char('M')));
        for (const QString& line : said)
            QVERIFY2(text().contains(line), qPrintable(line + QStringLiteral(" in\n") + text()));
        m->window->workspace().selection().selectModule(QStringLiteral("features.0"), nullptr);
        QTRY_VERIFY(!text().contains(QStringLiteral("Byte order")));
    }

    void whatIsNoFactsIsLeftOut_data()
    {
        QTest::addColumn<QByteArray>("facts");
        QTest::newRow("none") << QByteArray();
        QTest::newRow("no JSON") << QByteArray("{");
        QTest::newRow("a list") << QByteArray("[1]");
        QTest::newRow("other types")
            << QByteArray(R"({"kind": 3, "served": [], "bytecode": "x", "called_operators": {},
                              "sample_inputs": [4], "checksums": null, "runs_at_load": "x"})");
    }

    void whatIsNoFactsIsLeftOut()
    {
        QFETCH(QByteArray, facts);
        DocumentContent content;
        content.info.push_back({"file_facts", facts.toStdString()});
        const Description description = describeFile(content);
        QCOMPARE(description.empty(), qstrcmp(QTest::currentDataTag(), "other types") != 0);
    }

    void theArchiveIsATable()
    {
        m->open(damaged());
        m->child<QAction>("actionArchive")->trigger();
        auto* dialog = m->child<QDialog>("archiveDialog");
        QVERIFY(dialog->isVisible() && !dialog->isModal());
        auto* table = dialog->findChild<QTableView*>(QStringLiteral("archiveTable"));
        auto* summary = dialog->findChild<QLabel*>(QStringLiteral("archiveSummary"));
        const auto* model = table->model();
        QCOMPARE(model->rowCount(), 3);
        const auto cell = [model](int row, int column) {
            return model->index(row, column).data().toString();
        };
        QCOMPARE(cell(0, ArchiveModel::Name), QStringLiteral("data/0"));
        QCOMPARE(cell(0, ArchiveModel::Checksum), QStringLiteral("does not fit"));
        QCOMPARE(cell(1, ArchiveModel::Stored), QStringLiteral("500 bytes (50 %)"));
        QCOMPARE(cell(2, ArchiveModel::Name), QStringLiteral("m.pt \u203a version"));
        QVERIFY(summary->text().startsWith(QStringLiteral("3 records")));
        table->sortByColumn(ArchiveModel::Size, Qt::AscendingOrder); // by bytes, not by text
        QCOMPARE(cell(0, ArchiveModel::Content), QStringLiteral("version of the file format"));
        QCOMPARE(cell(2, ArchiveModel::Name), QStringLiteral("data/0"));
        dialog->findChild<QLineEdit*>(QStringLiteral("archiveFilter"))
            ->setText(QStringLiteral("code"));
        QCOMPARE(model->rowCount(), 1);
        QVERIFY(summary->text().startsWith(QStringLiteral("1 of 3 records, 1")));
        dialog->close();
    }

    void theArchiveModelIsAModel()
    {
        auto content = std::make_shared<DocumentContent>();
        content->records.push_back({1, "", "data/0", 0, 0, 1, "unread", "weights"});
        content->records.push_back({2, "", "data/1", 4, 8, 1, "holds", "weights"});
        const ArchiveModel model(content);
        const QAbstractItemModelTester tester(const_cast<ArchiveModel*>(&model));
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0, ArchiveModel::Checksum).data().toString(),
                 QStringLiteral("not read"));
    }

    void aDocumentWithoutRecordsSaysSo()
    {
        m->open(m->document("old.jitscope"));
        m->child<QAction>("actionArchive")->trigger();
        auto* dialog = m->child<QDialog>("archiveDialog");
        QVERIFY(dialog->findChild<QLabel*>(QStringLiteral("archiveEmpty"))->isVisible());
        QVERIFY(!dialog->findChild<QTableView*>(QStringLiteral("archiveTable"))->isVisible());
    }

    void theReportIsWrittenWhereTheUserSays()
    {
        QVERIFY(!m->child<QAction>("actionExportReport")->isEnabled());
        m->open(damaged());
        const QString target = m->folder.filePath(QStringLiteral("report.html"));
        tests::answerFileDialog(target);
        m->child<QAction>("actionExportReport")->trigger();
        MessageBar& bar = m->window->page().message();
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(target), 20'000);
        QTRY_VERIFY2(bar.text().contains(target), qPrintable(bar.text()));
        QVERIFY(bar.findChild<QPushButton*>(QStringLiteral("messageAction"))->isVisible());
        QFile page(target);
        QVERIFY(page.open(QIODevice::ReadOnly));
        const QByteArray html = page.readAll();
        QVERIFY(html.startsWith("<!DOCTYPE html>") || html.startsWith("<!doctype html>"));
        QVERIFY(html.contains("features"));

        // What cannot be written is said, and leaves no file.
        ReportExporter exporter(m->window.get());
        QSignalSpy failed(&exporter, &ReportExporter::failed);
        exporter.write(m->window->workspace().document().path(),
                       QStringLiteral("/nowhere/report.html"));
        QVERIFY(exporter.isBusy());
        QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 20'000);
        const auto error = failed.front().front().value<Error>();
        QCOMPARE(error.where, std::string("/nowhere/report.html"));
        QVERIFY(!exporter.isBusy());
    }

private:
    // A document whose file had something wrong.
    [[nodiscard]] QString damaged() const
    {
        const QString path = m->document("damaged.jitscope");
        document::Writer writer = document::Writer::open(path.toStdString()).value();
        const document::ProblemRow problems[] = {
            {0, "checksum", "data/0", "The content does not fit its checksum.", "Copy it again."},
            {0, "writes-files", "", "It would write files.", ""}};
        const document::ArchiveRecordRow records[] = {
            {0, "", "data/0", 4000, 4000, 7, "fails", "weights"},
            {0, "", "code/m.py", 1000, 500, 8, "holds", "TorchScript code"},
            {0, "m.pt", "version", 2, 2, 9, "holds", "version of the file format"}};
        if (!writer.writeFile(problems, records) || !writer.setInfo("file_facts", R"({
            "kind": "torchscript", "file_format_version": 3, "producer": "PyTorch 2.11",
            "byte_order": "little", "origin": "traced", "has_code": true, "model_hash": "00ff",
            "checksums": {"verified": 2, "failed": 1, "unverified": 0, "unverified_bytes": 0},
            "sample_inputs": [{"method": "forward", "arguments": ["float32 1x3x4x4"]}],
            "bytecode": {"version": 9, "functions": [{"name": "f"}]},
            "served": {"name": "net", "version": "1.0", "handler": "handler.py"},
            "called_operators": [{"name": "aten::conv2d", "calls": 2}]})"))
            qFatal("no document");
        return path;
    }

    std::unique_ptr<WindowFixture> m;
};

} // namespace jitscope::views

QTEST_MAIN(jitscope::views::FileFactsTest)
#include "file_facts_test.moc"
