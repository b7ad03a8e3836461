// Where the labels of edges stand, and where none may be.
#include "tests/core/picture/drawn_model.h"
#include "tests/core/picture/label_check.h"
#include "tests/core/picture/shaped_program.h"
#include "tests/core/scene/graph_maker.h"

#include <QTest>

#include <deque>

using namespace jitscope;
using picture::EdgeLabel;
using picture::EdgeLabels;
using picture::Rect;

namespace {

// Six pixels a byte.
class EvenMeasure final : public picture::TextMeasure
{
public:
    [[nodiscard]] double titleWidth(std::string_view text) const override
    {
        return 6.0 * static_cast<double>(text.size());
    }
    [[nodiscard]] double textWidth(std::string_view text) const override
    {
        return titleWidth(text);
    }
    [[nodiscard]] double textHeight() const override { return 12; }
};

// A drawing put together by hand.
class Sketch
{
public:
    std::uint32_t box(const Rect& rect, std::uint32_t parent = picture::noBox, bool isOpen = false,
                      scene::BoxKind kind = scene::BoxKind::Operator)
    {
        scene::Box& box = m_boxes.emplace_back();
        box.id = "box" + std::to_string(m_boxes.size());
        box.title = box.id;
        box.kind = kind;
        drawing.boxes.push_back({rect, &box, parent, 0, isOpen, 0});
        return static_cast<std::uint32_t>(drawing.boxes.size() - 1);
    }
    void edge(std::uint32_t from, std::uint32_t to, const std::vector<layout::Point>& route,
              const char* label = "int 12", std::uint32_t port = 0, const char* type = "Tensor",
              layout::RouteStyle style = layout::RouteStyle::Vertical)
    {
        scene::Edge& edge = m_edges.emplace_back();
        edge.fromPort = port;
        edge.label = label;
        edge.type = type;
        picture::DrawnEdge drawn;
        drawn.edge = &edge;
        drawn.from = from;
        drawn.to = to;
        drawn.firstPoint = static_cast<std::uint32_t>(drawing.points.size());
        drawn.pointCount = static_cast<std::uint32_t>(route.size());
        drawn.style = style;
        drawing.points.insert(drawing.points.end(), route.begin(), route.end());
        drawing.edges.push_back(drawn);
    }
    [[nodiscard]] std::vector<EdgeLabel> labels(EdgeLabels kind = EdgeLabels::Shapes) const
    {
        return picture::placeEdgeLabels(drawing, kind, EvenMeasure());
    }
    // "x,y width text" of each label.
    [[nodiscard]] std::vector<std::string> shown(EdgeLabels kind = EdgeLabels::Shapes) const
    {
        std::vector<std::string> texts;
        for (const EdgeLabel& label : labels(kind)) {
            const auto number = [](double v) { return std::to_string(std::lround(v)); };
            texts.push_back(number(label.rect.x) + ',' + number(label.rect.y) + ' ' +
                            number(label.rect.width) + ' ' + label.text);
        }
        return texts;
    }

    picture::Drawing drawing;

private:
    std::deque<scene::Box> m_boxes;
    std::deque<scene::Edge> m_edges;
};

using Texts = std::vector<std::string>;

// Two boxes, one far below the other, and the line between them.
Sketch column()
{
    Sketch sketch;
    sketch.box({0, 0, 100, 26});
    sketch.box({0, 226, 100, 26});
    sketch.edge(0, 1, {{50, 26}, {50, 226}});
    return sketch;
}

} // namespace

class EdgeLabelsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void standsRightBelowItsBox() { QCOMPARE(column().shown(), Texts{"55,29 37 int 12"}); }

    void goesToTheOtherSide()
    {
        Sketch sketch = column();
        sketch.box({60, 30, 100, 26});
        QCOMPARE(sketch.shown(), Texts{"8,29 37 int 12"});
    }

    void goesToTheMiddle()
    {
        Sketch sketch = column();
        sketch.box({60, 30, 100, 26});
        sketch.box({-60, 30, 100, 26});
        QCOMPARE(sketch.shown(), Texts{"55,120 37 int 12"});
    }

    void isLeftOutWhereNoRoomIs()
    {
        Sketch sketch = column();
        sketch.box({60, 27, 100, 190});
        sketch.box({-60, 27, 100, 190});
        QCOMPARE(sketch.shown(), Texts{});
    }

    void losesWhatDoesNotFit()
    {
        Sketch sketch = column();
        sketch.box({80, 27, 100, 190}); // 23 pixels from the label's left end
        sketch.box({-60, 27, 100, 190});
        QCOMPARE(sketch.shown(), Texts{"55,29 13 12"});
    }

    void keepsToItsBox()
    {
        const auto inside = [](double width) {
            Sketch sketch;
            const std::uint32_t open = sketch.box({0, 0, width, 300}, picture::noBox, true);
            const double x = width / 2;
            sketch.box({x - 10, 44, 20, 26}, open);
            sketch.box({x - 10, 244, 20, 26}, open);
            sketch.edge(1, 2, {{x, 70}, {x, 244}});
            return sketch.shown();
        };
        QCOMPARE(inside(200), Texts{"105,73 37 int 12"});
        QCOMPARE(inside(80), Texts{"45,73 13 12"}); // the border is 40 from the line
        QCOMPARE(inside(30), Texts{});
    }

    void titlesAreInTheWay()
    {
        Sketch sketch = column();
        sketch.box({60, 20, 100, 150}, picture::noBox, true);
        sketch.box({-160, 10, 200, 150}, picture::noBox, true);
        // A label in an open box is of an edge in that box.
        QCOMPARE(sketch.shown(), Texts{});
        Sketch around;
        around.box({0, 0, 300, 300}, picture::noBox, true);
        around.box({100, 0, 100, 10}, 0);
        around.box({100, 290, 100, 10}, 0);
        around.edge(1, 2, {{150, 10}, {150, 290}});
        QCOMPARE(around.shown(), Texts{"155,144 37 int 12"}); // not in the title bar, 26 high
    }

    void isNotPutIntoABoxThatItsEdgePasses()
    {
        Sketch sketch = column();
        sketch.box({-200, -100, 500, 500}, picture::noBox, true);
        QCOMPARE(sketch.shown(), Texts{});
    }

    void labelsKeepApart()
    {
        Sketch sketch = column();
        sketch.edge(0, 1, {{54, 26}, {54, 226}}, "int 34", 1);
        const std::vector<EdgeLabel> labels = sketch.labels();
        QCOMPARE(labels.size(), std::size_t{2});
        QCOMPARE(tests::misplaced(sketch.drawing, labels), std::string());
    }

    void aLineIsAvoided()
    {
        Sketch sketch;
        sketch.box({0, 0, 100, 26});
        sketch.box({100, 126, 100, 26});
        sketch.edge(0, 1, {{50, 26}, {150, 46}, {150, 126}}); // turns right at once
        QCOMPARE(sketch.shown(), Texts{"8,29 37 int 12"});
        sketch.box({-60, 30, 100, 26});
        QCOMPARE(sketch.shown(), Texts{"155,40 37 int 12"}); // at the next point of the route
        sketch.box({151, 30, 100, 90});
        sketch.box({40, 60, 109, 60});
        QCOMPARE(sketch.shown(), Texts{"55,29 37 int 12"}); // better on a line than nowhere
    }

    void curvesAreFollowed()
    {
        Sketch sketch;
        sketch.box({0, 0, 100, 26});
        sketch.box({0, 126, 100, 26});
        sketch.edge(0, 1, {{50, 26}, {250, 26}, {250, 126}, {50, 126}}, "int 12", 0, "Tensor",
                    layout::RouteStyle::Bezier);
        sketch.box({-60, 30, 112, 90});
        sketch.box({52, 30, 20, 90});
        QCOMPARE(sketch.shown(), Texts{"205,70 37 int 12"}); // the curve's middle is at 200
    }

    void onePortHasOneLabel()
    {
        Sketch sketch = column();
        sketch.box({200, 226, 100, 26});
        sketch.edge(1, 2, {{50, 252}, {240, 226}}, ""); // another's between them
        sketch.edge(0, 2, {{50, 26}, {250, 126}, {250, 226}});
        QCOMPARE(sketch.shown().size(), std::size_t{1});
        // The second edge has room where the first has none.
        sketch.box({60, 27, 30, 190});
        sketch.box({-60, 27, 105, 190});
        QCOMPARE(sketch.shown(), Texts{"255,120 37 int 12"});
    }

    void inputsSayItThemselves()
    {
        Sketch sketch;
        sketch.box({0, 0, 100, 26}, picture::noBox, false, scene::BoxKind::Input);
        sketch.box({0, 226, 100, 26});
        sketch.edge(0, 1, {{50, 26}, {50, 226}});
        QCOMPARE(sketch.shown(), Texts{"55,29 37 int 12"}); // it has no subtitle
        scene::Box input = *sketch.drawing.boxes[0].box;
        input.subtitle = "int 12";
        sketch.drawing.boxes[0].box = &input;
        QCOMPARE(sketch.shown(), Texts{});
    }

    void typesStandInForShapes()
    {
        Sketch sketch;
        sketch.box({0, 0, 100, 26});
        sketch.box({0, 226, 100, 26});
        const std::vector<layout::Point> route{{50, 26}, {50, 226}};
        const auto textOf = [&](const char* label, const char* type) {
            sketch.drawing.edges.clear();
            sketch.edge(0, 1, route, label, 0, type);
            const std::vector<EdgeLabel> labels = sketch.labels(EdgeLabels::Types);
            return labels.empty() ? std::string() : labels[0].text;
        };
        QCOMPARE(textOf("float 8", "Float(8)"), std::string("float 8"));
        QCOMPARE(textOf("", "int[]"), std::string("int[]"));
        QCOMPARE(textOf("", "__torch__.models.Net"), std::string("Net"));
        QCOMPARE(textOf("", ""), std::string());
        QCOMPARE(textOf("", (std::string(35, 'x') + "\u00d7\u00d7").c_str()),
                 std::string(35, 'x') + "\u2026");
        // The end of a type is not its shape.
        sketch.box({90, 27, 100, 190});
        sketch.box({-60, 27, 100, 190});
        QCOMPARE(textOf("", "Dict(str, int)"), std::string());
        QCOMPARE(sketch.shown(EdgeLabels::Shapes), Texts{});
    }

    void composedScenesHaveNoneMisplaced_data()
    {
        QTest::addColumn<bool>("isControlFlow");
        QTest::addColumn<int>("depth");
        for (const int depth : {0, 1, 2, 9}) {
            QTest::addRow("control flow %d", depth) << true << depth;
            QTest::addRow("residual %d", depth) << false << depth;
        }
    }

    void composedScenesHaveNoneMisplaced()
    {
        QFETCH(bool, isControlFlow);
        QFETCH(int, depth);
        const auto program = [&] {
            return isControlFlow ? tests::controlFlowModel() : tests::residualNetwork(2, 2);
        };
        const picture::OpeningRule rule{depth, depth > 2, true, 20'000};
        for (const bool hasShapes : {false, true}) {
            tests::DrawnModel model(hasShapes ? tests::withShapes(program()) : program());
            const picture::Drawing drawing = model.drawing(rule).value();
            const picture::TableMeasure measure;
            const auto shapes = picture::placeEdgeLabels(drawing, EdgeLabels::Shapes, measure);
            const auto types = picture::placeEdgeLabels(drawing, EdgeLabels::Types, measure);
            QCOMPARE(tests::misplaced(drawing, shapes), std::string());
            QCOMPARE(tests::misplaced(drawing, types), std::string());
            QCOMPARE(shapes.empty(), !hasShapes);
            QVERIFY(types.size() >= 3);
        }
    }

    void cancelledItPlacesNoMore()
    {
        const CancelToken cancel;
        cancel.cancel();
        QVERIFY(!column().labels().empty());
        QVERIFY(
            picture::placeEdgeLabels(column().drawing, EdgeLabels::Shapes, EvenMeasure(), cancel)
                .empty());
    }

    void emptyDrawingHasNone()
    {
        QVERIFY(Sketch().labels().empty());
        Sketch sketch = column();
        sketch.drawing.edges[0].pointCount = 0; // not laid out
        QVERIFY(sketch.labels().empty());
    }
};

QTEST_GUILESS_MAIN(EdgeLabelsTest)
#include "edge_labels_test.moc"
