#include "core/document/node_index.h"

#include <QTest>

using namespace jitscope::document;

class NodeIndexTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void nodesLeadToWhereTheyWereWritten();
    void fusedGroupLeadsToItsMembers();
    void relatedReachesEveryStage();
    void cyclesEnd();
    void unknownKeysAreHarmless();

private:
    NodeIndex m_index;
};

void NodeIndexTest::initTestCase()
{
    // Loaded: 1 conv, 2 relu in a body used by two instances; inlined: 10, 11 in a and 20, 21 in b;
    // executed: 30 is 10 again, 31 a group of 11 and 20.
    const std::string body = "__torch__.Block.forward";
    std::vector<NamedNode> nodes{
        {1, "aten::conv2d", "", body, 0, "b.py", 5, 1, 1},
        {2, "aten::relu", "", body, 1, "b.py", 6, 1, 1},
        {10, "aten::conv2d", "a", body, 0, "b.py", 5, 1, 2},
        {11, "aten::relu", "a", body, 1, "b.py", 6, 1, 2},
        {20, "aten::conv2d", "b", body, 0, "b.py", 5, 1, 2},
        {21, "aten::relu", "b", body, 1, "b.py", 6, 1, 2},
        {30, "aten::conv2d", "a", "", -1, "b.py", 5, 1, 3},
        {31, "prim::TensorExprGroup", "", "", -1, "", 0, 0, 3},
    };
    const std::vector<NodeOriginRow> origins{{10, 1},  {11, 2},  {20, 1}, {21, 2},
                                             {30, 10}, {31, 11}, {31, 20}};
    m_index = NodeIndex(std::move(nodes), origins);
}

void NodeIndexTest::nodesLeadToWhereTheyWereWritten()
{
    QCOMPARE(m_index.origins(30), (std::vector<NodeRef>{{"a", 1, 30}}));
    QCOMPARE(m_index.origins(21), (std::vector<NodeRef>{{"b", 2, 21}}));
    QCOMPARE(m_index.origins(2), (std::vector<NodeRef>{{"", 2, 2}}));
}

void NodeIndexTest::fusedGroupLeadsToItsMembers()
{
    QCOMPARE(m_index.origins(31), (std::vector<NodeRef>{{"a", 2, 31}, {"b", 1, 31}}));
}

void NodeIndexTest::relatedReachesEveryStage()
{
    using Keys = std::set<jitscope::ir::NodeKey>;
    // Picked in `loaded`, opened in instance a: that instance's nodes, not those of b.
    QCOMPARE(m_index.related(m_index.refOf("a", 1)), (Keys{1, 10, 30}));
    QCOMPARE(m_index.related({"a", 2, 11}), (Keys{2, 11, 31}));
}

void NodeIndexTest::cyclesEnd()
{
    const std::vector<NodeOriginRow> origins{{1, 2}, {2, 1}};
    const NodeIndex index({{1, "x", "", "", -1, "", 0, 0, 2}, {2, "y", "", "", -1, "", 0, 0, 2}},
                          origins);
    QVERIFY(index.origins(1).empty());
    QCOMPARE(index.related({"", 0, 1}).size(), 2U);
}

void NodeIndexTest::unknownKeysAreHarmless()
{
    QVERIFY(m_index.node(99) == nullptr);
    QVERIFY(m_index.origins(99).empty());
    QCOMPARE(m_index.node(20)->modulePath, std::string("b"));
}

QTEST_GUILESS_MAIN(NodeIndexTest)
#include "node_index_test.moc"
