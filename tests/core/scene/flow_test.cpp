// What is upstream and downstream, through open and closed boxes, and the ways between two.
#include "core/scene/flow.h"
#include "tests/core/scene/scene_model.h"

#include <QTest>

#include <set>

using namespace jitscope;
using scene::Flow;
using scene::FlowTrace;
using scene::ShownScope;

namespace {

// Scopes as a picture has them: the boxes of a scope follow one another, scopes in them later.
class Shown
{
public:
    Shown(scene::ScopeBuilder& builder, const scene::ScopePtr& root,
          const std::set<std::string>& open)
        : m_builder(builder)
    {
        add(root, ShownScope::noOwner, open);
    }
    [[nodiscard]] const std::vector<ShownScope>& scopes() const { return m_scopes; }
    [[nodiscard]] std::uint32_t box(const std::string& id) const
    {
        for (std::uint32_t i = 0; i < m_boxes.size(); ++i) {
            if (m_boxes[i]->id == id)
                return i;
        }
        qFatal("no box %s", id.c_str());
    }
    [[nodiscard]] std::uint32_t titled(std::string_view title) const
    {
        for (std::uint32_t i = 0; i < m_boxes.size(); ++i) {
            if (m_boxes[i]->title == title)
                return i;
        }
        qFatal("no box with this title");
    }
    [[nodiscard]] std::set<std::string> titles(const FlowTrace& trace) const
    {
        std::set<std::string> titles;
        for (std::size_t i = 0; i < trace.boxes.size(); ++i) {
            if (trace.boxes[i])
                titles.insert(m_boxes[i]->title);
        }
        return titles;
    }

private:
    void add(const scene::ScopePtr& scope, std::uint32_t owner, const std::set<std::string>& open)
    {
        const auto first = static_cast<std::uint32_t>(m_boxes.size());
        m_scopes.push_back({scope.get(), owner, first, m_edges});
        m_kept.push_back(scope);
        m_edges += static_cast<std::uint32_t>(scope->edges.size());
        for (const scene::Box& box : scope->boxes)
            m_boxes.push_back(&box);
        for (std::uint32_t i = 0; i < scope->boxes.size(); ++i) {
            const scene::Box& box = scope->boxes[i];
            if (box.canOpen() && (box.isAlwaysOpen() || open.contains(box.id)))
                add(*m_builder.inside(box), first + i, open);
        }
    }

    scene::ScopeBuilder& m_builder;
    std::vector<ShownScope> m_scopes;
    std::vector<scene::ScopePtr> m_kept;
    std::vector<const scene::Box*> m_boxes;
    std::uint32_t m_edges = 0;
};

// x and y go through a function that gives back both, apart.
ir::Program twoLanes()
{
    ir::Program program;
    program.modules.push_back({"", "__torch__.Top", "Top", ir::none, {}});
    program.modules.push_back({"lanes", "__torch__.Lanes", "Lanes", 0, {}});
    tests::GraphMaker lanes(1, "__torch__.Lanes.forward");
    lanes.parameter("self", "__torch__.Lanes");
    const auto a = lanes.parameter("a.1", "Tensor");
    const auto b = lanes.parameter("b.1", "Tensor");
    const auto left = lanes.node("aten::relu", {a});
    const auto right = lanes.node("aten::neg", {b});
    lanes.returns({left, right});
    const ir::NodeKey next = lanes.nextKey();
    program.functions.push_back({"__torch__.Lanes.forward", "", true, lanes.take()});
    program.modules[1].methods.push_back({"forward", 0});

    tests::GraphMaker top(next, "__torch__.Top.forward");
    const auto self = top.parameter("self", "__torch__.Top");
    const auto x = top.parameter("x.1", "Tensor");
    const auto y = top.parameter("y.1", "Tensor");
    const auto both = top.node("prim::CallMethod",
                               {top.attribute(self, "lanes", "__torch__.Lanes"), x, y}, {}, 2);
    top.setAttribute("name", "forward");
    const auto first = top.node("aten::exp", {both});
    const auto second = top.node("aten::log", {both + 1});
    top.returns({first, second});
    program.functions.push_back({"__torch__.Top.forward", "", true, top.take()});
    program.modules[0].methods.push_back({"forward", 1});
    return program;
}

// A list that a loop appends to is stacked; a slice of a tensor is overwritten before it is used.
ir::Program changesInPlace()
{
    constexpr const char* append = "aten::append.t(t[](a!) self, t(c -> *) el) -> t[](a!)";
    constexpr const char* slice =
        "aten::slice.Tensor(Tensor(a) self, int dim=0, SymInt? start=None, "
        "SymInt? end=None, SymInt step=1) -> Tensor(a)";
    constexpr const char* copy =
        "aten::copy_(Tensor(a!) self, Tensor src, bool non_blocking=False) -> Tensor(a!)";
    ir::Program program;
    program.modules.push_back({"", "__torch__.Top", "Top", ir::none, {}});
    tests::GraphMaker top(1, "__torch__.Top.forward");
    top.parameter("self", "__torch__.Top");
    const auto x = top.parameter("x.1", "Tensor");
    const auto y = top.parameter("y.1", "Tensor");
    const auto steps = top.node("prim::ListConstruct", {});
    top.setType(steps, "Tensor[]");
    const auto yes = top.constant("1", "bool");
    const auto trips = top.constant("3");
    top.node("prim::Loop", {trips, yes}, {}, 0);
    top.openBlock();
    top.blockParameter("i", "int");
    const auto element = top.node("aten::sin", {x}, "aten::sin(Tensor self) -> Tensor");
    top.node("aten::append", {steps, element}, append);
    top.closeBlock({yes});
    const auto stacked =
        top.node("aten::stack", {steps}, "aten::stack(Tensor[] tensors, int dim=0) -> Tensor");
    const auto part = top.node("aten::slice", {stacked}, slice);
    const auto before = top.node("aten::cos", {stacked}, "aten::cos(Tensor self) -> Tensor");
    top.node("aten::copy_", {part, y}, copy);
    const auto after = top.node("aten::exp", {stacked}, "aten::exp(Tensor self) -> Tensor");
    top.returns({before, after});
    program.functions.push_back({"__torch__.Top.forward", "", true, top.take()});
    program.modules[0].methods.push_back({"forward", 0});
    return program;
}

} // namespace

class FlowTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesAClosedBoxAsOneStep()
    {
        tests::Model model(twoLanes());
        const auto builder = model.builder();
        const Shown shown(*builder, *builder->method("", "forward"), {});
        const Flow flow(shown.scopes());
        const std::uint32_t exp = shown.titled("exp");
        const FlowTrace up = flow.reach(std::array{exp}, Flow::Direction::Upstream);
        QCOMPARE(shown.titles(up), (std::set<std::string>{"exp", "Lanes", "x.1", "y.1"}));
        QCOMPARE(up.closedBoxes, std::size_t{4});
        const FlowTrace down = flow.reach(std::array{exp}, Flow::Direction::Downstream);
        QCOMPARE(shown.titles(down), (std::set<std::string>{"exp", "return 0"}));
    }

    void goesThroughWhatChangesAValueInPlace()
    {
        using Titles = std::set<std::string>;
        tests::Model model(changesInPlace());
        const auto builder = model.builder();
        const auto root = *builder->method("", "forward");
        const Shown closed(*builder, root, {});
        const Flow flow(closed.scopes());
        const auto up = [&](const Shown& shown, const Flow& f, const char* title) {
            return shown.titles(
                f.reach(std::array{shown.titled(title)}, Flow::Direction::Upstream));
        };
        QCOMPARE(up(closed, flow, "stack"), (Titles{"stack", "for", "ListConstruct", "x.1"}));
        QCOMPARE(up(closed, flow, "cos"), (Titles{"cos", "stack", "for", "ListConstruct", "x.1"}));
        QCOMPARE(up(closed, flow, "exp"),
                 (Titles{"exp", "copy_", "slice", "y.1", "stack", "for", "ListConstruct", "x.1"}));

        const Shown open(*builder, root, {tests::boxTitled(*root, "for")->id});
        const Flow through(open.scopes());
        const auto inside = up(open, through, "stack");
        QVERIFY(inside.contains("append") && inside.contains("sin") &&
                inside.contains("ListConstruct") && inside.contains("x.1"));
        const FlowTrace down =
            through.reach(std::array{open.titled("sin")}, Flow::Direction::Downstream);
        QVERIFY(open.titles(down).contains("return 1"));

        // In raw SSA edges are values.
        scene::BuildOptions raw;
        raw.rawSsa = true;
        const auto plain = model.builder(raw);
        const Shown ssa(*plain, *plain->method("", "forward"), {});
        QCOMPARE(up(ssa, Flow(ssa.scopes()), "stack"), (Titles{"stack", "ListConstruct"}));
    }

    void keepsToThePortsOfAnOpenBox()
    {
        tests::Model model(twoLanes());
        const auto builder = model.builder();
        const Shown shown(*builder, *builder->method("", "forward"), {"/lanes"});
        const Flow flow(shown.scopes());
        const FlowTrace up = flow.reach(std::array{shown.titled("exp")}, Flow::Direction::Upstream);
        QCOMPARE(shown.titles(up),
                 (std::set<std::string>{"exp", "Lanes", "return 0", "relu", "a.1", "x.1"}));
        // The link of the input on the way is lit, that of the other is not.
        std::size_t links = 0;
        for (const bool link : up.links)
            links += link ? 1 : 0;
        QCOMPARE(links, std::size_t{2});
        // From the open box itself everything in it is a start.
        const FlowTrace down =
            flow.reach(std::array{shown.box("/lanes")}, Flow::Direction::Downstream);
        QVERIFY(shown.titles(down).contains("exp") && shown.titles(down).contains("log"));
        QVERIFY(!shown.titles(down).contains("x.1"));
    }

    void findsTheWaysBetweenTwo()
    {
        tests::Model model(tests::residualNetwork(1, 1));
        const auto builder = model.builder();
        const Shown shown(*builder, *builder->method("", "forward"), {"/layer1", "/layer1/0"});
        const Flow flow(shown.scopes());
        const std::uint32_t from = shown.box("/conv1");
        const std::uint32_t to = shown.titled("flatten");
        const FlowTrace all = flow.between(from, to);
        const FlowTrace one = flow.shortest(from, to);
        QVERIFY(shown.titles(all).contains("BasicBlock"));
        QVERIFY(all.boxes[shown.box("/layer1/0/conv2")]);
        // The skip connection is shorter than the convolutions.
        QVERIFY(!one.boxes[shown.box("/layer1/0/conv2")]);
        QVERIFY(one.closedBoxes > 5 && one.closedBoxes < all.closedBoxes);
        QVERIFY(!all.boxes[shown.titled("x.1")]); // before the first
        QVERIFY(flow.between(to, from).isEmpty());
        QVERIFY(flow.shortest(to, from).isEmpty());
        const FlowTrace self = flow.shortest(from, from);
        QCOMPARE(self.closedBoxes, std::size_t{1});
    }

    void goesThroughReferences()
    {
        tests::GraphMaker m(1);
        const auto mask = m.parameter("mask", "Tensor");
        auto y = m.parameter("x", "Tensor");
        for (int i = 0; i < 60; ++i)
            y = m.node("aten::add", {y, mask});
        m.returns({y});
        tests::Model model(tests::residualNetwork(1, 1));
        const auto builder = model.builder();
        const auto scope =
            builder->stage(std::make_shared<const ir::Graph>(m.take()), "", "forward");
        const Shown shown(*builder, *scope, {});
        const Flow flow(shown.scopes());
        const FlowTrace down =
            flow.reach(std::array{shown.titled("mask")}, Flow::Direction::Downstream);
        QCOMPARE(down.closedBoxes, std::size_t{1 + 60 + 58 + 1}); // with its references
    }

    void goesThroughAStubForManyValues()
    {
        tests::Model model(tests::residualNetwork(1, 1));
        const auto builder = model.builder();
        const auto scope = builder->stage(
            std::make_shared<const ir::Graph>(tests::denseGraph(20, 1000, {})), "", "forward");
        const Shown shown(*builder, *scope, {});
        const Flow flow(shown.scopes());
        std::uint32_t last = 0; // cat
        const scene::Box* stub = nullptr;
        for (std::uint32_t i = 0; i < (*scope)->boxes.size(); ++i) {
            const scene::Box& box = (*scope)->boxes[i];
            if (box.title == "cat")
                last = i;
            if (box.far.size() > 6)
                stub = &box;
        }
        QVERIFY(stub != nullptr);
        const FlowTrace up = flow.reach(std::array{last}, Flow::Direction::Upstream);
        for (const scene::Far& far : stub->far) {
            const std::uint32_t from = shown.box(far.box);
            QVERIFY(up.boxes[from]);
            // And each of them comes by the stub.
            const FlowTrace way = flow.between(from, last);
            QVERIFY(way.boxes[shown.box(stub->id)]);
        }
    }

    void knowsConditionsAndWhatALoopCarries()
    {
        tests::Model model(tests::controlFlowModel());
        const auto builder = model.builder();
        const scene::ScopePtr root = *builder->method("", "forward");
        const std::string loop = tests::boxTitled(*root, "for")->id;
        const scene::ScopePtr blocks = *builder->inside(*tests::boxTitled(*root, "for"));
        const scene::ScopePtr body = *builder->inside(*tests::boxTitled(*blocks, "each time"));
        const std::string branch = tests::boxTitled(*body, "if")->id;
        const Shown shown(*builder, root, {loop, branch});
        const Flow flow(shown.scopes());
        // The sum of one time is what relu is given the next time.
        const FlowTrace down =
            flow.reach(std::array{shown.titled("add")}, Flow::Direction::Downstream);
        QVERIFY(down.boxes[shown.titled("relu")]);
        QVERIFY(down.boxes[shown.titled("cat")]);
        // Which branch is taken hangs on the comparison.
        const FlowTrace after =
            flow.reach(std::array{shown.titled("eq")}, Flow::Direction::Downstream);
        QVERIFY(after.boxes[shown.titled("cat")]);
    }
};

QTEST_GUILESS_MAIN(FlowTest)
#include "flow_test.moc"
