// What is found in documents of small models made in code, and in one of 100,000 nodes.
#include "core/search/index.h"
#include "tests/core/scene/graph_maker.h"
#include "tests/core/search/opened_program.h"

#include <QElapsedTimer>
#include <QTest>

#include <thread>

using namespace jitscope;
using search::HitGroup;

namespace {

search::Corpus corpusOf(const tests::OpenedProgram& program, std::int64_t stageGraph = 0)
{
    search::Corpus corpus;
    corpus.owner = std::shared_ptr<const void>(&program, [](const void*) {});
    corpus.modules = program.modules;
    corpus.methods = program.methods;
    corpus.functions = program.functions;
    corpus.tensors = program.tensors;
    corpus.sources = program.sources;
    corpus.nodes = program.nodes;
    corpus.stageGraph = stageGraph;
    return corpus;
}

std::shared_ptr<const search::Index>
indexOf(const tests::OpenedProgram& program, std::int64_t stageGraph = 0,
        const search::Index* earlier = nullptr,
        std::shared_ptr<const scene::KnownTypes> types = nullptr)
{
    search::Corpus corpus = corpusOf(program, stageGraph);
    corpus.types = std::move(types);
    auto index = search::Index::build(
        std::move(corpus), [&program](std::int64_t id) { return program.graph(id); }, {}, earlier);
    return index ? *index : nullptr;
}

const std::vector<search::Hit>& hits(const search::Hits& found, HitGroup group)
{
    return found.groups[static_cast<std::size_t>(group)];
}

// A graph of one long chain, every eighth node in another module.
ir::Program chain(int nodes)
{
    ir::Program program;
    program.modules.push_back({"", "__torch__.Chain", "Chain", ir::none, {{"forward", 0}}});
    tests::GraphMaker maker(1, "__torch__.Chain.forward");
    maker.parameter("self", "__torch__.Chain");
    ir::ValueId x = maker.parameter("x.1", "Tensor");
    for (int i = 0; i < nodes; ++i) {
        x = maker.node(i % 2 == 0 ? "aten::relu" : "aten::tanh", {x}, "");
        maker.setType(x, i % 1000 == 0 ? "Half(1, 64, strides=[64, 1], device=cuda:0)" : "Tensor");
    }
    maker.returns({x});
    program.functions.push_back({"__torch__.Chain.forward",
                                 "forward(__torch__.Chain self, Tensor x) -> Tensor", true,
                                 maker.take()});
    return program;
}

} // namespace

class SearchIndexTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        ir::Program network = tests::residualNetwork();
        network.sources.push_back({"/models/net.py", 10, "def forward(self, x):\n    return x\n"});
        m_network = std::make_unique<tests::OpenedProgram>(network);
        m_index = indexOf(*m_network);
        QVERIFY(m_index);
        m_control = std::make_unique<tests::OpenedProgram>(tests::controlFlowModel());
        m_controlIndex = indexOf(*m_control);
        QVERIFY(m_controlIndex);
    }

    void anEmptyQueryFindsNothing() { QCOMPARE(find("").count(), std::size_t(0)); }

    // conv1, and two in each of eight blocks; all share one body.
    void kindsAreFoundInEveryInstance()
    {
        const search::Hits found = find("kind:conv2d");
        QCOMPARE(hits(found, HitGroup::Operators).size(), std::size_t(17));
        QCOMPARE(found.count(), std::size_t(17));
        const search::HitText text =
            m_index->text(hits(found, HitGroup::Operators)[1], search::parseQuery("kind:conv2d"));
        QCOMPARE(text.title, std::string("aten::conv2d"));
        QVERIFY(text.place.starts_with("layer1.0.conv1, net.py:"));
        const search::Target target = m_index->target(hits(found, HitGroup::Operators)[1]);
        QCOMPARE(target.modulePath, std::string("layer1.0.conv1"));
        QCOMPARE(target.method, std::string("forward"));
        QCOMPARE(target.nodes.size(), std::size_t(1));
        QCOMPARE(target.nodes[0].modulePath, std::string("layer1.0.conv1"));
        QVERIFY(target.nodes[0].loaded != 0);
        QVERIFY(target.users.empty()); // it has a box of its own
    }

    void modulesByPathAndByClass()
    {
        const search::Hits byPath = find("layer1.0");
        QCOMPARE(hits(byPath, HitGroup::Modules).size(), std::size_t(6)); // and its five
        QCOMPARE(m_index->target(hits(byPath, HitGroup::Modules)[0]).modulePath,
                 std::string("layer1.0"));
        QVERIFY(m_index->target(hits(byPath, HitGroup::Modules)[0]).isModule);
        // A word names the module, not all that is in it.
        QVERIFY(hits(byPath, HitGroup::Operators).empty());
        const search::Hits byClass = find("BasicBlock");
        QCOMPARE(hits(byClass, HitGroup::Modules).size(), std::size_t(8));
        QVERIFY(!hits(find("resnet"), HitGroup::Modules).empty()); // the root
    }

    void wordsAreJoined()
    {
        QCOMPARE(hits(find("conv2d layer1"), HitGroup::Operators).size(), std::size_t(4));
        QCOMPARE(hits(find("conv2d module:basicblock"), HitGroup::Operators).size(),
                 std::size_t(16));
        QCOMPARE(hits(find("kind:conv2d module:layer1.0 kind:relu"), HitGroup::Operators).size(),
                 std::size_t(0));
        QCOMPARE(hits(find("layer1 batchnorm"), HitGroup::Modules).size(), std::size_t(4));
    }

    void aModuleThatIsNamedGivesWhatIsInIt()
    {
        const search::Hits found = find("module:layer1.0.conv1");
        QCOMPARE(hits(found, HitGroup::Modules).size(), std::size_t(1));
        // GetAttr, constants, lists and the convolution itself.
        QVERIFY(hits(found, HitGroup::Operators).size() > 5);
        QCOMPARE(hits(found, HitGroup::Tensors).size(), std::size_t(1));
    }

    void valuesTypesAndShapes()
    {
        QVERIFY(!hits(find("name:x.1"), HitGroup::Values).empty());
        for (const char* query :
             {"type:1x64x112", "1\u00d764\u00d7112\u00d7112", "type:\"1, 64, 112\""}) {
            const search::Hits found = find(query);
            QCOMPARE(hits(found, HitGroup::Types).size(), std::size_t(17));
            QVERIFY(m_index->text(hits(found, HitGroup::Types)[0], search::parseQuery(query))
                        .title.ends_with("float 1\u00d764\u00d7112\u00d7112"));
        }
        QVERIFY(hits(find("type:4x64x112"), HitGroup::Types).empty());
        QCOMPARE(hits(find("type:64x3x7x7"), HitGroup::Tensors).size(), std::size_t(1));
        QCOMPARE(hits(find("type:Float fc"), HitGroup::Tensors).size(), std::size_t(2));
        QCOMPARE(m_index->target(hits(find("fc.bias"), HitGroup::Tensors).at(0)).modulePath,
                 std::string("fc"));
    }

    // What receives a value leads to those that use it.
    void parametersLeadToTheirUsers()
    {
        const search::Hits found = find("name:x.1 module:layer2.0");
        QVERIFY(!hits(found, HitGroup::Values).empty());
        const search::Hit& hit = hits(found, HitGroup::Values)[0];
        QVERIFY(hit.isParameter);
        const search::Target target = m_index->target(hit);
        QCOMPARE(target.nodes.size(), std::size_t(2)); // the first call, and the addition
        QCOMPARE(target.nodes, target.users);
    }

    // By what is shown, and by what LibTorch prints.
    void constantsAreFoundAsTheyAreShown()
    {
        for (const char* query : {"const:0.1", "const:0.10000000000000001"}) {
            const search::Hits found = find(query);
            QVERIFY2(hits(found, HitGroup::Constants).size() > 0, query);
            QCOMPARE(
                m_index->text(hits(found, HitGroup::Constants)[0], search::parseQuery(query)).title,
                std::string("0.1"));
        }
        const search::Hits yes = find("const:True");
        QVERIFY(hits(yes, HitGroup::Constants).size() > 0);
        QCOMPARE(m_index->text(hits(yes, HitGroup::Constants)[0], search::parseQuery("const:True"))
                     .title,
                 std::string("True"));
    }

    // A condensed picture has no box of a constant: it is a row of who uses it, here through a
    // list.
    void constantsLeadToTheirUsers()
    {
        const search::Hits all = find("const:");
        QVERIFY(hits(all, HitGroup::Constants).size() > 100);
        const search::Hits found = find("const:2 module:layer1.0.conv1");
        QCOMPARE(hits(found, HitGroup::Constants).size(), std::size_t(1));
        const search::Hit& hit = hits(found, HitGroup::Constants)[0];
        QCOMPARE(m_index->text(hit, search::parseQuery("const:2")).title, std::string("2"));
        const search::Target target = m_index->target(hit);
        QCOMPARE(target.nodes.size(), std::size_t(1));
        QCOMPARE(target.users.size(), std::size_t(1));
        const document::NamedNode* user = m_network->nodes->node(target.users[0].loaded);
        QVERIFY(user != nullptr);
        QCOMPARE(user->kind, std::string("aten::conv2d"));
        QCOMPARE(hits(find("const:None"), HitGroup::Constants).size(), std::size_t(0));
        QVERIFY(hits(find("0.10000000000000001"), HitGroup::Constants).size() >= 17);
    }

    void placesAndLinesOfSource()
    {
        const search::Hits places = find("file:net.py:11");
        QVERIFY(!hits(places, HitGroup::Operators).empty() ||
                !hits(places, HitGroup::Places).empty());
        for (const search::Hit& hit : hits(places, HitGroup::Places))
            QCOMPARE(m_index->target(hit).line, 11U);
        QVERIFY(hits(find("file:net.py:99999"), HitGroup::Places).empty());
        QVERIFY(!hits(find("net.py:11"), HitGroup::Places).empty());

        const search::Hits lines = find("text:return");
        QCOMPARE(lines.count(), std::size_t(1));
        const search::Hit& hit = hits(lines, HitGroup::Lines)[0];
        const search::HitText text = m_index->text(hit, search::parseQuery("text:return"));
        QCOMPARE(text.title, std::string("return x"));
        QCOMPARE(text.place, std::string("net.py:11"));
        const search::Target target = m_index->target(hit);
        QCOMPARE(target.file, std::string("/models/net.py"));
        QCOMPARE(target.line, 11U);
        QVERIFY(!target.nodes.empty());
        for (const document::NodeRef& ref : target.nodes)
            QCOMPARE(m_network->nodes->node(ref.loaded)->line, std::int64_t(11));
    }

    void blocksSubgraphsAndFreeFunctions()
    {
        QCOMPARE(hits(find("aten::relu", *m_controlIndex), HitGroup::Operators).size(),
                 std::size_t(1)); // in an If in a Loop
        QCOMPARE(hits(find("aten::tanh", *m_controlIndex), HitGroup::Operators).size(),
                 std::size_t(1)); // in the body of a fork
        QCOMPARE(hits(find("aten::sigmoid", *m_controlIndex), HitGroup::Operators).size(),
                 std::size_t(1));                                      // in a fusion group
        const search::Hits found = find("aten::mul", *m_controlIndex); // in a free function
        QCOMPARE(hits(found, HitGroup::Operators).size(), std::size_t(1));
        const search::Target target = m_controlIndex->target(hits(found, HitGroup::Operators)[0]);
        QVERIFY(target.method.empty());
        QCOMPARE(target.modulePath, std::string()); // the root calls it
        QVERIFY(!hits(find("name:y.5", *m_controlIndex), HitGroup::Values).empty());
    }

    void aStageOfOneMethod()
    {
        tests::GraphMaker maker(90'000, "__torch__.ResNet.forward");
        const auto x = maker.parameter("input.7", "Tensor");
        maker.setModulePath("layer1.0.conv1");
        const auto y = maker.node("aten::conv2d", {x});
        maker.setModulePath("elsewhere");
        const auto z = maker.node("aten::relu", {y});
        maker.returns({z});
        const std::int64_t graph = m_network->addStage(maker.take());
        const auto index = indexOf(*m_network, graph, m_index.get());
        QVERIFY(index);
        const search::Hits found = find("conv2d", *index);
        QCOMPARE(hits(found, HitGroup::Operators).size(), std::size_t(1));
        const search::Target target = index->target(hits(found, HitGroup::Operators)[0]);
        QCOMPARE(target.modulePath, std::string("layer1.0.conv1"));
        QCOMPARE(target.nodes.at(0).key, ir::NodeKey(90'000));
        QCOMPARE(hits(find("module:basicblock kind:conv", *index), HitGroup::Operators).size(),
                 std::size_t(1)); // by the class of a module around it
        // A path that the module table does not have.
        QCOMPARE(hits(find("module:elsewhere", *index), HitGroup::Operators).size(),
                 std::size_t(1));
        QCOMPARE(hits(find("input.7", *index), HitGroup::Values).size(), std::size_t(1));
    }

    // The shape of what a run saw, where the graph says only Tensor.
    void typesThatWereSeenAreFound()
    {
        tests::OpenedProgram program(chain(4));
        const std::int64_t stageId = program.addStage(chain(4).functions[0].graph);
        const auto stage = program.graph(stageId).value();
        const ir::NodeKey seen = stage->nodes[1].key;
        const std::vector<document::ObservedTypeRow> rows{
            {1, static_cast<std::int64_t>(seen), "output", 0, "Float(3, 224, 7, device=cpu)"}};
        const auto types = std::make_shared<const scene::KnownTypes>(stage, rows);
        for (const std::int64_t graph : {std::int64_t{0}, stageId}) {
            const auto without = indexOf(program, graph);
            QCOMPARE(find("3x224", *without).count(), std::size_t(0));
            const auto index = indexOf(program, graph, without.get(), types);
            const search::Hits found = find("3x224", *index);
            QCOMPARE(found.count(), std::size_t(1));
            const search::Hit& hit = hits(found, HitGroup::Types).at(0);
            const search::HitText text = index->text(hit, search::parseQuery("3x224"));
            QVERIFY2(text.title.ends_with("float 3\u00d7224\u00d77"), text.title.c_str());
            QVERIFY2(text.place.starts_with("aten::tanh"), text.place.c_str());
            QCOMPARE(index->target(hit).nodes.size(), std::size_t(1));
            // Its kind and its type together; with another kind it is not it.
            QCOMPARE(hits(find("tanh 3x224", *index), HitGroup::Operators).size(), std::size_t(1));
            QCOMPARE(find("relu 3x224", *index).count(), std::size_t(0));
            QCOMPARE(find("type:224x7 type:float", *index).count(), std::size_t(1));
            QCOMPARE(hits(find("type:half", *index), HitGroup::Types).size(), std::size_t(1));
        }
    }

    void graphsThatCannotBeReadAreSaid()
    {
        const auto index =
            search::Index::build(corpusOf(*m_network),
                                 [](std::int64_t) -> Result<std::shared_ptr<const ir::Graph>> {
                                     return fail(ErrorCode::UnusableFile, "Damaged.");
                                 },
                                 {});
        QVERIFY(!index);
        QCOMPARE(index.error().what, std::string("Damaged."));
    }

    void rowsThatMakeNoSense()
    {
        search::Corpus corpus = corpusOf(*m_control);
        const std::vector<document::ModuleRow> modules = {{1, 1, "", "M", "M"},
                                                          {2, 3, "a", "A", "A"},
                                                          {3, 2, "b", "B", "B"},
                                                          {3, 99, "a", "A", "A"}};
        const std::vector<document::MethodRow> methods = {
            {1, "forward", 77}, {9, "forward", 1}, {2, "forward", 2}};
        corpus.modules = modules;
        corpus.methods = methods;
        const auto index = search::Index::build(
            corpus, [this](std::int64_t id) { return m_control->graph(id); }, {});
        QVERIFY(index);
        QVERIFY(find("relu", **index).count() > 0);
        QVERIFY(find("module:a", **index).count() > 0);
    }

    void aLargeDocument()
    {
        constexpr int nodes = 100'000;
        const tests::OpenedProgram program(chain(nodes));
        const auto index = indexOf(program);
        QVERIFY(index);
        QCOMPARE(hits(find("kind:tanh", *index), HitGroup::Operators).size(),
                 std::size_t(nodes / 2));
        QCOMPARE(hits(find("type:half", *index), HitGroup::Types).size(),
                 std::size_t(nodes / 1000));
        QCOMPARE(hits(find("type:1x64 device=cuda", *index), HitGroup::Types).size(),
                 std::size_t(nodes / 1000));
        const search::Hits one = find("name:v99999", *index);
        QCOMPARE(one.count(), std::size_t(1));
        QCOMPARE(index->target(hits(one, HitGroup::Values)[0]).nodes.size(), std::size_t(1));
        // As one types: every prefix is a query of its own.
        QElapsedTimer clock;
        clock.start();
        for (const char* query : {"r", "re", "rel", "relu", "relu v12", "relu v123"})
            QVERIFY(find(query, *index).count() > 0);
        QVERIFY2(clock.elapsed() < 5000,
                 "six queries take seconds"); // far above, for busy machines
    }

    void aSearchCanBeCancelled()
    {
        const CancelToken cancel;
        cancel.cancel();
        const auto found = m_index->find(search::parseQuery("conv"), cancel);
        QVERIFY(!found);
        QCOMPARE(found.error().code, ErrorCode::Cancelled);
        JobContext job;
        job.cancel.cancel();
        const auto index = search::Index::build(
            corpusOf(*m_network), [this](std::int64_t id) { return m_network->graph(id); }, job);
        QVERIFY(!index);
        QCOMPARE(index.error().code, ErrorCode::Cancelled);
    }

    // While the types that were seen are looked up, not only while graphs are read.
    void lookingUpTypesCanBeCancelled()
    {
        tests::OpenedProgram program(chain(4));
        const auto stage = program.graph(program.addStage(chain(4).functions[0].graph)).value();
        search::Corpus corpus = corpusOf(program);
        corpus.types = std::make_shared<const scene::KnownTypes>(
            stage, std::span<const document::ObservedTypeRow>());
        JobContext job;
        const auto index = search::Index::build(
            corpus,
            [&](std::int64_t id) {
                job.cancel.cancel(); // with the only graph
                return program.graph(id);
            },
            job);
        QVERIFY(!index);
        QCOMPARE(index.error().code, ErrorCode::Cancelled);
    }

    void threadsMayShareAnIndex()
    {
        std::vector<std::thread> threads;
        std::array<std::size_t, 4> counts{};
        for (std::size_t& count : counts)
            threads.emplace_back([this, &count] { count = find("conv").count(); });
        for (std::thread& thread : threads)
            thread.join();
        for (const std::size_t count : counts)
            QCOMPARE(count, find("conv").count());
    }

private:
    search::Hits find(const char* text) const { return find(text, *m_index); }
    static search::Hits find(const char* text, const search::Index& index)
    {
        return index.find(search::parseQuery(text)).value();
    }

    std::unique_ptr<tests::OpenedProgram> m_network;
    std::unique_ptr<tests::OpenedProgram> m_control;
    std::shared_ptr<const search::Index> m_index;
    std::shared_ptr<const search::Index> m_controlIndex;
};

QTEST_APPLESS_MAIN(SearchIndexTest)
#include "index_test.moc"
