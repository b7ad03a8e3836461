// What becomes of graphs when they are drawn: folding, module boxes, blocks, ids that stay.
#include "core/scene/scene_text.h"
#include "core/scene/schema_text.h"
#include "core/scene/scope_builder.h"
#include "tests/core/scene/graph_maker.h"
#include "tests/core/scene/scene_model.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace jitscope;

using tests::boxTitled;
using tests::Model;

class ScopeBuilderTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void drawsTheCallsOfARoot()
    {
        Model model(tests::residualNetwork(1, 1));
        const auto builder = model.builder();
        const auto root = builder->method("", "forward");
        QVERIFY(root.has_value());
        const std::string expected =
            "scope (root) \"ResNet\"\n"
            "  input x.1 /in0\n"
            "  module Conv2d \"conv1\" /conv1 + [weight=64×3×7×7] <- input: x.1.x.1\n"
            "  module BatchNorm2d \"bn1\" /bn1 + [weight=64, bias=64, running_mean=64, "
            "running_var=64] <- input: Conv2d.v2\n"
            "  module ReLU \"relu\" /relu + <- input: BatchNorm2d.v4\n"
            "  module Sequential \"layer1\" /layer1 + <- input: ReLU.v6\n"
            "  module AdaptiveAvgPool2d \"avgpool\" /avgpool + <- input: Sequential.v8\n";
        const std::string text = scene::toText(**root);
        QVERIFY2(text.starts_with(expected), text.c_str());
        QVERIFY2(text.find("flatten") != std::string::npos &&
                     text.find("[start_dim=1]") != std::string::npos,
                 text.c_str()); // end_dim has its default
    }

    void opensModulesInPlaceWithIdsThatNameThePath()
    {
        Model model(tests::residualNetwork(1, 2));
        const auto builder = model.builder();
        const auto root = builder->method("", "forward");
        const auto layer = builder->inside(*boxTitled(**root, "Sequential"));
        QVERIFY(layer.has_value());
        QCOMPARE((*layer)->id, std::string("/layer1"));
        const auto block = builder->inside((*layer)->boxes[2]);
        QVERIFY(block.has_value());
        QCOMPARE((*block)->id, std::string("/layer1/1"));
        QVERIFY(builder->inside((*layer)->boxes[2])->get() == block->get()); // kept
        std::set<std::string> ids;
        for (const scene::Box& box : (*block)->boxes)
            QVERIFY2(ids.insert(box.id).second, box.id.c_str());
        QVERIFY(ids.contains("/layer1/1/relu"));
        QVERIFY(ids.contains("/layer1/1/relu#2")); // called twice
        const auto conv = builder->inside(*boxTitled(**block, "Conv2d"));
        const scene::Box* op = boxTitled(**conv, "conv2d");
        QVERIFY(op != nullptr);
        QCOMPARE(op->refs.front().modulePath, std::string("layer1.1.conv1"));
        // The weight by shape, the stride because it is not the default, padding 1 is not either;
        // dilation is.
        const std::vector<scene::Row> expected = {
            {"weight", "64\u00d764\u00d73\u00d73"}, {"stride", "[2, 2]"}, {"padding", "[1, 1]"}};
        QVERIFY(op->rows == expected);
    }

    void nestsBlocksForksAndGroups()
    {
        Model model(tests::controlFlowModel());
        const auto builder = model.builder();
        const auto root = builder->method("", "forward");
        QVERIFY(root.has_value());
        const scene::Box* loop = boxTitled(**root, "for");
        QVERIFY(loop != nullptr);
        QCOMPARE(loop->subtitle, std::string("i in range(n.1)"));
        const auto blocks = builder->inside(*loop);
        const scene::Box* body = boxTitled(**blocks, "each time");
        QVERIFY(body != nullptr && body->isAlwaysOpen());
        const auto inner = builder->inside(*body);
        const scene::Box* branch = boxTitled(**inner, "if");
        QVERIFY(branch != nullptr);
        QCOMPARE(branch->subtitle, std::string("i == 0"));
        const auto branches = builder->inside(*branch);
        QVERIFY(boxTitled(**branches, "then") != nullptr &&
                boxTitled(**branches, "else") != nullptr);
        const scene::Box* fork = boxTitled(**root, "fork");
        QVERIFY(fork != nullptr && fork->kind == scene::BoxKind::Fork && fork->subtitle == "tanh");
        const scene::Box* group = boxTitled(**root, "TensorExprGroup");
        QVERIFY(group != nullptr && group->kind == scene::BoxKind::Fusion);
        QCOMPARE(group->subtitle, std::string("exp \u00b7 sigmoid"));
        QVERIFY(boxTitled(**builder->inside(*group), "sigmoid") != nullptr);
        const scene::Box* function = boxTitled(**root, "scale");
        QVERIFY(function != nullptr && function->kind == scene::BoxKind::Function &&
                function->canOpen());
        const scene::Box* cat = boxTitled(**root, "cat"); // its list is taken apart
        QVERIFY(cat != nullptr && cat->inputs.size() == 2 && cat->inputs[1].name == "tensors[1]");
    }

    // The same whether constants are nodes or not; a value without a name of its own is no number.
    void loopsSayWhatTheyGoOnFor()
    {
        tests::GraphMaker maker(1);
        const ir::ValueId self = maker.parameter("self", "__torch__.M");
        const ir::ValueId limit = maker.parameter("7", "int");
        const ir::ValueId endless = maker.constant("9223372036854775807");
        const ir::ValueId one = maker.constant("1");
        const ir::ValueId first = maker.node("aten::gt", {limit, one}, {}, 1);
        const ir::ValueId sum = maker.node("prim::Loop", {endless, first, one}, {}, 1);
        maker.openBlock();
        maker.blockParameter("i", "int");
        const ir::ValueId carried = maker.blockParameter("n", "int");
        const ir::ValueId next = maker.node("aten::add", {carried, one}, {}, 1);
        const ir::ValueId goesOn = maker.node("aten::lt", {next, limit}, {}, 1);
        maker.closeBlock({goesOn, next});
        maker.returns({sum});
        (void)self;
        ir::Program program;
        program.functions.push_back(
            {"__torch__.M.forward", "forward(__torch__.M self, int n) -> int", true, maker.take()});
        program.modules.push_back({"", "__torch__.M", "M", ir::none, {{"forward", 0}}});
        Model model(std::move(program));
        for (const bool raw : {false, true}) {
            scene::BuildOptions options;
            options.rawSsa = raw;
            const auto builder = model.builder(options);
            const auto root = builder->method("", "forward");
            QVERIFY(root.has_value());
            const scene::Box* loop = boxTitled(**root, "while");
            QVERIFY(loop != nullptr);
            QCOMPARE(loop->subtitle, std::string("n + 1 < %7"));
        }
    }

    // Both branches of each give what the one before gave: to follow all would never end.
    void conditionsThatStandOnOneAnotherEnd()
    {
        tests::GraphMaker maker(1);
        maker.parameter("self", "__torch__.M");
        const ir::ValueId b = maker.parameter("b", "bool");
        ir::ValueId last = b;
        for (int i = 0; i < 100; ++i) {
            const ir::ValueId before = last;
            last = maker.node("prim::If", {b});
            maker.setType(last, "bool");
            for (int branch = 0; branch < 2; ++branch) {
                maker.openBlock();
                maker.closeBlock({before});
            }
        }
        maker.node("prim::If", {last}, {}, 0);
        for (int branch = 0; branch < 2; ++branch) {
            maker.openBlock();
            maker.closeBlock({});
        }
        maker.returns({last});
        ir::Program program;
        program.functions.push_back({"__torch__.M.forward",
                                     "forward(__torch__.M self, bool b) -> bool", true,
                                     maker.take()});
        program.modules.push_back({"", "__torch__.M", "M", ir::none, {{"forward", 0}}});
        Model model(std::move(program));
        const auto builder = model.builder();
        const auto root = builder->method("", "forward");
        QVERIFY(root.has_value());
        QVERIFY(std::any_of((*root)->boxes.begin(), (*root)->boxes.end(),
                            [](const scene::Box& box) { return box.subtitle == "v100"; }));
    }

    void settingAnAttributeShowsNoObject()
    {
        tests::GraphMaker maker(1);
        const ir::ValueId self = maker.parameter("this", "__torch__.M");
        const ir::ValueId x = maker.parameter("x", "Tensor");
        maker.node("prim::SetAttr", {self, x}, {}, 0);
        maker.setAttribute("name", "state");
        maker.returns({x});
        ir::Program program;
        program.functions.push_back({"__torch__.M.forward",
                                     "forward(__torch__.M this, Tensor x) -> Tensor", true,
                                     maker.take()});
        program.modules.push_back({"", "__torch__.M", "M", ir::none, {{"forward", 0}}});
        Model model(std::move(program));
        const auto builder = model.builder();
        const auto root = builder->method("", "forward");
        QVERIFY(root.has_value());
        const scene::Box* set = boxTitled(**root, "SetAttr");
        QVERIFY(set != nullptr);
        QCOMPARE(set->subtitle, std::string("state"));
        QVERIFY(set->rows.empty());
    }

    void edgesNameBoxesAndPortsThatAreThere()
    {
        for (const bool raw : {false, true}) {
            Model model(tests::controlFlowModel());
            scene::BuildOptions options;
            options.rawSsa = raw;
            const auto builder = model.builder(options);
            std::vector<scene::ScopePtr> pending{*builder->method("", "forward")};
            int scopes = 0;
            while (!pending.empty()) {
                const scene::ScopePtr scope = pending.back();
                pending.pop_back();
                ++scopes;
                for (const scene::Edge& edge : scope->edges) {
                    QVERIFY(edge.from < scope->boxes.size() && edge.to < scope->boxes.size());
                    QVERIFY(edge.fromPort < scope->boxes[edge.from].outputs.size());
                    QVERIFY(edge.toPort < scope->boxes[edge.to].inputs.size());
                }
                for (const scene::Box& box : scope->boxes) {
                    if (box.canOpen())
                        pending.push_back(*builder->inside(box));
                }
            }
            QVERIFY(scopes >= 9);
        }
    }

    void rawSsaShowsEveryNode()
    {
        Model model(tests::residualNetwork(1, 1));
        scene::BuildOptions options;
        options.rawSsa = true;
        const auto root = model.builder(options)->method("", "forward");
        const std::size_t nodes = model.program.functions.back().graph.nodes.size();
        QCOMPARE((*root)->boxes.size(), nodes + 3); // two parameters and a return
    }

    void gathersNodesOfAStageByModule()
    {
        tests::GraphMaker m(500);
        const auto x = m.parameter("x", "Tensor");
        m.setModulePath("layer1.0.conv1");
        auto y = m.node("aten::conv2d", {x});
        m.setModulePath("layer1.0.relu");
        y = m.node("aten::relu", {y});
        m.setModulePath("");
        y = m.node("aten::neg", {y});
        m.setModulePath("layer1.0.relu");
        y = m.node("aten::relu", {y});
        m.returns({y});
        Model model(tests::residualNetwork(1, 1));
        const auto builder = model.builder();
        const auto scope =
            builder->stage(std::make_shared<const ir::Graph>(m.take()), "", "forward");
        QVERIFY(scope.has_value());
        // The two runs of layer1 are two boxes: as one they would make a cycle with neg.
        QCOMPARE((*scope)->boxes.size(), std::size_t{5});
        QCOMPARE((*scope)->boxes[1].id, std::string("/layer1"));
        QCOMPARE((*scope)->boxes[3].id, std::string("/layer1#2"));
        const auto inside = builder->inside((*scope)->boxes[1]);
        QCOMPARE((*inside)->boxes.size(), std::size_t{3}); // received, block 0, given
        QCOMPARE((*inside)->boxes[1].id, std::string("/layer1/0"));
    }

    void cutsHubsAndFarEdges()
    {
        tests::GraphMaker m(1);
        const auto mask = m.parameter("mask", "Tensor");
        auto y = m.parameter("x", "Tensor");
        for (int i = 0; i < 60; ++i)
            y = m.node("aten::add", {y, mask});
        m.returns({y});
        Model model(tests::residualNetwork(1, 1));
        const auto scope =
            model.builder()->stage(std::make_shared<const ir::Graph>(m.take()), "", "forward");
        std::size_t references = 0;
        for (const scene::Box& box : (*scope)->boxes) {
            if (box.kind == scene::BoxKind::Reference) {
                ++references;
                QCOMPARE(box.far.size(), std::size_t{1});
                QCOMPARE(box.far.front().box, std::string("/in0"));
            }
        }
        QCOMPARE(references, std::size_t{58}); // the first two are near enough
    }

    void oneStubStandsForManyValues()
    {
        Model model(tests::residualNetwork(1, 1));
        const auto scope = model.builder()->stage(
            std::make_shared<const ir::Graph>(tests::denseGraph(20, 1000, {})), "", "forward");
        std::map<std::uint32_t, std::size_t> stubs; // by consumer
        std::size_t most = 0;
        for (const scene::Edge& edge : (*scope)->edges) {
            const scene::Box& from = (*scope)->boxes[edge.from];
            if (from.kind != scene::BoxKind::Reference)
                continue;
            ++stubs[edge.to];
            most = std::max(most, from.far.size());
            if (from.far.size() == 1)
                continue;
            QVERIFY(from.far.size() > model.builder()->options().singleReferences);
            QCOMPARE(from.title, std::to_string(from.far.size()) + " values");
            QCOMPARE(from.refs.size(), from.far.size() - 1); // the input is no node
            std::set<std::string> boxes;
            for (const scene::Far& far : from.far)
                boxes.insert(far.box);
            QCOMPARE(boxes.size(), from.far.size());
        }
        QVERIFY(most >= 12);
        for (const auto& [consumer, count] : stubs)
            QVERIFY(count <= model.builder()->options().singleReferences);
    }

    void refusesWhatIsNotThere()
    {
        Model model(tests::residualNetwork(1, 1));
        const auto builder = model.builder();
        const auto missing = builder->method("layer9", "forward");
        QVERIFY(!missing.has_value());
        QVERIFY(!missing.error().remedy.empty());
        model.graphs.clear(); // the document lost its graphs
        QVERIFY(!builder->method("", "forward").has_value());
        QVERIFY(!builder->inside(scene::Box{}).has_value());
    }

    void readsSchemasAndTypes()
    {
        const auto arguments = scene::argumentsOf(
            "aten::add.Tensor(Tensor self, Tensor(a!)? other, *, Scalar alpha=1) -> Tensor");
        QCOMPARE(arguments.size(), std::size_t{3});
        QCOMPARE(arguments[1].name, std::string("other"));
        QCOMPARE(arguments[2].defaultValue, std::string("1"));
        QVERIFY(scene::argumentsOf("").empty());
        QVERIFY(scene::argumentsOf("aten::broken(Tensor self, int[2").empty());
        QCOMPARE(scene::shortType("Float(1, 64, *, strides=[1, 2], device=cpu)"),
                 std::string("float 1\u00d764\u00d7?"));
        QVERIFY(scene::shortType("Tensor").empty());
        QCOMPARE(scene::shortType("Long(device=cpu)"), std::string("long scalar"));
        const scene::AliasText append =
            scene::aliasesOf("aten::append.t(t[](a!) self, t(c -> *) el) -> t[](a!)");
        QCOMPARE(append.arguments, (std::vector<std::string>{"a!", ""}));
        QCOMPARE(append.result, std::string("a!"));
        const scene::AliasText slice =
            scene::aliasesOf("aten::slice.Tensor(Tensor(a) self, int dim=0) -> Tensor(a)");
        QCOMPARE(slice.arguments, (std::vector<std::string>{"a", ""}));
        QCOMPARE(slice.result, std::string("a"));
        QVERIFY(scene::aliasesOf("no schema").arguments.empty());
        QVERIFY(scene::shortType("Tuple(Tensor, Tensor)").empty());
        QVERIFY(scene::isDefault("[1, 1]", "1"));
        QVERIFY(scene::isDefault("1.", "1"));
        QVERIFY(!scene::isDefault("[1, 2]", "1"));
        QVERIFY(!scene::isDefault("[]", "1"));
    }
};

QTEST_GUILESS_MAIN(ScopeBuilderTest)
#include "scope_builder_test.moc"
