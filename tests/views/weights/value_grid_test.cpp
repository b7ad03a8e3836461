#include "tests/views/weights/fake_tensor_service.h"
#include "views/weights/value_grid_model_p.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

namespace jitscope::views {

using test::FakeTensorService;

namespace {

constexpr auto fatal = QAbstractItemModelTester::FailureReportingMode::Fatal;

QString textAt(const ValueGridModel& model, int row, int column)
{
    return model.index(row, column).data().toString();
}

} // namespace

class ValueGridTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsItsPromises()
    {
        FakeTensorService service;
        ValueGridModel model(service);
        const QAbstractItemModelTester tester(&model, fatal);
        model.setTensor(7, {100, 70}, "float32");
        QCOMPARE(model.rowCount(), 100);
        QCOMPARE(model.columnCount(), 70);
        QTRY_COMPARE(textAt(model, 0, 0), QStringLiteral("0.5"));
        model.setSlice(1, 0, {0, 0});
        QCOMPARE(model.rowCount(), 70);
        model.clear();
        QCOMPARE(model.rowCount(), 0);
    }

    void fetchesWhatIsLookedAt()
    {
        FakeTensorService service;
        ValueGridModel model(service);
        model.setTensor(7, {1000, 1000}, "float32");
        QCOMPARE(service.requests.size(), 0U);
        QCOMPARE(textAt(model, 500, 600), QStringLiteral("\u2026"));
        QTRY_COMPARE(textAt(model, 500, 600), QString::number(500'600.5, 'g', 5));
        QCOMPARE(service.requests.size(), 1U);
        const tensor::Slice& slice = service.requests[0].slice;
        QCOMPARE(service.requests[0].tensor, 7);
        QVERIFY(slice.firstRow <= 500 && slice.firstRow + slice.rows > 500);
        QVERIFY(slice.rows * slice.columns <= tensor::mostValues);
        (void)textAt(model, 501, 601); // of the same block
        QCoreApplication::processEvents();
        QCOMPARE(service.requests.size(), 1U);
    }

    void theLastBlockIsSmaller()
    {
        FakeTensorService service;
        ValueGridModel model(service);
        model.setTensor(1, {65, 33}, "float64");
        model.setFormat(NumberFormat::Exact);
        QTRY_COMPARE(textAt(model, 64, 32), QStringLiteral("64032.5"));
        QCOMPARE(service.requests.back().slice.rows, 1);
        QCOMPARE(service.requests.back().slice.columns, 1);
    }

    void otherDimensionsAreFixed()
    {
        FakeTensorService service;
        ValueGridModel model(service);
        model.setTensor(1, {4, 5, 6}, "float64");
        model.setSlice(2, 0, {0, 3, 0});
        model.setFormat(NumberFormat::Exact);
        QCOMPARE(model.rowCount(), 6);
        QCOMPARE(model.columnCount(), 4);
        QTRY_COMPARE(textAt(model, 5, 3), QStringLiteral("3005003.5"));
        QCOMPARE(model.index(5, 3).data(Qt::ToolTipRole).toString(),
                 QStringLiteral("[3, 3, 5] = 3005003.5"));
    }

    void scalarsAndVectorsAreTables()
    {
        FakeTensorService service;
        ValueGridModel model(service);
        model.setTensor(1, {}, "float32");
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.columnCount(), 1);
        QTRY_COMPARE(textAt(model, 0, 0), QStringLiteral("0.5"));
        model.setTensor(2, {30}, "float32");
        QCOMPARE(model.rowCount(), 30);
        QCOMPARE(model.columnCount(), 1);
        model.setTensor(3, {0, 3}, "float32");
        QCOMPARE(model.rowCount(), 0);
    }

    void kindsAreWritten()
    {
        FakeTensorService service;
        ValueGridModel model(service);
        service.kind = tensor::ValueKind::Signed;
        model.setTensor(1, {3}, "int64");
        QTRY_COMPARE(textAt(model, 2, 0), QStringLiteral("2000"));
        service.kind = tensor::ValueKind::Complex;
        model.setTensor(2, {3}, "complex64");
        QTRY_COMPARE(textAt(model, 1, 0), QStringLiteral("1000.5 \u2212 1.5i"));
    }

    void farPlacesAreReached()
    {
        FakeTensorService service;
        ValueGridModel model(service);
        model.setTensor(1, {10'000'000}, "float64");
        model.setFormat(NumberFormat::Exact);
        QCOMPARE(model.rowCount(), ValueGridModel::mostRows);
        const QModelIndex far = model.goTo(9'999'999, 0);
        QVERIFY(far.isValid());
        QCOMPARE(far.row(), ValueGridModel::mostRows - 1);
        QCOMPARE(model.headerData(far.row(), Qt::Vertical, Qt::DisplayRole).toString(),
                 QStringLiteral("9999999"));
        QTRY_COMPARE(far.data().toString(), QStringLiteral("9999999000.5"));
        const QModelIndex near = model.goTo(9'990'000, 0);
        QCOMPARE(model.firstRow(), 9'900'000); // it is shown already
        QCOMPARE(near.row(), 90'000);
        QVERIFY(!model.goTo(10'000'000, 0).isValid());
        QVERIFY(!model.goTo(-1, 0).isValid());
    }

    void selectionIsCopiedWhenItIsThere()
    {
        FakeTensorService service;
        ValueGridModel model(service);
        model.setTensor(1, {300, 3}, "float32");
        QSignalSpy arrived(&model, &ValueGridModel::blocksArrived);
        const auto copied = [&model] {
            return model.tabSeparated(model.index(0, 1), model.index(299, 2));
        };
        QVERIFY(!copied());
        QTRY_VERIFY(copied().has_value());
        const QStringList lines = copied()->split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 300);
        QCOMPARE(lines[0], QStringLiteral("1.5\t2.5"));
        QCOMPARE(lines[299], QStringLiteral("299001.5\t299002.5"));
        QVERIFY(arrived.size() >= 5);
    }

    void tooMuchIsNotCopied()
    {
        FakeTensorService service;
        ValueGridModel model(service);
        model.setTensor(1, {1000, 1000}, "float32");
        QSignalSpy failed(&model, &ValueGridModel::failed);
        QCOMPARE(model.tabSeparated(model.index(0, 0), model.index(999, 999)).value(), QString());
        QCOMPARE(failed.size(), 1);
        QVERIFY(service.requests.empty());
    }

    void aFailureIsToldOnce()
    {
        FakeTensorService service;
        service.fails = true;
        ValueGridModel model(service);
        QSignalSpy failed(&model, &ValueGridModel::failed);
        model.setTensor(1, {1000, 1000}, "float32");
        for (int row = 0; row < 1000; row += 64)
            (void)textAt(model, row, 0);
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(failed.front().front().toString().contains(QStringLiteral("engine is gone")));
        QTest::qWait(20);
        QCOMPARE(failed.size(), 1);
        QCOMPARE(textAt(model, 0, 0), QString());
    }

    void answersForAnEarlierSliceAreDropped()
    {
        FakeTensorService service;
        ValueGridModel model(service);
        model.setTensor(1, {4, 5}, "float64");
        (void)textAt(model, 1, 2);
        QTRY_COMPARE(service.requests.size(), 1U);
        model.setSlice(1, 0, {0, 0}); // before the answer
        QTest::qWait(10);
        QTRY_COMPARE(textAt(model, 2, 1), QStringLiteral("2001.5"));
        QCOMPARE(service.requests.back().slice.rowDimension, 1);
    }

    void heatFollowsTheNumbers()
    {
        FakeTensorService service;
        ValueGridModel model(service);
        model.setTensor(1, {3, 3}, "float32");
        QTRY_COMPARE(textAt(model, 2, 2), QStringLiteral("2002.5"));
        QCOMPARE(model.minimum(), 0.5);
        QCOMPARE(model.maximum(), 2002.5);
        QVERIFY(!model.index(0, 0).data(Qt::BackgroundRole).isValid());
        model.setHeat(HeatColours(QPalette(Qt::white), 0.5, 2002.5));
        QVERIFY(model.index(0, 0).data(Qt::BackgroundRole) !=
                model.index(2, 2).data(Qt::BackgroundRole));
    }
};

} // namespace jitscope::views

QTEST_MAIN(jitscope::views::ValueGridTest)
#include "value_grid_test.moc"
