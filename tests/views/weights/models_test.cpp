#include "views/weights/heat_colours_p.h"
#include "views/weights/plot_p.h"
#include "views/weights/tensor_filter_p.h"
#include "views/weights/tensor_table_model.h"

#include <QAbstractItemModelTester>
#include <QIcon>
#include <QLocale>
#include <QTest>

#include <limits>

namespace jitscope::views {

namespace {

using Statistics = std::vector<document::TensorStatisticsRow>;
constexpr auto fatal = QAbstractItemModelTester::FailureReportingMode::Fatal;

document::TensorRow tensor(std::int64_t id, const char* name, const char* role, const char* shape,
                           std::int64_t bytes, const char* storage)
{
    document::TensorRow row;
    row.id = id;
    row.name = name;
    row.role = role;
    row.dtype = "float32";
    row.device = "cpu";
    row.shape = shape;
    row.strides = "[1]";
    row.bytes = bytes;
    row.storage = storage;
    row.storage_bytes = bytes;
    return row;
}

std::shared_ptr<const DocumentContent> content()
{
    auto content = std::make_shared<DocumentContent>();
    content->info.push_back({"model_bytes", "10000"});
    content->modules.push_back({1, 0, "", "M", "M"});
    content->modules.push_back({2, 1, "layer1", "L", "L"});
    content->modules.push_back({3, 2, "layer1.conv", "C", "C"});
    content->modules.push_back({4, 1, "layer10", "L", "L"});
    content->tensors = {
        tensor(1, "layer1.conv.weight", "parameter", "[64, 3]", 768, "data/0"),
        tensor(2, "layer1.conv.tied", "parameter", "[64, 3]", 768, "data/0"),
        tensor(3, "layer10.bias", "buffer", "[]", 4, "data/1"),
        tensor(4, "layer1.states.key", "attribute", "[2, 2]", 16, ""),
        tensor(5, "constants/0", "constant", "[500]", 2000, "constants/0"),
    };
    return content;
}

document::TensorStatisticsRow measured(std::int64_t tensor, double minimum)
{
    document::TensorStatisticsRow row;
    row.tensor = tensor;
    row.measure = "value";
    row.elements = 100;
    row.minimum = minimum;
    row.maximum = minimum + 2;
    row.mean = minimum + 1;
    row.deviation = 0.5;
    row.histogram = "[100]";
    return row;
}

std::shared_ptr<const Statistics> statistics()
{
    document::TensorStatisticsRow bad = measured(2, -3);
    bad.nan = 2;
    bad.negative_infinity = 1;
    document::TensorStatisticsRow zero = measured(3, 0);
    zero.zeros = 100;
    document::TensorStatisticsRow unreadable;
    unreadable.tensor = 5;
    unreadable.minimum = std::numeric_limits<double>::quiet_NaN();
    unreadable.problem = "It is packed.";
    return std::make_shared<const Statistics>(Statistics{measured(1, -1), bad, zero, unreadable});
}

} // namespace

class ModelsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void modelsKeepTheirPromises()
    {
        TensorTableModel model;
        TensorFilter filter;
        filter.setSourceModel(&model);
        const QAbstractItemModelTester tester(&model, fatal);
        const QAbstractItemModelTester filtered(&filter, fatal);
        model.setContent(content());
        model.setStatistics(statistics());
        filter.sort(TensorTableModel::Minimum, Qt::DescendingOrder);
        filter.setText(QStringLiteral("conv"));
        model.setContent(std::make_shared<const DocumentContent>());
        QCOMPARE(model.rowCount(), 0);
    }

    void rowsAreReadable()
    {
        TensorTableModel model;
        model.setContent(content());
        const auto text = [&model](int row, int column) {
            return model.index(row, column).data().toString();
        };
        QCOMPARE(text(0, TensorTableModel::Name), QStringLiteral("layer1.conv.weight"));
        QCOMPARE(text(0, TensorTableModel::Shape), QStringLiteral("64 \u00d7 3"));
        QCOMPARE(text(2, TensorTableModel::Shape), QStringLiteral("scalar"));
        QCOMPARE(text(0, TensorTableModel::Elements), QStringLiteral("192"));
        QCOMPARE(text(2, TensorTableModel::Elements), QStringLiteral("1"));
        QCOMPARE(text(0, TensorTableModel::Share), QStringLiteral("7.68 %"));
        QCOMPARE(text(0, TensorTableModel::SharedWith), QStringLiteral("layer1.conv.tied"));
        QCOMPARE(text(3, TensorTableModel::SharedWith), QString());
        QCOMPARE(text(0, TensorTableModel::Minimum), QString());
        model.setStatistics(statistics());
        QCOMPARE(text(0, TensorTableModel::Minimum), QStringLiteral("-1"));
        QCOMPARE(text(1, TensorTableModel::NaN), QStringLiteral("2"));
        QCOMPARE(text(1, TensorTableModel::Infinite), QStringLiteral("1"));
        QCOMPARE(text(4, TensorTableModel::Minimum), QString());
    }

    void tensorsBelongToModules()
    {
        TensorTableModel model;
        model.setContent(content());
        QCOMPARE(model.module(0), QStringLiteral("layer1.conv"));
        QCOMPARE(model.module(2), QStringLiteral("layer10"));
        QCOMPARE(model.module(3), QStringLiteral("layer1")); // states is a dictionary
        QCOMPARE(model.module(4), QString());
    }

    void whatDeservesALookIsMarked()
    {
        TensorTableModel model;
        model.setContent(content());
        QVERIFY(model.mark(1) == TensorMark::None);
        model.setStatistics(statistics());
        QVERIFY(model.mark(0) == TensorMark::None);
        QVERIFY(model.mark(1) == TensorMark::NotFinite);
        QVERIFY(model.mark(2) == TensorMark::AllZero);
        QVERIFY(model.mark(3) == TensorMark::None);
        QVERIFY(model.mark(4) == TensorMark::Unreadable);
        QVERIFY(!model.index(1, 0).data(Qt::DecorationRole).value<QIcon>().isNull());
        QVERIFY(model.index(4, 0)
                    .data(Qt::ToolTipRole)
                    .toString()
                    .contains(QStringLiteral("It is packed.")));
    }

    void sharedStoragesCountOnce()
    {
        TensorTableModel model;
        model.setContent(content());
        QCOMPARE(model.storageBytes({0, 1}), 768);
        QCOMPARE(model.storageBytes({0, 1, 2, 3, 4}), 768 + 4 + 16 + 2000);
    }

    void rowsAreFiltered()
    {
        TensorTableModel model;
        TensorFilter filter;
        filter.setSourceModel(&model);
        model.setContent(content());
        model.setStatistics(statistics());
        const auto count = [&filter] { return filter.rowCount(); };
        filter.setText(QStringLiteral("LAYER1. param"));
        QCOMPARE(count(), 2);
        filter.setText({});
        filter.setRole(QStringLiteral("buffer"));
        QCOMPARE(count(), 1);
        filter.setRole({});
        filter.setMarkedOnly(true);
        QCOMPARE(count(), 3);
        filter.setMarkedOnly(false);
        filter.setModule(QStringLiteral("layer1"));
        QCOMPARE(count(), 3); // not those of layer10
        filter.setModule({});
        QCOMPARE(count(), 5);
        filter.clearModule();
        QCOMPARE(count(), 5);
    }

    void numbersAreSortedAsNumbers()
    {
        TensorTableModel model;
        TensorFilter filter;
        filter.setSourceModel(&model);
        model.setContent(content());
        model.setStatistics(statistics());
        const auto first = [&filter] { return filter.index(0, 0).data().toString(); };
        filter.sort(TensorTableModel::Bytes, Qt::DescendingOrder);
        QCOMPARE(first(), QStringLiteral("constants/0"));
        filter.sort(TensorTableModel::Bytes, Qt::AscendingOrder);
        QCOMPARE(first(), QStringLiteral("layer10.bias"));
        filter.sort(TensorTableModel::Minimum, Qt::AscendingOrder);
        QCOMPARE(first(), QStringLiteral("layer1.conv.tied"));
    }

    void ticksAreRound()
    {
        const std::vector<double> unit = roundTicks(0, 1, 5);
        QCOMPARE(unit.size(), 6U);
        QCOMPARE(unit[1], 0.2);
        QCOMPARE(unit[5], 1.0);
        const auto around = roundTicks(-0.37, 0.41, 4);
        QVERIFY(std::find(around.begin(), around.end(), 0.0) != around.end());
        QVERIFY(around.size() <= 5);
        QCOMPARE(roundTicks(3, 3, 5).size(), 1U);
        QVERIFY(roundTicks(0, std::numeric_limits<double>::max(), 5).size() <= 7);
    }

    void coloursTellSigns()
    {
        const HeatColours colours(QPalette(Qt::white), -1, 3);
        QVERIFY(colours.isDiverging());
        QCOMPARE(colours.from(), -3.0);
        QCOMPARE(colours.to(), 3.0);
        QVERIFY(colours.background(3).red() > colours.background(3).blue());
        QVERIFY(colours.background(-3).blue() > colours.background(-3).red());
        const double nan = std::numeric_limits<double>::quiet_NaN();
        QVERIFY(colours.background(nan) != colours.background(0));
        QVERIFY(!HeatColours().isValid());
    }
};

} // namespace jitscope::views

QTEST_MAIN(jitscope::views::ModelsTest)
#include "models_test.moc"
