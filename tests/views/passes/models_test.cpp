// The item models of the panel of stages and passes.
#include "views/passes/kind_difference_model.h"
#include "views/passes/pass_list_model.h"
#include "views/passes/stage_tree_model.h"

#include <QAbstractItemModelTester>
#include <QLocale>
#include <QTest>

namespace jitscope::views {

namespace {

document::StageRow stage(std::int64_t id, std::int64_t parent, const char* label)
{
    document::StageRow row;
    row.id = id;
    row.parent = parent;
    row.label = label;
    row.kind = id == 1 ? "loaded" : "pass";
    row.graph = id * 10;
    row.changed = 1;
    return row;
}

protocol::PassDescription pass(const char* name, const char* category, bool available = true)
{
    protocol::PassDescription description;
    description.name = name;
    description.label = std::string("Label of ") + name;
    description.category = category;
    description.effect = "Changes something.";
    description.available = available;
    description.reason = available ? "" : "There is no GPU.";
    return description;
}

QString shown(const QAbstractItemModel& model, const QModelIndex& index)
{
    return model.data(index, Qt::DisplayRole).toString();
}

} // namespace

class PassModelsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void stagesStandUnderTheOneTheyWereMadeFrom()
    {
        StageTreeModel model;
        const QAbstractItemModelTester tester(&model);
        model.setStages({stage(1, 0, "loaded"), stage(2, 1, "inlined"), stage(3, 2, "freeze"),
                         stage(4, 2, "peephole"), stage(5, 3, "fold")},
                        {{2, 1234}});
        QCOMPARE(model.rowCount(), 1);
        const QModelIndex inlined = model.indexOf(2);
        QCOMPARE(model.rowCount(inlined), 2);
        QCOMPARE(model.parent(inlined), model.indexOf(1));
        QCOMPARE(model.parent(model.indexOf(5)), model.indexOf(3));
        QCOMPARE(shown(model, model.indexOf(4)), QStringLiteral("peephole"));
        QCOMPARE(shown(model, inlined.siblingAtColumn(StageTreeModel::Nodes)),
                 QLocale().toString(1234));
        QCOMPARE(model.data(model.indexOf(5), StageTreeModel::stageRole).toLongLong(), 5);
        QVERIFY(!model.indexOf(6).isValid());
    }

    void theCurrentStageIsBold()
    {
        StageTreeModel model;
        model.setStages({stage(1, 0, "loaded"), stage(2, 1, "inlined")}, {});
        model.setCurrent(2);
        const auto isBold = [&model](std::int64_t id) {
            return model.data(model.indexOf(id), Qt::FontRole).value<QFont>().bold();
        };
        QVERIFY(isBold(2));
        QVERIFY(!isBold(1));
        model.setCurrent(1);
        QVERIFY(isBold(1));
        QVERIFY(!isBold(2));
    }

    void anUnchangedStageSaysSo()
    {
        StageTreeModel model;
        document::StageRow same = stage(2, 1, "fold");
        same.changed = 0;
        same.message = "There is no batch norm.";
        model.setStages({stage(1, 0, "loaded"), same}, {});
        QVERIFY(shown(model, model.indexOf(2)).contains(QStringLiteral("no change")));
        QCOMPARE(model.data(model.indexOf(2), Qt::ToolTipRole).toString(),
                 QStringLiteral("There is no batch norm."));
    }

    // What a crafted document may say of its stages.
    void stagesThatMakeNoTree_data()
    {
        QTest::addColumn<QList<QPair<qint64, qint64>>>("rows"); // id and parent
        using Rows = QList<QPair<qint64, qint64>>;
        QTest::newRow("its own parent") << Rows{{1, 1}};
        QTest::newRow("a circle") << Rows{{1, 2}, {2, 1}};
        QTest::newRow("no parent there") << Rows{{1, 0}, {7, 5}};
        QTest::newRow("id 0") << Rows{{0, 0}, {1, 0}};
        QTest::newRow("id below 0") << Rows{{-3, 0}, {1, -3}};
        QTest::newRow("a later parent") << Rows{{1, 0}, {2, 3}, {3, 1}};
    }

    void stagesThatMakeNoTree()
    {
        using Rows = QList<QPair<qint64, qint64>>;
        QFETCH(Rows, rows);
        std::vector<document::StageRow> stages;
        for (const auto& [id, parent] : rows)
            stages.push_back(stage(id, parent, "x"));
        StageTreeModel model;
        const QAbstractItemModelTester tester(&model);
        model.setStages(std::move(stages), {});
        QVERIFY(countBelow(model, {}, 20) <= rows.size());
    }

    void passesStandUnderTheirCategory()
    {
        PassListModel model;
        const QAbstractItemModelTester tester(&model);
        model.setPasses({pass("dce", "Clean up"), pass("freeze", "Frozen models"),
                         pass("cse", "Clean up"), pass("gpu", "Fusion", false)});
        QCOMPARE(model.rowCount(), 3);
        const QModelIndex cleanUp = model.index(0, 0);
        QCOMPARE(shown(model, cleanUp), QStringLiteral("Clean up"));
        QCOMPARE(model.rowCount(cleanUp), 2);
        QVERIFY(model.pass(cleanUp) == nullptr);
        QVERIFY(!(model.flags(cleanUp) & Qt::ItemIsSelectable));
        const QModelIndex cse = model.indexOf(QStringLiteral("cse"));
        QCOMPARE(cse.parent(), cleanUp);
        QCOMPARE(model.pass(cse)->name, std::string("cse"));
        QCOMPARE(shown(model, cse), QStringLiteral("Label of cse"));
        QCOMPARE(model.data(cse, Qt::ToolTipRole).toString(), QStringLiteral("Changes something."));
        QVERIFY(!model.indexOf(QStringLiteral("nothing")).isValid());
        model.setPasses({});
        QCOMPARE(model.rowCount(), 0);
    }

    void anUnavailablePassIsGreyAndSaysWhy()
    {
        PassListModel model;
        model.setPasses({pass("gpu", "Fusion", false)});
        const QModelIndex index = model.indexOf(QStringLiteral("gpu"));
        QVERIFY(!(model.flags(index) & Qt::ItemIsEnabled));
        QVERIFY(model.data(index, Qt::ToolTipRole)
                    .toString()
                    .contains(QStringLiteral("There is no GPU.")));
    }

    void whatChangedMostComesFirst()
    {
        KindDifferenceModel model;
        const QAbstractItemModelTester tester(&model);
        const KindDifferenceModel::Kinds before = {
            {"aten::batch_norm", 20}, {"aten::conv2d", 20}, {"prim::GetAttr", 90}};
        const KindDifferenceModel::Kinds after = {{"aten::conv2d", 20}, {"prim::Constant", 30}};
        model.setCounts(&before, after);
        QStringList kinds;
        QStringList differences;
        for (int row = 0; row < model.rowCount(); ++row) {
            kinds.append(shown(model, model.index(row, KindDifferenceModel::Kind)));
            differences.append(shown(model, model.index(row, KindDifferenceModel::Difference)));
        }
        QCOMPARE(kinds,
                 QStringList({QStringLiteral("prim::GetAttr"), QStringLiteral("prim::Constant"),
                              QStringLiteral("aten::batch_norm"), QStringLiteral("aten::conv2d")}));
        QCOMPARE(differences, QStringList({QStringLiteral("\u221290"), QStringLiteral("+30"),
                                           QStringLiteral("\u221220"), QString()}));
        QCOMPARE(shown(model, model.index(0, KindDifferenceModel::Before)), QStringLiteral("90"));
        QCOMPARE(shown(model, model.index(0, KindDifferenceModel::After)), QStringLiteral("0"));
    }

    void withoutAParentThereIsNothingToCompare()
    {
        KindDifferenceModel model;
        model.setCounts(nullptr, {{"aten::relu", 1}, {"aten::conv2d", 7}});
        QCOMPARE(shown(model, model.index(0, KindDifferenceModel::Kind)),
                 QStringLiteral("aten::conv2d"));
        QVERIFY(shown(model, model.index(0, KindDifferenceModel::Before)).isEmpty());
        QVERIFY(shown(model, model.index(0, KindDifferenceModel::Difference)).isEmpty());
        model.clear();
        QCOMPARE(model.rowCount(), 0);
    }

private:
    // Rows of the whole tree; stops where it is deeper than it can be.
    static int countBelow(const QAbstractItemModel& model, const QModelIndex& parent, int depth)
    {
        if (depth == 0)
            return 1'000'000;
        int count = 0;
        for (int row = 0; row < model.rowCount(parent); ++row)
            count += 1 + countBelow(model, model.index(row, 0, parent), depth - 1);
        return count;
    }
};

} // namespace jitscope::views

QTEST_MAIN(jitscope::views::PassModelsTest)
#include "models_test.moc"
