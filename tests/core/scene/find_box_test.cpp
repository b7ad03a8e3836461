// The way to a node through boxes that are closed.
#include "core/scene/find_box.h"
#include "tests/core/scene/graph_maker.h"
#include "tests/core/search/opened_program.h"

#include <QTest>

#include <algorithm>

using namespace jitscope;

class FindBoxTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void modulesOneInTheOther()
    {
        open(tests::residualNetwork());
        const auto way =
            scene::wayTo(*m_builder, m_root, node("aten::conv2d", "layer2.1.conv2"), {});
        QVERIFY(way.has_value());
        QCOMPARE(way->size(), std::size_t(3)); // layer2, layer2.1, layer2.1.conv2
        QVERIFY(leadsTo(*way, "aten::conv2d", "layer2.1.conv2"));
        const auto module = scene::wayToModule(*m_builder, m_root, "layer2.1.conv2", {});
        QVERIFY(module.has_value());
        QCOMPARE(module->size(), std::size_t(2));
        QVERIFY(scene::wayToModule(*m_builder, m_root, "layer2", {})->empty());
    }

    void blocksForksFusionsAndFunctions()
    {
        open(tests::controlFlowModel());
        for (const char* kind : {"aten::relu", "aten::tanh", "aten::sigmoid", "aten::mul"}) {
            const auto way = scene::wayTo(*m_builder, m_root, node(kind, ""), {});
            QVERIFY2(way.has_value(), kind);
            QVERIFY2(!way->empty(), kind);
            QVERIFY2(leadsTo(*way, kind, ""), kind);
        }
        const auto outside = scene::wayTo(*m_builder, m_root, node("aten::cat", ""), {});
        QVERIFY(outside.has_value());
        QVERIFY(outside->empty());
    }

    void namesOfUsersLeadIntoBoxes()
    {
        open(tests::residualNetwork());
        for (const char* name : {"layer2.1.conv2", "layer2/1/conv2", "/layer2/1/conv2"}) {
            const auto way = scene::wayInto(*m_builder, m_root, name, {});
            QVERIFY2(way.has_value(), name);
            QCOMPARE(way->size(), std::size_t(3));
            QVERIFY2(leadsTo(*way, "aten::conv2d", "layer2.1.conv2"), name);
            // The id that it has, too.
            QCOMPARE(scene::wayInto(*m_builder, m_root, way->back(), {}), way);
        }
        for (const char* name : {"/nosuch", "", "/", "layer2.9", "layer"})
            QVERIFY2(!scene::wayInto(*m_builder, m_root, name, {}).has_value(), name);
        open(tests::controlFlowModel());
        const auto block = scene::wayTo(*m_builder, m_root, node("aten::relu", ""), {});
        QVERIFY(block && !block->empty());
        QCOMPARE(scene::wayInto(*m_builder, m_root, block->back(), {}), block);
    }

    void whatHasNoBoxIsNotFound()
    {
        open(tests::residualNetwork());
        const auto constant = node("prim::Constant", "layer1.0.conv1");
        QVERIFY(!scene::wayTo(*m_builder, m_root, constant, {}).has_value()); // folded
        QVERIFY(!scene::wayToModule(*m_builder, m_root, "no.such.module", {}).has_value());
        const CancelToken cancel;
        cancel.cancel();
        QVERIFY(!scene::wayToModule(*m_builder, m_root, "layer1.0", cancel).has_value());
        open(tests::residualNetwork(), true);
        QVERIFY(
            scene::wayTo(*m_builder, m_root, constant, {}).has_value()); // raw SSA folds nothing
    }

private:
    void open(const ir::Program& program, bool rawSsa = false)
    {
        m_builder.reset();
        m_program = std::make_unique<tests::OpenedProgram>(program);
        scene::BuildOptions options;
        options.rawSsa = rawSsa;
        m_builder = std::make_unique<scene::ScopeBuilder>(
            std::make_shared<const scene::ModelOutline>(m_program->modules, m_program->methods,
                                                        m_program->functions, m_program->tensors),
            m_program->nodes, [this](std::int64_t id) { return m_program->graph(id); }, options);
        m_root = m_builder->method("", "forward").value();
    }

    document::NodeRef node(std::string_view kind, std::string_view module) const
    {
        for (const document::NamedNode& named : m_program->nodes->nodes()) {
            if (named.kind == kind)
                return m_program->nodes->refOf(module, named.key);
        }
        qFatal("no such node");
        return {};
    }

    // Opens the boxes one after the other.
    bool leadsTo(const std::vector<std::string>& way, std::string_view kind,
                 std::string_view module)
    {
        scene::ScopePtr scope = m_root;
        for (const std::string& id : way) {
            const auto box = std::find_if(scope->boxes.begin(), scope->boxes.end(),
                                          [&id](const scene::Box& b) { return b.id == id; });
            if (box == scope->boxes.end())
                return false;
            scope = m_builder->inside(*box).value();
        }
        return std::any_of(scope->boxes.begin(), scope->boxes.end(), [&](const scene::Box& box) {
            return box.nodeKind == kind && box.modulePath == module;
        });
    }

    std::unique_ptr<tests::OpenedProgram> m_program;
    std::unique_ptr<scene::ScopeBuilder> m_builder;
    scene::ScopePtr m_root;
};

QTEST_APPLESS_MAIN(FindBoxTest)
#include "find_box_test.moc"
