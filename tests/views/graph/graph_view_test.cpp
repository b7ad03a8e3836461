// The graph view as its user meets it, found by object name; every warning of Qt fails the test.
#include "core/document/writer.h"
#include "tests/core/scene/graph_maker.h"
#include "tests/views/graph/graph_window.h"
#include "views/graph/graph_canvas_p.h"
#include "views/graph/graph_view.h"
#include "views/graph/minimap_p.h"

#include <QAction>
#include <QComboBox>
#include <QDialog>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QSet>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <map>
#include <set>

using namespace jitscope;
using views::GraphCanvas;
using views::GraphView;
using Window = tests::GraphWindow;

namespace {

QStringList warnings;

void keepWarnings(QtMsgType type, const QMessageLogContext&, const QString& text)
{
    // The offscreen platform says this of every window and menu.
    if (type != QtDebugMsg && type != QtInfoMsg &&
        !text.contains(QStringLiteral("This plugin does not support")) &&
        !text.contains(QStringLiteral("XDG_RUNTIME_DIR")))
        warnings.append(text);
}

} // namespace

class GraphViewTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        qInstallMessageHandler(keepWarnings);
        network = tests::makeDocument(folder, "network.jitscope", tests::residualNetwork());
        control = tests::makeDocument(folder, "control.jitscope", tests::controlFlowModel());
    }

    void cleanup()
    {
        QCOMPARE(warnings, QStringList());
        warnings.clear();
    }

    void showsTheRootWhenADocumentOpens()
    {
        Window window(network);
        QVERIFY(window.opened);
        QVERIFY(window.has("/conv1") && window.has("/layer4") && window.has("/fc"));
        QVERIFY(!window.has("/layer1/0"));
        QVERIFY(window.view.actions().size() > 12);
        QVERIFY(!window.canvas->accessibleName().isEmpty());
    }

    void saysWhenThereIsNoModel()
    {
        views::DocumentModel document;
        views::Selection selection;
        GraphView view(document, selection);
        view.resize(600, 400);
        QVERIFY(!view.grab().isNull());
        QString problem;
        QVERIFY(!view.exportImage(QStringLiteral("x.svg"), &problem));
        QVERIFY(!problem.isEmpty());
        for (QAction* action : view.actions())
            action->trigger();
    }

    void opensAndClosesByDoubleClickUnderTheCursor()
    {
        Window window(network);
        const QPoint at = window.place("/layer1");
        QTest::mouseDClick(window.canvas, Qt::LeftButton, {}, at);
        QVERIFY(window.settle());
        QVERIFY(window.has("/layer1/0") && window.has("/layer1/1"));
        QVERIFY((window.place("/layer1") - at).manhattanLength() <= 3);
        QTest::mouseDClick(window.canvas, Qt::LeftButton, {}, window.place("/layer1"));
        QVERIFY(window.settle());
        QVERIFY(!window.has("/layer1/0"));
        QVERIFY((window.place("/layer1") - at).manhattanLength() <= 3);
    }

    void opensByItsMark()
    {
        Window window(network);
        const QRectF rect =
            window.canvas->picture()->boxes[window.canvas->picture()->boxWithId("/layer2")].rect;
        const QPoint mark =
            window.canvas->view().toWidget(QPointF(rect.right() - 16, rect.top() + 13)).toPoint();
        QTest::mouseClick(window.canvas, Qt::LeftButton, {}, mark);
        QVERIFY(window.settle());
        QVERIFY(window.has("/layer2/0"));
        QVERIFY(window.selection.isEmpty());
    }

    void selectsForTheOtherViews()
    {
        Window window(network);
        QTest::mouseClick(window.canvas, Qt::LeftButton, {}, window.place("/layer3"));
        QCOMPARE(window.selection.module(), QStringLiteral("layer3"));
        window.selection.selectModule(QStringLiteral("layer1"), nullptr);
        QCOMPARE(window.current(), std::string("/layer1"));
        // What is inside a closed box rings that box, and its own when it is open.
        const document::NodeRef ref{"layer1.0.conv1", 7, 7}; // the conv2d of Conv2d.forward
        window.selection.selectNodes({ref}, nullptr);
        QCOMPARE(window.current(), std::string("/layer1"));
        window.trigger("graphExpandAll");
        window.selection.selectNodes({ref}, nullptr);
        QVERIFY(window.current().starts_with("/layer1/0/conv1/n"));
        QTest::keyClick(window.canvas, Qt::Key_Escape);
        QVERIFY(window.selection.isEmpty());
        QVERIFY(window.canvas->state().selected.empty());
    }

    void selectsANodeByClick()
    {
        Window window(control);
        window.view.zoomToFit();
        const views::Picture& picture = *window.canvas->picture();
        for (std::uint32_t i = 0; i < picture.boxes.size(); ++i) {
            if (picture.boxes[i].box->title != "cat")
                continue;
            QTest::mouseClick(window.canvas, Qt::LeftButton, {},
                              window.place(picture.boxes[i].box->id));
            QCOMPARE(window.selection.nodes().size(), std::size_t{1});
            QVERIFY(window.selection.nodes().front() == picture.boxes[i].box->refs.front());
        }
        QVERIFY(!window.selection.isEmpty());
    }

    void walksByKeys()
    {
        Window window(network);
        QTest::keyClick(window.canvas, Qt::Key_Down); // the first
        QCOMPARE(window.current(), std::string("/in0"));
        for (const char* const id : {"/conv1", "/bn1", "/relu", "/layer1"}) {
            QTest::keyClick(window.canvas, Qt::Key_Down);
            QCOMPARE(window.current(), std::string(id));
        }
        QTest::keyClick(window.canvas, Qt::Key_Return);
        QVERIFY(window.settle());
        QVERIFY(window.has("/layer1/0"));
        QTest::keyClick(window.canvas, Qt::Key_Up);
        QCOMPARE(window.current(), std::string("/relu"));
        QTest::keyClick(window.canvas, Qt::Key_Left); // alone in its rank
        QCOMPARE(window.current(), std::string("/relu"));
        QTest::keyClick(window.canvas, Qt::Key_Down);
        QTest::keyClick(window.canvas, Qt::Key_Down, Qt::ShiftModifier);
        QCOMPARE(window.current(), std::string("/layer1/in0"));
        QTest::keyClick(window.canvas, Qt::Key_Up, Qt::ShiftModifier);
        QCOMPARE(window.current(), std::string("/layer1"));
    }

    void walksAmongSeveralConsumers()
    {
        // Three take the same value, on different ranks; right and left lead from one to the other.
        tests::GraphMaker m(1, "__torch__.Fan.forward");
        m.parameter("self", "__torch__.Fan");
        const auto x = m.parameter("x", "Tensor");
        const auto a = m.node("aten::relu", {x});
        const auto b = m.node("aten::neg", {a});
        const auto c = m.node("aten::add", {b, x});
        const auto d = m.node("aten::exp", {x});
        m.returns({c, d});
        ir::Program program;
        program.modules.push_back({"", "__torch__.Fan", "Fan", ir::none, {{"forward", 0}}});
        program.functions.push_back({"__torch__.Fan.forward", "", true, m.take()});
        Window window(tests::makeDocument(folder, "fan.jitscope", program));
        const views::Picture& picture = *window.canvas->picture();
        const std::uint32_t source = picture.boxWithId("/in0");
        views::KeyboardWalk walk;
        std::set<std::string> reached;
        std::uint32_t box = walk.step(picture, source, Qt::Key_Down);
        for (int i = 0; i < 4; ++i)
            box = walk.step(picture, box, Qt::Key_Left);
        for (int i = 0; i < 5; ++i) {
            reached.insert(picture.boxes[box].box->title);
            box = walk.step(picture, box, Qt::Key_Right);
        }
        QCOMPARE(reached, (std::set<std::string>{"relu", "add", "exp"}));
        QCOMPARE(walk.step(picture, box, Qt::Key_Up), source);
    }

    void tracesWhatDependsOnWhat()
    {
        Window window(network);
        QTest::mouseClick(window.canvas, Qt::LeftButton, {}, window.place("/layer1"));
        QTest::keyClick(window.canvas, Qt::Key_U, Qt::ShiftModifier);
        const auto lit = [&window](const std::string& id) {
            return window.canvas->state().trace->boxes[window.canvas->picture()->boxWithId(id)];
        };
        QVERIFY(window.canvas->state().trace != nullptr);
        QVERIFY(lit("/conv1") && lit("/layer1") && !lit("/layer2"));
        const QImage dimmed = window.canvas->grab().toImage();
        // It holds when a box of it opens.
        QTest::keyClick(window.canvas, Qt::Key_Return);
        QVERIFY(window.settle());
        QVERIFY(lit("/conv1") && lit("/layer1/0") && !lit("/layer2"));
        QTest::keyClick(window.canvas, Qt::Key_D, Qt::ShiftModifier);
        QVERIFY(!lit("/conv1") && lit("/layer2"));
        // Escape takes the trace away first, then the selection.
        QTest::keyClick(window.canvas, Qt::Key_Escape);
        QVERIFY(window.canvas->state().trace == nullptr);
        QVERIFY(!window.selection.isEmpty());
        QVERIFY(window.canvas->grab().toImage() != dimmed);
        QTest::keyClick(window.canvas, Qt::Key_Escape);
        QVERIFY(window.selection.isEmpty());
    }

    void showsTheWaysBetweenTwo()
    {
        Window window(network);
        window.trigger("graphExpandAll");
        window.view.zoomToFit();
        auto* ways = window.view.findChild<QAction*>(QStringLiteral("graphWays"));
        window.canvas->reveal({window.canvas->picture()->boxWithId("/layer1/0/conv1")});
        QTest::mouseClick(window.canvas, Qt::LeftButton, {}, window.place("/layer1/0/conv1"));
        QVERIFY(!ways->isEnabled());
        QTest::mouseClick(window.canvas, Qt::LeftButton, Qt::ControlModifier,
                          window.place("/layer1/0/bn2"));
        QCOMPARE(window.canvas->state().selected.size(), std::size_t{2});
        QVERIFY(ways->isEnabled());
        QTest::keyClick(window.canvas, Qt::Key_P);
        const auto& trace = window.canvas->state().trace;
        QVERIFY(trace != nullptr);
        QVERIFY(trace->boxes[window.canvas->picture()->boxWithId("/layer1/0/relu")]);
        QVERIFY(!trace->boxes[window.canvas->picture()->boxWithId("/layer1/1")]);
        // A third click with Ctrl on one of them takes it out.
        QTest::mouseClick(window.canvas, Qt::LeftButton, Qt::ControlModifier,
                          window.place("/layer1/0/bn2"));
        QCOMPARE(window.canvas->state().selected.size(), std::size_t{1});
    }

    void opensToADepth()
    {
        Window window(network);
        window.trigger("graphDepth2");
        QVERIFY(window.has("/layer1/0/conv1"));
        std::uint32_t deepest = 0;
        for (const views::PictureBox& box : window.canvas->picture()->boxes)
            deepest = std::max(deepest, box.depth);
        QCOMPARE(deepest, 2U);
        window.trigger("graphDepth0");
        QCOMPARE(window.canvas->picture()->scopes.size(), std::size_t{1});
        window.trigger("graphDepthAll");
        QVERIFY(window.canvas->picture()->scopes.size() > 60);
    }

    void staysWithThePictureWhenALayoutIsStopped()
    {
        Window window(network);
        const views::PicturePtr before = window.canvas->picture();
        window.view.openToDepth(GraphView::everyDepth);
        QVERIFY(window.view.isBusy());
        QTest::keyClick(window.canvas, Qt::Key_Escape);
        QVERIFY(!window.view.isBusy());
        QTest::qWait(200);
        QVERIFY(window.canvas->picture() == before);
        // What was asked for is forgotten, not done with the next picture.
        QTest::mouseDClick(window.canvas, Qt::LeftButton, {}, window.place("/layer1"));
        QVERIFY(window.settle());
        QVERIFY(window.has("/layer1/0") && !window.has("/layer2/0"));
    }

    void foldsRepeatedBlocks()
    {
        Window window(tests::makeDocument(folder, "deep.jitscope", tests::residualNetwork(2, 5)));
        window.trigger("graphDepth1");
        QVERIFY(window.has("/layer1/0*5") && !window.has("/layer1/0"));
        window.selection.selectModule(QStringLiteral("layer1.3"), nullptr);
        QCOMPARE(window.current(), std::string("/layer1/0*5"));
        QTest::keyClick(window.canvas, Qt::Key_Return);
        QVERIFY(window.settle());
        QVERIFY(window.has("/layer1/3"));
        window.trigger("graphRepeats");
        QVERIFY(window.has("/layer1/3") && !window.has("/layer1/0*5"));
        window.trigger("graphRepeats");
        QVERIFY(window.has("/layer1/0*5"));
    }

    void keepsNeighboursWhenABoxOpens()
    {
        Window window(control);
        const auto places = [&window] {
            std::map<std::string, QRectF> rects;
            for (const views::PictureBox& box : window.canvas->picture()->boxes) {
                if (box.depth == 0)
                    rects.emplace(box.box->id, box.rect);
            }
            return rects;
        };
        const std::map<std::string, QRectF> before = places();
        for (const views::PictureBox& box : window.canvas->picture()->boxes) {
            if (!box.box->canOpen())
                continue;
            QTest::mouseDClick(window.canvas, Qt::LeftButton, {}, window.place(box.box->id));
            break;
        }
        QVERIFY(window.settle());
        QVERIFY(window.canvas->picture()->scopes.size() > 1);
        const std::map<std::string, QRectF> after = places();
        for (const auto& [a, rectA] : before) {
            for (const auto& [b, rectB] : before) {
                if (rectA.bottom() < rectB.top()) // above it
                    QVERIFY2(after.at(a).bottom() < after.at(b).top(), (a + " " + b).c_str());
            }
        }
    }

    void namesItsColours()
    {
        Window window(network);
        QSet<QRgb> conv;
        for (const char* const action : {"graphColourByClass", "graphColourByModule",
                                         "graphColourByType", "graphColourByTime"}) {
            window.trigger(action);
            const auto& colouring = window.canvas->state().colouring;
            QVERIFY2(!colouring->legend().empty() && !colouring->title().isEmpty(), action);
            conv.insert(colouring->of(window.canvas->picture()->boxWithId("/layer2")).rgb());
        }
        QVERIFY(conv.size() >= 3);
    }

    void putsLabelsOnNoBox()
    {
        Window window(control);
        window.trigger("graphExpandAll");
        QVERIFY(window.canvas->picture()->labels.empty()); // no shapes are known
        window.trigger("graphTypes");
        const views::Picture& picture = *window.canvas->picture();
        QVERIFY(picture.labels.size() > 5);
        for (std::size_t a = 0; a < picture.labels.size(); ++a) {
            const QRectF& rect = picture.labels[a].rect;
            for (const views::PictureBox& box : picture.boxes)
                QVERIFY(box.isOpen || !box.rect.intersects(rect));
            for (std::size_t b = 0; b < a; ++b)
                QVERIFY(!rect.intersects(picture.labels[b].rect));
        }
    }

    void nestsBlocks()
    {
        Window window(control);
        window.trigger("graphExpandAll");
        const views::Picture& picture = *window.canvas->picture();
        QVERIFY(picture.scopes.size() >= 8);
        for (const views::PictureBox& box : picture.boxes) {
            if (box.parent != views::noBox)
                QVERIFY(picture.boxes[box.parent].rect.contains(box.rect));
        }
        window.trigger("graphCollapseAll");
        QCOMPARE(window.canvas->picture()->scopes.size(), std::size_t{1});
    }

    void showsEveryNodeOnRequest()
    {
        Window window(network);
        const std::size_t condensed = window.canvas->picture()->boxes.size();
        window.trigger("graphRawSsa");
        QVERIFY(window.view.isRawSsa());
        QVERIFY(window.canvas->picture()->boxes.size() > condensed + 8);
        window.trigger("graphRawSsa");
        QCOMPARE(window.canvas->picture()->boxes.size(), condensed);
    }

    void zoomsAtTheCursorAndStaysInReach()
    {
        Window window(network);
        const QPointF at(300, 300);
        const QPointF scene = window.canvas->view().toScene(at);
        window.canvas->zoomBy(2, at);
        QVERIFY((window.canvas->view().toScene(at) - scene).manhattanLength() < 0.5);
        window.canvas->scrollBy(QPointF(1e7, -1e7));
        QVERIFY(window.canvas->visibleScene().intersects(window.canvas->picture()->bounds));
        for (int i = 0; i < 60; ++i)
            window.view.zoomOut();
        window.view.zoomToFit();
        QVERIFY(window.canvas->visibleScene().contains(window.canvas->picture()->bounds));
    }

    void paintsEveryLevelOfDetailInBothColourSchemes()
    {
        Window window(network);
        window.trigger("graphExpandAll");
        for (const QColor& base : {QColor(Qt::white), QColor(30, 32, 36)}) {
            QPalette palette;
            palette.setColor(QPalette::Base, base);
            palette.setColor(QPalette::Text, base == QColor(Qt::white) ? Qt::black : Qt::white);
            window.view.setPalette(palette);
            QCOMPARE(window.canvas->style().isDark(), base != QColor(Qt::white));
            for (const double scale : {0.05, 0.3, 1.0, 3.0}) {
                window.canvas->setView({scale, QPointF(50, 50)});
                const QImage image = window.canvas->grab().toImage();
                QSet<QRgb> colours;
                for (int y = 0; y < image.height(); y += 3) {
                    for (int x = 0; x < image.width(); x += 3)
                        colours.insert(image.pixel(x, y));
                }
                QVERIFY2(colours.size() > 4, qPrintable(QString::number(scale)));
            }
        }
    }

    void exportsPictures()
    {
        Window window(network);
        QString problem;
        const QString png = folder.filePath(QStringLiteral("graph.png"));
        QVERIFY2(window.view.exportImage(png, &problem), qPrintable(problem));
        QVERIFY(QImage(png).height() > 1000);
        const QString svg = folder.filePath(QStringLiteral("graph.svg"));
        QVERIFY2(window.view.exportImage(svg, &problem), qPrintable(problem));
        QFile file(svg);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().contains("AdaptiveAvgPool2d"));
        const QString pdf = folder.filePath(QStringLiteral("graph.pdf"));
        QVERIFY2(window.view.exportImage(pdf, &problem), qPrintable(problem));
        QFile page(pdf);
        QVERIFY(page.open(QIODevice::ReadOnly) && page.read(5) == "%PDF-");
        QVERIFY(page.readAll().contains("/Type /Font")); // its texts can be searched
        QVERIFY(!window.view.exportImage(folder.filePath(QStringLiteral("graph.bmp")), &problem));
        QVERIFY(problem.contains(QStringLiteral(".svg")));
        QVERIFY(!window.view.exportImage(QStringLiteral("/nowhere/graph.svg"), &problem));
    }

    void exportsWhatTheDialogSays()
    {
        Window window(network);
        window.trigger("graphDepth1");
        window.view.findChild<QAction*>(QStringLiteral("graphExport"))->trigger();
        const QPointer<QDialog> dialog =
            window.view.findChild<QDialog*>(QStringLiteral("graphExportDialog"));
        QVERIFY(dialog != nullptr && dialog->isVisible());
        auto* scope = dialog->findChild<QComboBox*>(QStringLiteral("exportScope"));
        auto* format = dialog->findChild<QComboBox*>(QStringLiteral("exportFormat"));
        auto* path = dialog->findChild<QLineEdit*>(QStringLiteral("exportPath"));
        auto* size = dialog->findChild<QLabel*>(QStringLiteral("exportSize"));
        auto* write = dialog->findChild<QPushButton*>(QStringLiteral("exportWrite"));
        QVERIFY(scope->count() > 4);
        const QString whole = size->text();
        scope->setCurrentIndex(scope->findText(QStringLiteral("Sequential layer2")));
        QVERIFY(size->text() != whole);
        path->setText(QStringLiteral("/nowhere/layer2.svg"));
        write->click();
        auto* problem = dialog->findChild<QLabel*>(QStringLiteral("exportProblem"));
        QTRY_VERIFY(problem->isVisible() && problem->text().contains(QStringLiteral("/nowhere")));
        // The suffix and the format go with each other.
        path->setText(folder.filePath(QStringLiteral("layer2.png")));
        QCOMPARE(format->currentData().toString(), QStringLiteral("png"));
        format->setCurrentIndex(format->findData(QStringLiteral("dot")));
        const QString dot = folder.filePath(QStringLiteral("layer2.dot"));
        QCOMPARE(path->text(), dot);
        write->click();
        QTRY_VERIFY(dialog == nullptr);
        QFile file(dot);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        QVERIFY(text.startsWith("digraph") && text.contains("subgraph cluster_"));
        QVERIFY(text.contains("BasicBlock") && text.contains("->"));
        QVERIFY(!text.contains("AdaptiveAvgPool2d"));
    }

    void forgetsAClosedDocument()
    {
        Window window(network);
        window.document.close();
        QTRY_VERIFY(window.canvas->picture() == nullptr);
        QVERIFY(!window.view.isBusy());
        QSignalSpy first(&window.view, &GraphView::firstFrame);
        window.document.open(control);
        QVERIFY(first.wait(20'000));
        QVERIFY(!window.has("/conv1"));
    }

private:
    QTemporaryDir folder;
    QString network;
    QString control;
};

QTEST_MAIN(GraphViewTest)
#include "graph_view_test.moc"
