// Where one is in the graph: jumps and the way back, what is in sight after a change, and what lies
// over the picture.
#include "tests/core/scene/graph_maker.h"
#include "tests/views/graph/graph_window.h"
#include "views/graph/minimap_p.h"

#include <QImage>
#include <QMenu>
#include <QPointer>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <algorithm>

using namespace jitscope;
using Window = tests::GraphWindow;

class GraphPlacesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        network = tests::makeDocument(folder, "network.jitscope", tests::residualNetwork());
    }

    void init()
    {
        QTest::failOnWarning(QRegularExpression(
            QStringLiteral("^(?!This plugin does not support|.*XDG_RUNTIME_DIR)")));
    }

    void thePathAboveIsTheRootWhereAllIsInSight()
    {
        Window window(network);
        window.trigger("graphDepthAll");
        const auto steps = [&window] {
            int count = 0;
            for (const QToolButton* button : window.view.findChildren<QToolButton*>())
                count += button->accessibleName().startsWith(QStringLiteral("Go to")) ? 1 : 0;
            return count;
        };
        window.canvas->reveal({window.canvas->picture()->boxWithId("/layer2/0")});
        window.trigger("graphZoomActual");
        QTRY_VERIFY(steps() > 1);
        window.trigger("graphFit");
        const QPointF middle = QRectF(window.canvas->rect()).center();
        QVERIFY(window.canvas->picture()->boxAt(window.canvas->view().toScene(middle)) !=
                views::noBox);
        QTRY_COMPARE(steps(), 1);
    }

    void jumpsFromAStubToItsValue()
    {
        tests::GraphMaker m(1, "__torch__.Hub.forward");
        m.parameter("self", "__torch__.Hub");
        const auto mask = m.parameter("mask", "Tensor");
        auto y = m.parameter("x", "Tensor");
        for (int i = 0; i < 30; ++i)
            y = m.node("aten::add", {y, mask});
        m.returns({y});
        ir::Program program;
        program.modules.push_back({"", "__torch__.Hub", "Hub", ir::none, {{"forward", 0}}});
        program.functions.push_back({"__torch__.Hub.forward", "", true, m.take()});
        Window window(tests::makeDocument(folder, "hub.jitscope", program));
        const views::Picture& picture = *window.canvas->picture();
        const auto stub = std::find_if(picture.boxes.rbegin(), picture.boxes.rend(),
                                       [](const views::PictureBox& box) {
                                           return box.box->kind == scene::BoxKind::Reference;
                                       });
        QVERIFY(stub != picture.boxes.rend());
        const auto index =
            static_cast<std::uint32_t>(std::distance(stub, picture.boxes.rend()) - 1);
        window.canvas->reveal({index});
        QTest::mouseClick(window.canvas, Qt::LeftButton, {}, window.place(stub->box->id));
        QCOMPARE(window.current(), std::string("/in0"));
        QVERIFY(
            window.canvas->visibleScene().contains(picture.boxes[picture.boxWithId("/in0")].rect));
        // From the value down the keys lead to those that use it, past the stubs.
        QTest::keyClick(window.canvas, Qt::Key_Down);
        QVERIFY(window.current() != "/in0");
        QVERIFY(picture.boxes[picture.boxWithId(window.current())].box->title == "add");
    }

    void backFromAStubLeadsToWhereItWas()
    {
        Window window(tests::makeDocument(folder, "dense.jitscope", dense()));
        const std::uint32_t stub = lastStub(window, 1);
        QVERIFY(stub != views::noBox);
        const views::Picture& picture = *window.canvas->picture();
        const std::string consumer = consumerOf(picture, stub);
        window.selection.selectModule({}, nullptr); // something else, before
        window.canvas->approach({stub});
        QTest::mouseClick(window.canvas, Qt::LeftButton, {},
                          window.place(picture.boxes[stub].box->id));
        QCOMPARE(window.current(), picture.boxes[stub].box->far.front().box);
        window.selection.goBack();
        QCOMPARE(window.current(), consumer);
        QVERIFY(window.canvas->visibleScene().intersects(
            picture.boxes[picture.boxWithId(consumer)].rect));
    }

    void aStubForManyValuesAsksWhich()
    {
        Window window(tests::makeDocument(folder, "dense.jitscope", dense()));
        const std::uint32_t stub = lastStub(window, 7);
        QVERIFY(stub != views::noBox);
        const views::Picture& picture = *window.canvas->picture();
        const scene::Box& box = *picture.boxes[stub].box;
        const std::string consumer = consumerOf(picture, stub);
        window.canvas->approach({stub});
        QTest::mouseClick(window.canvas, Qt::LeftButton, {}, window.place(box.id));
        const QPointer<QMenu> menu =
            window.view.findChild<QMenu*>(QStringLiteral("graphValuesMenu"));
        QVERIFY(menu != nullptr && menu->isVisible());
        QCOMPARE(menu->actions().size(), static_cast<qsizetype>(box.far.size()));
        menu->actions()[3]->trigger();
        menu->close();
        QCOMPARE(window.current(), box.far[3].box);
        window.selection.goBack();
        QCOMPARE(window.current(), consumer);
        // By keys the stub leads up to any of them, and they down past it.
        views::KeyboardWalk walk;
        QVERIFY(picture.boxWithId(box.far[3].box) != views::noBox);
        const auto stubs = picture.referencesTo(picture.boxWithId(box.far[3].box));
        QVERIFY(std::find(stubs.begin(), stubs.end(), stub) != stubs.end());
        QVERIFY(walk.step(picture, stub, Qt::Key_Up) != stub);
    }

    void backToAnInputThatIsNoNode()
    {
        Window window(network);
        QTest::mouseClick(window.canvas, Qt::LeftButton, {}, window.place("/in0"));
        QCOMPARE(window.current(), std::string("/in0"));
        QTest::mouseClick(window.canvas, Qt::LeftButton, {}, window.place("/layer1"));
        window.selection.goBack();
        QCOMPARE(window.current(), std::string("/in0"));
        window.selection.goForward();
        QCOMPARE(window.current(), std::string("/layer1"));
    }

    void fitsAllWhenAllWasInSight()
    {
        Window window(network);
        window.trigger("graphDepth0");
        window.view.zoomToFit();
        QVERIFY(window.canvas->seesAll());
        window.trigger("graphDepth2");
        QVERIFY(window.canvas->seesAll());
        window.trigger("graphCollapseAll");
        QVERIFY(window.canvas->seesAll());
        window.trigger("graphExpandAll");
        QVERIFY(window.canvas->seesAll());
        // Else one stays where one is, and sees what one is in when it has closed.
        const std::uint32_t deep = window.canvas->picture()->boxWithId("/layer3/1/bn2");
        window.canvas->approach({deep});
        QVERIFY(!window.canvas->seesAll());
        const double scale = window.canvas->view().scale;
        window.trigger("graphDepth0");
        QCOMPARE(window.canvas->view().scale, scale);
        const std::uint32_t around = window.canvas->picture()->boxWithId("/layer3");
        QVERIFY(
            window.canvas->visibleScene().intersects(window.canvas->picture()->boxes[around].rect));
    }

    void fitLeavesRoomForTheLegend()
    {
        Window window(network);
        auto* legend = window.view.findChild<views::Legend*>(QStringLiteral("graphLegend"));
        window.trigger("graphDepth2");
        for (const QSize size : {QSize(1200, 900), QSize(500, 900), QSize(1400, 400)}) {
            window.view.resize(size);
            QCoreApplication::processEvents();
            window.view.zoomToFit();
            QVERIFY(window.canvas->seesAll());
            if (legend->isHidden())
                continue;
            const QRectF covered = window.canvas->view().toScene(QRectF(legend->geometry()));
            for (const views::PictureBox& box : window.canvas->picture()->boxes)
                QVERIFY2(!box.rect.intersects(covered), box.box->id.c_str());
        }
    }

    void panelsKeepAboveTheFoot()
    {
        Window window(network);
        window.trigger("graphExpandAll");
        window.canvas->setView({2, QPointF(100, 100)});
        const auto lowest = [&window](const char* panel) {
            const auto* found = window.view.findChild<QWidget*>(QString::fromLatin1(panel));
            return found->isVisible() ? found->geometry().bottom() : -1;
        };
        const int legend = lowest("graphLegend");
        const int map = lowest("graphMinimap");
        QVERIFY(legend > 0 && map > 0);
        window.view.setFoot(50);
        QCOMPARE(lowest("graphLegend"), legend - 50);
        QCOMPARE(lowest("graphMinimap"), map - 50);
        window.view.setFoot(0);
        QCOMPARE(lowest("graphLegend"), legend);
    }

    void panelsAreTranslucentUntilPointedAt()
    {
        Window window(network);
        window.trigger("graphExpandAll");
        auto* legend = window.view.findChild<views::Legend*>(QStringLiteral("graphLegend"));
        QVERIFY(legend->isVisible());
        window.canvas->setView({1, QPointF(100, 100)});
        const auto cornerOf = [legend] {
            QImage image(legend->size(), QImage::Format_ARGB32_Premultiplied);
            image.fill(Qt::transparent);
            legend->render(&image, {}, {}, QWidget::DrawChildren);
            return image.pixelColor(image.width() / 2, 4).alphaF();
        };
        const float away = cornerOf();
        QTest::mouseMove(window.canvas, legend->geometry().center());
        const float near = cornerOf();
        QVERIFY(near > 0.9F);
        QVERIFY2(away < 0.8F, qPrintable(QString::number(away)));
        QTest::mouseMove(window.canvas, QPoint(window.canvas->width() - 10, 10));
        QCOMPARE(cornerOf(), away);
    }

private:
    static ir::Program dense()
    {
        ir::Program program;
        program.modules.push_back({"", "__torch__.Dense", "Dense", ir::none, {{"forward", 0}}});
        program.functions.push_back({"__torch__.Dense.forward", "", true,
                                     tests::denseGraph(20, 1, "__torch__.Dense.forward")});
        return program;
    }

    // Of those for at least so many values.
    static std::uint32_t lastStub(const Window& window, std::size_t values)
    {
        const auto& boxes = window.canvas->picture()->boxes;
        std::uint32_t found = views::noBox;
        for (std::uint32_t i = 0; i < boxes.size(); ++i) {
            const std::size_t count = boxes[i].box->far.size();
            if (count >= values && (values > 1 || count == 1))
                found = i;
        }
        return found;
    }

    static std::string consumerOf(const views::Picture& picture, std::uint32_t stub)
    {
        for (const std::uint32_t e : picture.edgesOf(stub)) {
            if (picture.edges[e].from == stub)
                return picture.boxes[picture.edges[e].to].box->id;
        }
        return {};
    }

    QTemporaryDir folder;
    QString network;
};

QTEST_MAIN(GraphPlacesTest)
#include "graph_places_test.moc"
