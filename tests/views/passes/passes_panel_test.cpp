#include "views/passes/passes_panel.h"

#include "core/document/reader.h"
#include "tests/views/model/sample_document.h"
#include "views/passes/kind_difference_model.h"
#include "views/passes/pass_list_model.h"
#include "views/passes/stage_tree_model.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

#include <algorithm>

namespace jitscope::views {

class PassesPanelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        const QString path = m_folder->filePath(QStringLiteral("sample.jitscope"));
        test::writeSampleDocument(path.toStdString());
        m_document = std::make_unique<DocumentModel>();
        m_panel = std::make_unique<PassesPanel>(*m_document);
        QSignalSpy opened(m_document.get(), &DocumentModel::opened);
        m_document->open(path);
        QVERIFY(opened.wait());
        m_panel->setPasses({{"dce", "Dead code", "Clean up", "Removes it.", {}, {}, true, ""},
                            {"gpu", "Fuse on GPU", "Fusion", "Fuses.", {}, {}, false, "No GPU."},
                            {"all",
                             "All editors",
                             "Clean up",
                             "Has arguments.",
                             {},
                             {{"which", "simple or all", "simple", {"simple", "all"}},
                              {"shapes", "use shapes", "yes", {"yes", "no"}},
                              {"smallest", "nodes in a group", "2", {}},
                              {"inputs", "shapes of the inputs", "", {}}},
                             true,
                             ""}});
        m_panel->resize(400, 800);
        m_panel->show();
    }

    void cleanup()
    {
        m_panel.reset();
        m_document.reset();
    }

    void aClickOnAStageShowsIt()
    {
        auto* tree = child<QTreeView>("stageTree");
        QCOMPARE(tree->model()->rowCount(), 1);
        const QModelIndex freeze = find(*tree, QStringLiteral("freeze"));
        QVERIFY(freeze.isValid());
        click(*tree, freeze);
        QCOMPARE(m_document->currentStage(), freeze.data(StageTreeModel::stageRole).toLongLong());
    }

    void followsTheShownStageAndComparesItWithItsParent()
    {
        auto* tree = child<QTreeView>("stageTree");
        auto* table = child<QTableView>("differenceTable");
        m_document->setCurrentStage(3);
        QTRY_VERIFY(table->model()->rowCount() > 0);
        QCOMPARE(tree->currentIndex().data(StageTreeModel::stageRole).toLongLong(), 3);
        QCOMPARE(m_document->currentStage(), 3);
    }

    void appliesByButtonAndByDoubleClick()
    {
        QSignalSpy applied(m_panel.get(), &PassesPanel::applyRequested);
        auto* list = child<QTreeView>("passList");
        auto* button = child<QPushButton>("applyPass");
        QVERIFY(!button->isEnabled()); // nothing is chosen
        const QModelIndex dce = find(*list, QStringLiteral("Dead code"));
        click(*list, dce);
        QVERIFY(button->isEnabled());
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(applied.size(), 1);
        QCOMPARE(applied.at(0).at(0).toString(), QStringLiteral("dce"));
        QTest::mouseDClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(dce).center());
        QTRY_COMPARE(applied.size(), 2);
    }

    void argumentsAreSetByEditorsAndGoWithThePass()
    {
        std::map<std::string, std::string> given;
        int applied = 0;
        connect(m_panel.get(), &PassesPanel::applyRequested, this,
                [&](const QString&, const std::map<std::string, std::string>& arguments) {
                    given = arguments;
                    ++applied;
                });
        auto* list = child<QTreeView>("passList");
        auto* editors = child<QWidget>("passArguments");
        click(*list, find(*list, QStringLiteral("Dead code")));
        QVERIFY(!editors->isVisible()); // it has none
        click(*list, find(*list, QStringLiteral("All editors")));
        QVERIFY(editors->isVisible());
        auto* apply = child<QPushButton>("applyPass");
        QTest::mouseClick(apply, Qt::LeftButton);
        QCOMPARE(applied, 1);
        QVERIFY(given.empty()); // all as they are by default

        QTest::keyClick(child<QComboBox>("argument-which"), Qt::Key_Down);
        auto* shapes = child<QCheckBox>("argument-shapes");
        QVERIFY(shapes->isChecked());
        QTest::keyClick(shapes, Qt::Key_Space);
        auto* smallest = child<QSpinBox>("argument-smallest");
        QCOMPARE(smallest->value(), 2);
        QTest::keyClick(smallest, Qt::Key_Up);
        QTest::keyClicks(child<QLineEdit>("argument-inputs"), QStringLiteral("1x3x8x8"));
        for (QWidget* editor : editors->findChildren<QWidget*>())
            if (editor->objectName().startsWith(QStringLiteral("argument-")))
                QVERIFY(!editor->accessibleName().isEmpty() && !editor->toolTip().isEmpty());
        const std::map<std::string, std::string> all = {
            {"which", "all"}, {"shapes", "no"}, {"smallest", "3"}, {"inputs", "1x3x8x8"}};
        QTest::mouseClick(apply, Qt::LeftButton);
        QCOMPARE(given, all);
        // They are kept for the next time.
        click(*list, find(*list, QStringLiteral("Dead code")));
        QTest::mouseClick(apply, Qt::LeftButton);
        QVERIFY(given.empty());
        click(*list, find(*list, QStringLiteral("All editors")));
        QTest::mouseClick(apply, Qt::LeftButton);
        QCOMPARE(applied, 4);
        QCOMPARE(given, all);
    }

    void theLoadedStageCountsTheWholeProgram()
    {
        auto* table = child<QTableView>("differenceTable");
        QCOMPARE(m_document->currentStage(), 1);
        QTRY_VERIFY(table->model()->rowCount() > 0);
        QVERIFY(child<QLabel>("kindsTitle")->text().contains(QStringLiteral("whole program")));
        const document::Reader reader =
            document::Reader::open(m_document->path().toStdString()).value();
        // Every node of the stage is a row of the table `node`.
        const auto rows = reader
                              .query("SELECT k.text, count(*) FROM node n JOIN name k ON k.id = "
                                     "n.kind WHERE n.stage = 1 GROUP BY 1")
                              .value();
        QCOMPARE(table->model()->rowCount(), static_cast<int>(rows.rows.size()));
        for (int row = 0; row < table->model()->rowCount(); ++row) {
            const std::vector<std::string> shown = {table->model()
                                                        ->index(row, KindDifferenceModel::Kind)
                                                        .data()
                                                        .toString()
                                                        .toStdString(),
                                                    table->model()
                                                        ->index(row, KindDifferenceModel::After)
                                                        .data()
                                                        .toString()
                                                        .toStdString()};
            QVERIFY2(std::find(rows.rows.begin(), rows.rows.end(), shown) != rows.rows.end(),
                     shown.front().c_str());
            QVERIFY(table->model()->index(row, KindDifferenceModel::Before).data().isNull());
        }
        m_document->setCurrentStage(2); // one flat graph: not to be compared with that
        QTRY_VERIFY(child<QLabel>("kindsTitle")->text().endsWith(QStringLiteral(": inlined")));
        m_document->setCurrentStage(3);
        QTRY_VERIFY(
            child<QLabel>("kindsTitle")->text().endsWith(QStringLiteral("freeze against inlined")));
    }

    void nothingIsAppliedWhileTheEngineWorks()
    {
        QSignalSpy applied(m_panel.get(), &PassesPanel::applyRequested);
        auto* list = child<QTreeView>("passList");
        const QModelIndex dce = find(*list, QStringLiteral("Dead code"));
        click(*list, dce);
        m_panel->setBusy(true);
        QVERIFY(!child<QPushButton>("applyPass")->isEnabled());
        QTest::mouseDClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(dce).center());
        QTest::qWait(20);
        QCOMPARE(applied.size(), 0);
        m_panel->setBusy(false);
        QVERIFY(child<QPushButton>("applyPass")->isEnabled());
    }

    void anUnavailablePassIsNotApplied()
    {
        QSignalSpy applied(m_panel.get(), &PassesPanel::applyRequested);
        auto* list = child<QTreeView>("passList");
        const QModelIndex gpu = find(*list, QStringLiteral("Fuse on GPU"));
        QVERIFY(gpu.isValid());
        click(*list, gpu);
        QVERIFY(!child<QPushButton>("applyPass")->isEnabled());
        QTest::mouseDClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(gpu).center());
        QTest::qWait(20);
        QCOMPARE(applied.size(), 0);
    }

    void theFilterLeavesWhatMatches()
    {
        auto* list = child<QTreeView>("passList");
        auto* filter = child<QLineEdit>("passFilter");
        QTest::keyClicks(filter, QStringLiteral("dead"));
        QCOMPARE(list->model()->rowCount(), 1);
        QVERIFY(find(*list, QStringLiteral("Dead code")).isValid());
        QVERIFY(!find(*list, QStringLiteral("Fuse on GPU")).isValid());
        QTest::keyClicks(filter, QStringLiteral(" nothing like it"));
        QCOMPARE(list->model()->rowCount(), 0);
        filter->clear();
        QCOMPARE(list->model()->rowCount(), 2);
    }

    void growsWithTheDocumentAndEmptiesWithIt()
    {
        auto* tree = child<QTreeView>("stageTree");
        document::Writer writer = document::Writer::open(m_document->path().toStdString()).value();
        test::addSampleStage(writer, 3, "one more");
        m_document->refresh();
        QTRY_VERIFY(find(*tree, QStringLiteral("one more")).isValid());
        m_document->close();
        QCOMPARE(tree->model()->rowCount(), 0);
        QCOMPARE(child<QTableView>("differenceTable")->model()->rowCount(), 0);
        QVERIFY(!child<QPushButton>("applyPass")->isEnabled());
    }

private:
    template <typename T>
    [[nodiscard]] T* child(const char* name) const
    {
        T* found = m_panel->findChild<T*>(QString::fromLatin1(name));
        if (found == nullptr)
            qFatal("there is no %s", name);
        return found;
    }

    static QModelIndex find(const QTreeView& view, const QString& text)
    {
        const QModelIndexList found =
            view.model()->match(view.model()->index(0, 0), Qt::DisplayRole, text, 1,
                                Qt::MatchExactly | Qt::MatchRecursive);
        return found.isEmpty() ? QModelIndex() : found.front();
    }

    static void click(QTreeView& view, const QModelIndex& index)
    {
        view.scrollTo(index);
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, view.visualRect(index).center());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<DocumentModel> m_document;
    std::unique_ptr<PassesPanel> m_panel;
};

} // namespace jitscope::views

QTEST_MAIN(jitscope::views::PassesPanelTest)
#include "passes_panel_test.moc"
