// Showing what stands in closed boxes: they are opened, and it is brought into view.
#include "core/document/writer.h"
#include "tests/core/scene/graph_maker.h"
#include "views/graph/graph_canvas_p.h"
#include "views/graph/graph_view.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>

using namespace jitscope;
using views::GraphCanvas;
using views::GraphView;

class RevealTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(
            QStringLiteral("^(?!This plugin does not support|.*XDG_RUNTIME_DIR)")));
    }

    void cleanup()
    {
        m_view.reset();
        m_document.reset();
    }

    void aNodeInModulesOneInTheOther()
    {
        open(tests::residualNetwork());
        const document::NodeRef conv = node("aten::conv2d", "layer2.1.conv2");
        m_selection.selectNodes({conv}, this);
        m_view->reveal(conv, QStringLiteral("forward"));
        QVERIFY(settle());
        const views::PictureBox* box = currentBox();
        QVERIFY(box != nullptr);
        QCOMPARE(box->box->nodeKind, std::string("aten::conv2d"));
        QCOMPARE(box->box->modulePath, std::string("layer2.1.conv2"));
        QVERIFY(m_canvas->visibleScene().intersects(box->rect));
        // What was open stays open.
        m_view->revealModule(QStringLiteral("layer4.0.bn2"));
        QVERIFY(settle());
        QVERIFY(hasModule("layer4.0.bn2"));
        QVERIFY(hasModule("layer2.1.conv2"));
    }

    // Also when all of the graph is in sight, as small as it is then.
    void largeEnoughToBeRead()
    {
        open(tests::residualNetwork());
        m_view->openToDepth(GraphView::everyDepth);
        QVERIFY(settle());
        m_view->zoomToFit();
        QVERIFY(m_canvas->view().scale < 0.4);
        const document::NodeRef conv = node("aten::conv2d", "layer2.1.conv2");
        m_selection.selectNodes({conv}, this);
        QVERIFY(m_canvas->view().scale < 0.4); // ringed, no more
        m_view->reveal(conv, QStringLiteral("forward"));
        QVERIFY(settle());
        QVERIFY(m_canvas->view().scale >= 0.7);
        QVERIFY(m_canvas->visibleScene().contains(currentBox()->rect));
        // One that is near enough stays where it is.
        const views::ViewTransform view = m_canvas->view();
        m_view->reveal(conv, QStringLiteral("forward"));
        QVERIFY(settle());
        QCOMPARE(m_canvas->view().scale, view.scale);
        m_view->zoomToFit();
        m_view->revealModule(QStringLiteral("layer3.1"));
        m_selection.selectModule(QStringLiteral("layer3.1"), nullptr);
        QVERIFY(settle());
        QVERIFY(m_canvas->view().scale >= 0.7);
        const QRectF open = m_canvas->picture()->boxes[m_canvas->state().current].rect;
        QVERIFY(m_canvas->visibleScene().contains(open.topLeft())); // where its title is
    }

    void aNodeInBlocks()
    {
        open(tests::controlFlowModel());
        const document::NodeRef relu = node("aten::relu", "");
        m_selection.selectNodes({relu}, this);
        m_view->reveal(relu);
        QVERIFY(settle());
        QVERIFY(currentBox() != nullptr);
        QCOMPARE(currentBox()->box->nodeKind, std::string("aten::relu"));
    }

    // What the shown method does not reach is in another one.
    void aNodeOfAnotherMethod()
    {
        ir::Program program = tests::residualNetwork();
        tests::GraphMaker maker(50'000, "__torch__.ResNet.encode");
        maker.parameter("self", "__torch__.ResNet");
        const auto x = maker.parameter("x.1", "Tensor");
        maker.returns({maker.node("aten::tanh", {x}, "aten::tanh(Tensor self) -> Tensor")});
        program.functions.push_back({"__torch__.ResNet.encode",
                                     "encode(__torch__.ResNet self, Tensor x) -> Tensor", true,
                                     maker.take()});
        program.modules[0].methods.push_back(
            {"encode", static_cast<ir::FunctionId>(program.functions.size() - 1)});
        open(program);
        const document::NodeRef tanh = node("aten::tanh", "");
        m_selection.selectNodes({tanh}, this);
        m_view->reveal(tanh, QStringLiteral("encode"));
        QVERIFY(settle());
        QVERIFY(currentBox() != nullptr);
        QCOMPARE(currentBox()->box->nodeKind, std::string("aten::tanh"));
        // And back.
        const document::NodeRef conv = node("aten::conv2d", "conv1");
        m_selection.selectNodes({conv}, this);
        m_view->reveal(conv);
        QVERIFY(settle());
        QCOMPARE(currentBox()->box->modulePath, std::string("conv1"));
    }

    void whatIsNowhereChangesNothing()
    {
        open(tests::residualNetwork());
        const std::size_t before = m_canvas->picture()->boxes.size();
        m_view->reveal({"no.such", 77'777, 77'777}, QStringLiteral("forward"));
        QVERIFY(settle());
        m_view->revealModule(QStringLiteral("no.such.module"));
        QVERIFY(settle());
        QCOMPARE(m_canvas->picture()->boxes.size(), before);
    }

    void boxesThatAUserNames()
    {
        open(tests::residualNetwork());
        QSignalSpy notFound(m_view.get(), &GraphView::boxesNotFound);
        m_view->openBoxes({QStringLiteral("layer2.1"), QStringLiteral("/layer3/0")});
        QVERIFY(settle());
        QVERIFY(hasModule("layer2.1.conv2"));
        QVERIFY(hasModule("layer3.0.conv1"));
        QVERIFY(notFound.isEmpty());
        m_view->openBoxes({QStringLiteral("layer4.0"), QStringLiteral("/nosuch")});
        QVERIFY(settle());
        QVERIFY(hasModule("layer4.0.conv1"));
        QCOMPARE(notFound.size(), 1);
        QCOMPARE(notFound.front().front().toStringList(), QStringList(QStringLiteral("/nosuch")));
    }

private:
    void open(const ir::Program& program)
    {
        cleanup();
        const QString path = m_folder.filePath(QStringLiteral("model.jitscope"));
        QVERIFY(document::Writer::create(path.toStdString()).value().writeProgram(program));
        m_document = std::make_unique<views::DocumentModel>();
        m_view = std::make_unique<GraphView>(*m_document, m_selection);
        m_view->resize(1200, 900);
        m_view->show();
        QSignalSpy first(m_view.get(), &GraphView::firstFrame);
        m_document->open(path);
        QVERIFY(first.wait(20'000));
        m_canvas = m_view->findChild<GraphCanvas*>(QStringLiteral("graphCanvas"));
    }

    bool settle() const
    {
        return QTest::qWaitFor([this] { return !m_view->isBusy(); }, 20'000);
    }

    [[nodiscard]] document::NodeRef node(std::string_view kind, std::string_view module) const
    {
        for (const document::NamedNode& named : m_document->nodeIndex()->nodes()) {
            if (named.kind == kind)
                return m_document->nodeIndex()->refOf(module, named.key);
        }
        qFatal("no such node");
        return {};
    }

    [[nodiscard]] const views::PictureBox* currentBox() const
    {
        const std::uint32_t box = m_canvas->state().current;
        return box == views::noBox ? nullptr : &m_canvas->picture()->boxes[box];
    }

    [[nodiscard]] bool hasModule(std::string_view path) const
    {
        const auto& boxes = m_canvas->picture()->boxes;
        return std::any_of(boxes.begin(), boxes.end(), [path](const views::PictureBox& box) {
            return box.box->kind == scene::BoxKind::Module && box.box->modulePath == path;
        });
    }

    QTemporaryDir m_folder;
    views::Selection m_selection;
    std::unique_ptr<views::DocumentModel> m_document;
    std::unique_ptr<GraphView> m_view;
    GraphCanvas* m_canvas = nullptr;
};

QTEST_MAIN(RevealTest)
#include "reveal_test.moc"
