#include "views/shell/module_tree.h"

#include "tests/views/model/sample_document.h"

#include <QAbstractItemModelTester>
#include <QLineEdit>
#include <QLocale>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

namespace jitscope::views {

class ModuleTreeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        const QString path = m_folder->filePath(QStringLiteral("sample.jitscope"));
        test::writeSampleDocument(path.toStdString());
        m_document = std::make_unique<DocumentModel>();
        m_selection = std::make_unique<Selection>();
        m_panel = std::make_unique<ModuleTree>(*m_document, *m_selection);
        QSignalSpy opened(m_document.get(), &DocumentModel::opened);
        m_document->open(path);
        QVERIFY(opened.wait());
        m_panel->resize(400, 600);
        m_panel->show();
    }

    void cleanup()
    {
        m_panel.reset();
        m_document.reset();
    }

    void modulesStandUnderTheirParentWithTheirParameters()
    {
        ModuleTreeModel model;
        const QAbstractItemModelTester tester(&model);
        model.setContent(m_document->content());
        const QModelIndex root = model.indexOf({});
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(text(model, root, ModuleTreeModel::Class), QStringLiteral("M"));
        const QModelIndex features = model.indexOf(QStringLiteral("features"));
        QCOMPARE(features.parent(), root);
        QCOMPARE(model.rowCount(features), 2);
        const QModelIndex conv = model.indexOf(QStringLiteral("features.0"));
        QCOMPARE(text(model, conv, ModuleTreeModel::Name), QStringLiteral("0"));
        QCOMPARE(text(model, conv, ModuleTreeModel::Class), QStringLiteral("Conv2d"));
        const QString parameters = QLocale().toString(64 * 3 * 7 * 7 + 64);
        QCOMPARE(text(model, conv, ModuleTreeModel::Parameters), parameters);
        QCOMPARE(text(model, root, ModuleTreeModel::Parameters), parameters); // all below
        QVERIFY(!model.indexOf(QStringLiteral("features.9")).isValid());
        model.setContent(std::make_shared<const DocumentContent>());
        QCOMPARE(model.rowCount(), 0);
    }

    // What a crafted document may say of its modules.
    void modulesThatMakeNoTree()
    {
        auto content = std::make_shared<DocumentContent>();
        content->modules.push_back({1, 1, "", "M", "M"});     // its own parent
        content->modules.push_back({2, 3, "a", "A", "A"});    // a later parent
        content->modules.push_back({3, 2, "b", "B", "B"});    // a circle
        content->modules.push_back({3, 99, "b.c", "C", "C"}); // an id twice, no such parent
        content->modules.push_back({4, 3, "", "D", "D"});     // a path twice
        document::TensorRow tensor;
        tensor.name = "a.weight";
        tensor.role = "parameter";
        tensor.shape = "[not a list";
        content->tensors.push_back(tensor);
        tensor.shape = "[9223372036854775807, 9223372036854775807]";
        content->tensors.push_back(tensor);
        tensor.shape = "[-4, 3]";
        content->tensors.push_back(tensor);
        ModuleTreeModel model;
        const QAbstractItemModelTester tester(&model);
        model.setContent(content);
        QCOMPARE(model.rowCount(), 1);
        QVERIFY(model.indexOf(QStringLiteral("b")).isValid());
        // A shape that is no list has one element, as that of a scalar; the others count for
        // nothing.
        QCOMPARE(text(model, model.indexOf(QStringLiteral("a")), ModuleTreeModel::Parameters),
                 QStringLiteral("1"));
    }

    void aClickSelectsTheModule()
    {
        QTreeView* tree = view();
        const QModelIndex conv = find(QStringLiteral("features.0"));
        QVERIFY(conv.isValid());
        tree->expandAll();
        QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, tree->visualRect(conv).center());
        QVERIFY(m_selection->hasModule());
        QCOMPARE(m_selection->module(), QStringLiteral("features.0"));
    }

    void followsTheSelection()
    {
        m_selection->selectModule(QStringLiteral("features.1"), this);
        QCOMPARE(pathOf(view()->currentIndex()), QStringLiteral("features.1"));
        m_selection->selectNodes({m_document->nodeIndex()->refOf("features.0", 101)}, this);
        QCOMPARE(pathOf(view()->currentIndex()), QStringLiteral("features.0"));
        QVERIFY(!m_selection->hasModule()); // following is not selecting
    }

    void theFilterKeepsTheWayToWhatMatches()
    {
        auto* filter = m_panel->findChild<QLineEdit*>(QStringLiteral("moduleFilter"));
        QTest::keyClicks(filter, QStringLiteral("relu"));
        QTRY_VERIFY(!find(QStringLiteral("features.0")).isValid());
        QVERIFY(find(QStringLiteral("features.1")).isValid());
        filter->clear();
        QTRY_VERIFY(find(QStringLiteral("features.0")).isValid());
    }

    void emptiesWithTheDocument()
    {
        m_document->close();
        QCOMPARE(view()->model()->rowCount(), 0);
    }

private:
    static QString text(const ModuleTreeModel& model, const QModelIndex& index, int column)
    {
        return model.data(index.siblingAtColumn(column), Qt::DisplayRole).toString();
    }

    [[nodiscard]] QTreeView* view() const
    {
        auto* tree = m_panel->findChild<QTreeView*>(QStringLiteral("moduleTree"));
        if (tree == nullptr)
            qFatal("there is no module tree");
        return tree;
    }

    static QString pathOf(const QModelIndex& index)
    {
        return index.data(ModuleTreeModel::pathRole).toString();
    }

    [[nodiscard]] QModelIndex find(const QString& path) const
    {
        const QModelIndexList found =
            view()->model()->match(view()->model()->index(0, 0), ModuleTreeModel::pathRole, path, 1,
                                   Qt::MatchExactly | Qt::MatchRecursive);
        return found.isEmpty() ? QModelIndex() : found.front();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<DocumentModel> m_document;
    std::unique_ptr<Selection> m_selection;
    std::unique_ptr<ModuleTree> m_panel;
};

} // namespace jitscope::views

QTEST_MAIN(jitscope::views::ModuleTreeTest)
#include "module_tree_test.moc"
