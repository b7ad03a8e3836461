// The dialog that exports the graph: keys, and a file that is there already.
#include "tests/views/model/sample_document.h"
#include "views/graph/graph_view.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QFile>
#include <QLineEdit>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <memory>

namespace jitscope::views {

class ExportDialogTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        const QString path = m_folder.filePath(QStringLiteral("sample.jitscope"));
        test::writeSampleDocument(path.toStdString());
        m_document = std::make_unique<DocumentModel>();
        m_selection = std::make_unique<Selection>();
        m_view = std::make_unique<GraphView>(*m_document, *m_selection);
        m_view->resize(800, 600);
        m_view->show();
        QSignalSpy first(m_view.get(), &GraphView::firstFrame);
        m_document->open(path);
        QVERIFY(first.wait(20'000));
        QTRY_VERIFY(!m_view->isBusy());
        m_view->findChild<QAction*>(QStringLiteral("graphExport"))->trigger();
        m_dialog = m_view->findChild<QDialog*>(QStringLiteral("graphExportDialog"));
        QVERIFY(m_dialog != nullptr && m_dialog->isVisible());
        m_path = m_dialog->findChild<QLineEdit*>(QStringLiteral("exportPath"));
    }

    void cleanup()
    {
        m_view.reset();
        m_selection.reset();
        m_document.reset();
    }

    void returnExports()
    {
        const QString file = m_folder.filePath(QStringLiteral("return.svg"));
        m_path->setText(file);
        m_path->setFocus();
        QTest::keyClick(m_path, Qt::Key_Return);
        QTRY_VERIFY(m_dialog == nullptr);
        QVERIFY(QFile::exists(file));
    }

    void aFileThatIsThereIsReplacedOnlyWhenTheUserSaysSo()
    {
        const QString file = m_folder.filePath(QStringLiteral("there.svg"));
        QFile there(file);
        QVERIFY(there.open(QIODevice::WriteOnly) && there.write("mine") == 4);
        there.close();
        m_path->setText(file);
        auto* write = m_dialog->findChild<QPushButton*>(QStringLiteral("exportWrite"));

        answer(QMessageBox::RejectRole);
        write->click();
        QVERIFY(m_isAsked);
        QTest::qWait(100);
        QVERIFY(m_dialog != nullptr && m_dialog->isVisible());
        QVERIFY(there.open(QIODevice::ReadOnly));
        QCOMPARE(there.readAll(), QByteArray("mine"));
        there.close();

        answer(QMessageBox::AcceptRole);
        write->click();
        QVERIFY(m_isAsked);
        QTRY_VERIFY(m_dialog == nullptr);
        QVERIFY(there.open(QIODevice::ReadOnly));
        QVERIFY(there.readAll().contains("<svg"));
    }

private:
    // Presses a button of the question that comes next.
    void answer(QMessageBox::ButtonRole role)
    {
        m_isAsked = false;
        QTimer::singleShot(0, this, [this, role] {
            auto* question = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
            if (question == nullptr)
                return;
            m_isAsked = true;
            for (QAbstractButton* button : question->buttons()) {
                if (question->buttonRole(button) == role)
                    return button->click();
            }
        });
    }

    QTemporaryDir m_folder;
    std::unique_ptr<DocumentModel> m_document;
    std::unique_ptr<Selection> m_selection;
    std::unique_ptr<GraphView> m_view;
    QPointer<QDialog> m_dialog;
    QLineEdit* m_path = nullptr;
    bool m_isAsked = false;
};

} // namespace jitscope::views

QTEST_MAIN(jitscope::views::ExportDialogTest)
#include "export_dialog_test.moc"
