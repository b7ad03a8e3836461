// Modules that are alike become one box that opens to them; those that are not stay.
#include "core/scene/scene_text.h"
#include "tests/core/scene/scene_model.h"

#include <QTest>

#include <set>

using namespace jitscope;
using tests::boxTitled;
using tests::Model;

namespace {

scene::BuildOptions folding()
{
    scene::BuildOptions options;
    options.repeatsFrom = 3;
    return options;
}

scene::ScopePtr layer(scene::ScopeBuilder& builder)
{
    const auto root = builder.method("", "forward");
    return *builder.inside(*boxTitled(**root, "Sequential"));
}

const scene::Box* repeatIn(const scene::Scope& scope)
{
    for (const scene::Box& box : scope.boxes) {
        if (box.kind == scene::BoxKind::Repeat)
            return &box;
    }
    return nullptr;
}

bool edgesFit(const scene::Scope& scope)
{
    std::set<std::string> ids;
    for (const scene::Box& box : scope.boxes) {
        if (!ids.insert(box.id).second)
            return false;
    }
    for (const scene::Edge& edge : scope.edges) {
        if (edge.from >= scope.boxes.size() || edge.to >= scope.boxes.size() ||
            edge.fromPort >= scope.boxes[edge.from].outputs.size() ||
            edge.toPort >= scope.boxes[edge.to].inputs.size())
            return false;
    }
    return true;
}

ir::Module& moduleAt(ir::Program& program, std::string_view path)
{
    return program.modules[*program.moduleAt(path)];
}

// The module gets a copy of its function, as a type of its own would have it.
ir::Function& withOwnFunction(ir::Program& program, std::string_view path)
{
    ir::Method& method = moduleAt(program, path).methods.front();
    program.functions.push_back(program.functions[method.function]);
    method.function = static_cast<ir::FunctionId>(program.functions.size() - 1);
    program.functions.back().name += "_mangled";
    return program.functions.back();
}

} // namespace

class RepeatsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void foldsBlocksThatAreAlike()
    {
        Model model(tests::residualNetwork(1, 5));
        const auto builder = model.builder(folding());
        const scene::ScopePtr scope = layer(*builder);
        QCOMPARE(scope->boxes.size(), std::size_t{3});
        const scene::Box* repeat = repeatIn(*scope);
        QVERIFY(repeat != nullptr && edgesFit(*scope));
        QCOMPARE(repeat->title, std::string("BasicBlock \u00d7 5"));
        QCOMPARE(repeat->subtitle, std::string("0 \u2026 4"));
        QCOMPARE(repeat->members.size(), std::size_t{5});
        QCOMPARE(repeat->members[3].modulePath, std::string("layer1.3"));
        QCOMPARE(repeat->modulePath, std::string("layer1"));
        const auto inside = builder->inside(*repeat);
        QVERIFY(inside.has_value() && edgesFit(**inside));
        QCOMPARE((*inside)->boxes.size(), std::size_t{7});
        QCOMPARE((*inside)->boxes[2].id, repeat->members[1].id); // as without the Repeat
        QCOMPARE((*inside)->edges.size(), std::size_t{6});
        QVERIFY(builder->inside((*inside)->boxes[2]).has_value());
    }

    void leavesFewAndCanBeSwitchedOff()
    {
        Model two(tests::residualNetwork(1, 2));
        QVERIFY(repeatIn(*layer(*two.builder(folding()))) == nullptr);
        Model five(tests::residualNetwork(1, 5));
        QCOMPARE(layer(*five.builder())->boxes.size(), std::size_t{7});
        scene::BuildOptions options = folding();
        options.rawSsa = true;
        const auto builder = five.builder(options);
        for (const scene::Box& box : (*builder->method("", "forward"))->boxes)
            QVERIFY(box.kind != scene::BoxKind::Repeat);
    }

    void tellsShapesApart()
    {
        ir::Program program = tests::residualNetwork(1, 6);
        for (ir::Tensor& tensor : program.tensors) {
            if (tensor.name == "layer1.2.conv1.weight")
                tensor.shape[0] *= 2;
        }
        Model model(std::move(program));
        const scene::ScopePtr scope = layer(*model.builder(folding()));
        // Two are left before the odd one, three after it.
        QCOMPARE(scope->boxes.size(), std::size_t{1 + 2 + 1 + 1 + 1});
        QCOMPARE(repeatIn(*scope)->subtitle, std::string("3 \u2026 5"));
    }

    void looksIntoTypesOfDifferentNames()
    {
        ir::Program program = tests::residualNetwork(1, 4);
        withOwnFunction(program, "layer1.1");
        withOwnFunction(program, "layer1.2.conv1");
        Model alike(program);
        QVERIFY(repeatIn(*layer(*alike.builder(folding()))) != nullptr);
        // One constant far below makes another structure.
        ir::Function& conv = program.functions.back();
        bool changed = false;
        for (ir::Attribute& attribute : conv.graph.attributes) {
            if (conv.graph.text(attribute.text) != "1" || changed)
                continue;
            attribute.text = conv.graph.strings.intern("7");
            changed = true;
        }
        QVERIFY(changed);
        withOwnFunction(program, "layer1.2"); // else the cheap comparison of types would do
        Model different(program);
        QVERIFY(repeatIn(*layer(*different.builder(folding()))) == nullptr);
    }

    void takesASharedValueOnce()
    {
        tests::GraphMaker m(500);
        const auto mask = m.parameter("mask", "Tensor");
        auto y = m.parameter("x", "Tensor");
        ir::ValueId third = 0;
        for (int i = 0; i < 4; ++i) {
            m.setModulePath("layer1." + std::to_string(i));
            y = m.node("aten::add", {y, mask});
            third = i == 2 ? y : third;
        }
        m.setModulePath("");
        y = m.node("aten::mul", {y, third});
        m.returns({y});
        Model model(tests::residualNetwork(1, 4));
        const auto builder = model.builder(folding());
        auto scope = builder->stage(std::make_shared<const ir::Graph>(m.take()), "layer1", "");
        QVERIFY(scope.has_value());
        const scene::Box* repeat = repeatIn(**scope);
        QVERIFY2(repeat != nullptr && edgesFit(**scope), scene::toText(**scope).c_str());
        QCOMPARE(repeat->inputs.size(), std::size_t{2});
        QCOMPARE(repeat->outputs.size(), std::size_t{2}); // the last and the third are used outside
        const auto inside = builder->inside(*repeat);
        QVERIFY(edgesFit(**inside));
        QCOMPARE((*inside)->edges.size(), std::size_t{8 + 2});
    }
};

QTEST_GUILESS_MAIN(RepeatsTest)
#include "repeats_test.moc"
