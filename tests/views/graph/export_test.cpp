// Pictures as files: their size, and what a user is told of them.
#include "core/document/writer.h"
#include "tests/core/scene/graph_maker.h"
#include "views/graph/graph_export_p.h"
#include "views/graph/graph_view.h"

#include <QDialog>
#include <QFileInfo>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace jitscope;
using views::GraphView;

class ExportTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void imagesCanBeSeen_data()
    {
        QTest::addColumn<QSizeF>("picture");
        QTest::addColumn<QSize>("image");
        QTest::addColumn<bool>("isPart");
        // A margin of 24 is around the picture.
        QTest::newRow("small") << QSizeF(152, 252) << QSize(200, 300) << false;
        QTest::newRow("thin, but short") << QSizeF(2, 252) << QSize(50, 300) << false;
        QTest::newRow("large") << QSizeF(63'952, 15'952) << QSize(28'284, 7'071) << false;
        QTest::newRow("long") << QSizeF(152, 7'999'952) << QSize(200, 32'000) << true;
        QTest::newRow("wide") << QSizeF(7'999'952, 152) << QSize(32'000, 200) << true;
    }

    void imagesCanBeSeen()
    {
        QFETCH(const QSizeF, picture);
        QFETCH(const QSize, image);
        QFETCH(const bool, isPart);
        views::Picture drawn;
        drawn.bounds = QRectF({0, 0}, picture);
        views::ExportOptions options;
        options.scale = 1;
        QCOMPARE(views::imageSize(drawn, options), image);
        QCOMPARE(!views::imageRemark(drawn, options).isEmpty(), isPart);
    }

    void longImageShowsItsBeginning()
    {
        views::Picture picture;
        picture.bounds = QRectF(0, 0, 152, 1'000'000);
        picture.index();
        views::ExportOptions options;
        options.scale = 1;
        const QString file = m_folder.filePath(QStringLiteral("long.png"));
        QCOMPARE(
            views::exportPicture(picture, views::GraphStyle(QPalette(), QFont()), options, file),
            QString());
        QCOMPARE(QImage(file).size(), QSize(200, 32'000));
        QVERIFY(views::imageRemark(picture, options).contains(QStringLiteral("first 3.2 %")));
    }

    // A document that the program made for a model has a hash in its name.
    void fileIsNamedAfterTheModel()
    {
        const QString path = m_folder.filePath(QStringLiteral("net-0123456789ab.jitscope"));
        {
            document::Writer writer = document::Writer::create(path.toStdString()).value();
            QVERIFY(writer.setInfo("model_path", "/models/net.pt"));
            QVERIFY(writer.writeProgram(tests::residualNetwork()));
        }
        views::DocumentModel document;
        views::Selection selection;
        GraphView view(document, selection);
        view.resize(800, 600);
        view.show();
        QSignalSpy first(&view, &GraphView::firstFrame);
        document.open(path);
        QVERIFY(first.wait(20'000));
        view.showExportDialog();
        const auto* dialog = view.findChild<QDialog*>(QStringLiteral("graphExportDialog"));
        QVERIFY(dialog != nullptr);
        const auto* file = dialog->findChild<QLineEdit*>(QStringLiteral("exportPath"));
        QCOMPARE(QFileInfo(file->text()).fileName(), QStringLiteral("net.svg"));
    }

private:
    QTemporaryDir m_folder;
};

QTEST_MAIN(ExportTest)
#include "export_test.moc"
