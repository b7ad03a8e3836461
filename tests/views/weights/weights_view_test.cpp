// The view on a document without an engine: what is shown, what is asked for, and the selection.
#include "views/weights/weights_view.h"

#include "tests/views/model/sample_document.h"
#include "tests/views/weights/fake_tensor_service.h"
#include "views/weights/channel_plot_p.h"
#include "views/weights/histogram_plot_p.h"

#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <limits>

namespace jitscope::views {

class WeightsViewTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = m_folder->filePath(QStringLiteral("sample.jitscope"));
        test::writeSampleDocument(m_path.toStdString());
        m_document = std::make_unique<DocumentModel>();
        m_selection = std::make_unique<Selection>();
        m_service = std::make_unique<test::FakeTensorService>();
        m_view = std::make_unique<WeightsView>(*m_document, *m_selection, *m_service);
        m_view->resize(1400, 500);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    }

    void cleanup()
    {
        m_view.reset();
        m_document.reset();
    }

    void saysThatNothingIsOpen()
    {
        QVERIFY(child<QLabel>("weightsEmpty")->isVisible());
        QVERIFY(child<QLabel>("weightsEmpty")->text().contains(QStringLiteral("Open a model")));
        QVERIFY(!child<QAction>("weightsComputeAll")->isEnabled());
    }

    void listsTheTensors()
    {
        open();
        QVERIFY(child<QTableView>("weightsTable")->isVisible());
        QCOMPARE(rows(), 2);
        QCOMPARE(cell(0, TensorTableModel::Name), QStringLiteral("features.0.weight"));
        const auto* summary = child<QLabel>("weightsSummary");
        QVERIFY(summary->text().startsWith(QStringLiteral("2 tensors, 9,472 elements")));
        child<QLineEdit>("weightsFilter")->setText(QStringLiteral("bias"));
        QCOMPARE(rows(), 1);
        QVERIFY(summary->text().startsWith(QStringLiteral("1 of 2 tensors")));
    }

    void asksForStatistics()
    {
        open();
        QVERIFY(!child<QAction>("weightsComputeSelected")->isEnabled());
        child<QAction>("weightsComputeAll")->trigger();
        QCOMPARE(m_service->computed.size(), 1U);
        QVERIFY(m_service->computed[0].empty());
        clickRow(1);
        child<QAction>("weightsComputeSelected")->trigger();
        QCOMPARE(m_service->computed[1], (TensorService::Ids{2}));
        m_service->setBusy(true);
        QVERIFY(!child<QAction>("weightsComputeAll")->isEnabled());
        m_service->setBusy(false);
        QVERIFY(child<QAction>("weightsComputeAll")->isEnabled());
    }

    void statisticsAppearWhenTheyAreThere()
    {
        open();
        clickRow(0);
        auto* histogram = child<HistogramPlot>("weightsHistogram");
        QVERIFY(histogram->accessibleDescription().contains(QStringLiteral("No statistics yet")));
        writeStatistics();
        QTRY_COMPARE(cell(0, TensorTableModel::Minimum), QStringLiteral("-2"));
        QVERIFY(child<QLabel>("tensorFacts")->text().contains(QStringLiteral("-2")));
        QTest::keyClick(histogram, Qt::Key_End);
        QVERIFY(histogram->accessibleDescription().contains(QStringLiteral("9,000")));
        auto* channels = child<ChannelPlot>("weightsChannels");
        QTRY_VERIFY((QTest::keyClick(channels, Qt::Key_Home), channels->place() == 0));
        QVERIFY(channels->accessibleDescription().contains(QStringLiteral("index 0: -2 to 1")));
        QTest::keyClick(channels, Qt::Key_Right);
        QVERIFY(channels->accessibleDescription().contains(QStringLiteral("no finite element")));
        child<QCheckBox>("weightsMarkedOnly")->setChecked(true);
        QCOMPARE(rows(), 1); // it holds a NaN
    }

    void aTensorSelectsTheNodesThatReadIt()
    {
        open();
        clickRow(0);
        QTRY_COMPARE(m_selection->nodes().size(), 1U);
        const document::NodeRef& node = m_selection->nodes().front();
        QCOMPARE(node.modulePath, std::string("features.0"));
        QCOMPARE(m_document->nodeIndex()->node(node.key)->kind, std::string("prim::GetAttr"));
        clickRow(1); // nothing reads the bias
        QTRY_VERIFY(m_selection->hasModule());
        QCOMPARE(m_selection->module(), QStringLiteral("features.0"));
    }

    void aModuleSelectsItsTensors()
    {
        open();
        m_selection->selectModule(QStringLiteral("features"), nullptr);
        QCOMPARE(selected(), 2);
        m_selection->selectModule(QStringLiteral("features.1"), nullptr);
        QCOMPARE(selected(), 0);
        auto* only = child<QCheckBox>("weightsModuleOnly");
        only->setChecked(true);
        QCOMPARE(rows(), 0);
        m_selection->selectModule(QStringLiteral("features.0"), nullptr);
        QCOMPARE(rows(), 2);
        only->setChecked(false);
        QCOMPARE(m_selection->module(), QStringLiteral("features.0")); // it was not changed back
    }

    void valuesAreFetchedWhenAskedFor()
    {
        open();
        clickRow(0);
        child<QTabWidget>("weightsTabs")->setCurrentIndex(1);
        QVERIFY(child<QPushButton>("weightsLoadValues")->isVisible());
        QTest::qWait(20);
        QVERIFY(m_service->requests.empty());
        QTest::mouseClick(child<QPushButton>("weightsLoadValues"), Qt::LeftButton);
        auto* grid = child<QTableView>("weightsGrid");
        QVERIFY(grid->isVisible());
        QCOMPARE(grid->model()->rowCount(), 64);
        QCOMPARE(grid->model()->columnCount(), 3);
        QTRY_COMPARE(grid->model()->index(1, 2).data().toString(), QStringLiteral("1002.5"));

        child<QSpinBox>("weightsIndex2")->setValue(4);
        QTRY_COMPARE(grid->model()->index(0, 0).data().toString(), QStringLiteral("4e+06"));
        QVERIFY(!child<QSpinBox>("weightsIndex0")->isVisible());
        auto* columns = child<QComboBox>("weightsColumns");
        columns->setCurrentIndex(4); // dimension 3
        Q_EMIT columns->activated(4);
        QCOMPARE(grid->model()->columnCount(), 7);
        columns->setCurrentIndex(1); // that of the rows: they change places
        Q_EMIT columns->activated(1);
        QCOMPARE(child<QComboBox>("weightsRows")->currentIndex(), 4);
        QCOMPARE(grid->model()->rowCount(), 7);

        clickRow(1); // no second question
        QTRY_COMPARE(grid->model()->rowCount(), 64);
        QTRY_COMPARE(grid->model()->index(3, 0).data().toString(), QStringLiteral("3000.5"));
    }

    void valuesAreCopied()
    {
        showValues();
        auto* grid = child<QTableView>("weightsGrid");
        grid->selectionModel()->select(
            QItemSelection(grid->model()->index(0, 0), grid->model()->index(1, 1)),
            QItemSelectionModel::ClearAndSelect);
        QSignalSpy told(m_view.get(), &WeightsView::statusMessage);
        child<QAction>("weightsCopyValues")->trigger();
        QTRY_COMPARE(QGuiApplication::clipboard()->text(),
                     QStringLiteral("0.5\t1.5\n1000.5\t1001.5\n"));
        QVERIFY(!told.isEmpty());
    }

    void placesAreGoneTo()
    {
        showValues();
        auto* place = child<QLineEdit>("weightsGoTo");
        place->setText(QStringLiteral("40, 2"));
        QTest::keyClick(place, Qt::Key_Return);
        auto* grid = child<QTableView>("weightsGrid");
        QCOMPARE(grid->currentIndex().row(), 40);
        QCOMPARE(grid->currentIndex().column(), 2);
        QSignalSpy told(m_view.get(), &WeightsView::statusMessage);
        place->setText(QStringLiteral("64, 0"));
        QTest::keyClick(place, Qt::Key_Return);
        QCOMPARE(told.size(), 1);
    }

    void aLostEngineIsSaid()
    {
        m_service->fails = true;
        open();
        clickRow(0);
        child<QTabWidget>("weightsTabs")->setCurrentIndex(1);
        QTest::mouseClick(child<QPushButton>("weightsLoadValues"), Qt::LeftButton);
        auto* reason = child<QLabel>("weightsValuesReason");
        QTRY_VERIFY(reason->isVisible() &&
                    reason->text().contains(QStringLiteral("engine is gone")));
        m_service->fails = false;
        QTest::mouseClick(child<QPushButton>("weightsLoadValues"), Qt::LeftButton);
        QTRY_COMPARE(child<QTableView>("weightsGrid")->model()->index(0, 0).data().toString(),
                     QStringLiteral("0.5"));
    }

    void rowsAreCopied()
    {
        open();
        clickRow(0);
        child<QAction>("weightsCopy")->trigger();
        const QStringList lines =
            QGuiApplication::clipboard()->text().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 2);
        QVERIFY(lines[0].startsWith(QStringLiteral("Name\t")));
        QVERIFY(lines[1].startsWith(QStringLiteral("features.0.weight\t")));
        QCOMPARE(lines[0].count(QLatin1Char('\t')), lines[1].count(QLatin1Char('\t')));
    }

    void closingEmptiesIt()
    {
        showValues();
        m_document->close();
        QVERIFY(child<QLabel>("weightsEmpty")->isVisible());
        QCOMPARE(child<QTableView>("weightsGrid")->model()->rowCount(), 0);
    }

private:
    template <typename T>
    [[nodiscard]] T* child(const char* name) const
    {
        T* found = m_view->findChild<T*>(QString::fromLatin1(name));
        if (found == nullptr)
            qFatal("the view has no %s", name);
        return found;
    }

    void open()
    {
        QSignalSpy opened(m_document.get(), &DocumentModel::opened);
        m_document->open(m_path);
        QVERIFY(opened.wait());
    }

    void showValues()
    {
        open();
        clickRow(0);
        child<QTabWidget>("weightsTabs")->setCurrentIndex(1);
        QTest::mouseClick(child<QPushButton>("weightsLoadValues"), Qt::LeftButton);
        auto* grid = child<QTableView>("weightsGrid");
        QTRY_COMPARE(grid->model()->index(0, 0).data().toString(), QStringLiteral("0.5"));
    }

    void writeStatistics()
    {
        {
            document::Writer writer = document::Writer::open(m_path.toStdString()).value();
            document::TensorStatisticsRow row;
            row.tensor = 1;
            row.measure = "value";
            row.elements = 9408;
            row.nan = 1;
            row.minimum = -2;
            row.maximum = 1;
            row.mean = 0.25;
            row.deviation = 0.5;
            row.histogram = "[407, 0, 9000]";
            row.channels = 64;
            row.channel_step = 1;
            const double none = std::numeric_limits<double>::quiet_NaN();
            const std::array<document::TensorChannelRow, 2> channels = {
                {{1, 0, -2, 1}, {1, 1, none, none}}};
            QVERIFY(writer
                        .writeTensorStatistics(
                            std::span<const document::TensorStatisticsRow>(&row, 1), channels)
                        .has_value());
        }
        m_document->refreshTensorStatistics();
    }

    [[nodiscard]] int rows() const
    {
        return child<QTableView>("weightsTable")->model()->rowCount();
    }
    [[nodiscard]] QString cell(int row, int column) const
    {
        return child<QTableView>("weightsTable")->model()->index(row, column).data().toString();
    }
    [[nodiscard]] int selected() const
    {
        const auto* table = child<QTableView>("weightsTable");
        return static_cast<int>(table->selectionModel()->selectedRows().size());
    }
    void clickRow(int row) const
    {
        auto* table = child<QTableView>("weightsTable");
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {},
                          table->visualRect(table->model()->index(row, 0)).center());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
    std::unique_ptr<DocumentModel> m_document;
    std::unique_ptr<Selection> m_selection;
    std::unique_ptr<test::FakeTensorService> m_service;
    std::unique_ptr<WeightsView> m_view;
};

} // namespace jitscope::views

QTEST_MAIN(jitscope::views::WeightsViewTest)
#include "weights_view_test.moc"
