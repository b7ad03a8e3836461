// Every slice leads to the node that ran: checked against LibTorch's RecordFunction.
#include "oracle.h"
#include "recording.h"

#include <QTest>

#include <algorithm>

using namespace test;

class AttributionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void operatorsRunInsideTheirNodes_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"residual_cnn_scripted", "residual_cnn_traced",
                                 "transformer_scripted", "transformer_traced", "nested_if_loop",
                                 "lstm", "several_methods", "frozen_cnn", "pointwise"})
            QTest::newRow(name) << QString::fromUtf8(name);
    }
    void operatorsRunInsideTheirNodes()
    {
        QFETCH(QString, name);
        auto opened = open(sample(name.toStdString()));
        QVERIFY(opened.has_value());
        auto asked = request(*opened, sampleInputs(name.toStdString()), 2);
        asked.checkOutputs = false;
        KeepingSink sink;
        oracle::OperatorEvents events;
        const auto outcome = record::run(*opened->session, asked, sink, JobContext{});
        QVERIFY2(outcome.has_value(), outcome ? "" : outcome.error().message().c_str());
        QVERIFY(!outcome->verdict.outputsEqual.has_value());

        int inside = 0;
        for (const oracle::OperatorEvent& event : events.take()) {
            if (!isInRecordedIteration(event, *outcome))
                continue;
            const auto kind = innermostKind(event, sink);
            QVERIFY2(!kind.empty(), ("outside of any node: " + event.name).c_str());
            // Some operators are made of others and open no record of their own.
            const bool madeOfOthers = kind == "aten::Int" || kind == "aten::Bool" ||
                                      kind == "aten::Float" || kind == "aten::tensor" ||
                                      kind == "prim::ConstantChunk" ||
                                      kind == "prim::NumToTensor" || kind == "aten::IntImplicit";
            QVERIFY2(kind == event.name || madeOfOthers, (event.name + " in " + kind).c_str());
            ++inside;
        }
        QVERIFY(inside > 0);
    }

    void slicesLeadToTheStage()
    {
        auto opened = open(sample("residual_cnn_scripted"));
        QVERIFY(opened.has_value());
        KeepingSink sink;
        const auto outcome =
            record::run(*opened->session, request(*opened, {"1x3x32x32"}), sink, JobContext{});
        QVERIFY(outcome.has_value());
        std::map<ir::NodeKey, const ir::Node*> nodes;
        for (const ir::Node& node : opened->stage.graph.nodes)
            nodes.emplace(node.key, &node);
        int convolutions = 0;
        for (const auto& [thread, slice] : sink.slices) {
            if (sink.kinds.at(slice.node) != "aten::conv2d")
                continue;
            const auto& origins = sink.origins.at(slice.node);
            QCOMPARE(origins.size(), std::size_t{1});
            const ir::Node* origin = nodes.at(origins[0]);
            QCOMPARE(std::string(opened->stage.graph.kind(*origin)), std::string("aten::conv2d"));
            QVERIFY(origin->source.line > 0);
            QVERIFY(!opened->stage.graph.text(origin->modulePath).empty());
            ++convolutions;
        }
        QVERIFY(convolutions > 5);
    }

    void aFusedGroupLeadsToItsMembers()
    {
        const oracle::CpuFusion fusion;
        auto opened = open(sample("pointwise"));
        QVERIFY(opened.has_value());
        KeepingSink sink;
        const auto outcome = record::run(
            *opened->session, request(*opened, {"16x256", "16x256"}, 2), sink, JobContext{});
        QVERIFY2(outcome.has_value(), outcome ? "" : outcome.error().message().c_str());
        QCOMPARE(outcome->verdict.outputsEqual, std::optional(true));
        QVERIFY(sink.slicesOfKind("prim::TensorExprGroup") >= 2);
        std::set<ir::NodeKey> stage;
        for (const ir::Node& node : opened->stage.graph.nodes)
            stage.insert(node.key);
        for (const auto& [key, kind] : sink.kinds) {
            if (kind != "prim::TensorExprGroup")
                continue;
            QVERIFY(sink.origins.at(key).size() > 1);
            for (const ir::NodeKey origin : sink.origins.at(key))
                QVERIFY(stage.contains(origin));
        }
    }

    void forksAreRecordedOnTheirThreads()
    {
        auto opened = open(sample("fork_wait"));
        QVERIFY(opened.has_value());
        KeepingSink sink;
        const auto outcome =
            record::run(*opened->session, request(*opened, {"4x32"}, 3), sink, JobContext{});
        QVERIFY(outcome.has_value());
        std::set<std::int64_t> threads;
        for (const auto& [thread, slice] : sink.slices)
            threads.insert(thread);
        QVERIFY(threads.size() >= 2);
        QVERIFY(sink.slicesOfKind("prim::fork") >= 3);
        QVERIFY(sink.slicesOfKind("aten::wait") >= 3);
        // The bodies are plans of their own, and their nodes lead to those of the stage's bodies.
        bool hasBody = false;
        for (const auto& [index, plan] : sink.plans)
            hasBody = hasBody || !plan.isMain;
        QVERIFY(hasBody);
        QVERIFY(sink.slicesOfKind("aten::linear") + sink.slicesOfKind("aten::addmm") >= 3);
    }

private:
    static bool isInRecordedIteration(const oracle::OperatorEvent& event,
                                      const record::RunOutcome& outcome)
    {
        return std::any_of(outcome.iterations.begin(), outcome.iterations.end(),
                           [&](const record::IterationTimes& times) {
                               return times.number >= 0 && event.start >= times.start &&
                                      event.end <= times.end;
                           });
    }

    // The kind of the shortest slice that contains the middle of the event: a begin or end may miss
    // by the precision of the clocks' conversion.
    static std::string innermostKind(const oracle::OperatorEvent& event, const KeepingSink& sink)
    {
        const std::int64_t middle = (event.start + event.end) / 2;
        const document::NodeSlice* best = nullptr;
        for (const auto& [thread, slice] : sink.slices) {
            if (slice.start <= middle && middle <= slice.start + slice.duration &&
                (best == nullptr || slice.duration < best->duration))
                best = &slice;
        }
        return best == nullptr ? std::string() : sink.kinds.at(best->node);
    }
};

QTEST_GUILESS_MAIN(AttributionTest)
#include "attribution_test.moc"
