// Which boxes open, and whether everything has its place.
#include "tests/core/picture/drawn_model.h"
#include "tests/core/scene/graph_maker.h"

#include <QTest>

using namespace jitscope;

namespace {

bool contains(const picture::Rect& outer, const picture::Rect& inner)
{
    constexpr double tolerance = 0.01;
    return inner.x >= outer.x - tolerance && inner.y >= outer.y - tolerance &&
           inner.right() <= outer.right() + tolerance &&
           inner.bottom() <= outer.bottom() + tolerance;
}

// The paths of the modules that are open.
std::set<std::string> openModules(tests::DrawnModel& model, const picture::OpeningRule& rule)
{
    std::set<std::string> paths;
    const picture::Drawing drawing = model.drawing(rule).value();
    for (const picture::DrawnBox& box : drawing.boxes) {
        if (box.isOpen && box.box->kind == scene::BoxKind::Module)
            paths.insert(box.box->modulePath);
    }
    return paths;
}

const picture::OpeningRule everything{9, true, true, 20'000};

} // namespace

class ComposerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void depthOpensLevels();
    void leavesStayClosed();
    void bodiesCostNoDepth();
    void limitClosesTheDeepest();
    void everythingHasItsPlace();
    void edgesEndAtTheirBoxes();
    void cancelIsCancelled();
};

void ComposerTest::depthOpensLevels()
{
    tests::DrawnModel model(tests::residualNetwork(2, 2));
    QVERIFY(openModules(model, {0, false, true, 20'000}).empty());
    const std::set<std::string> one = openModules(model, {1, false, true, 20'000});
    QVERIFY(one.contains("layer1"));
    QVERIFY(!one.contains("layer1.0"));
    const std::set<std::string> two = openModules(model, {2, false, true, 20'000});
    QVERIFY(two.contains("layer1"));
    QVERIFY(two.contains("layer1.0"));
    QVERIFY(two.contains("layer2.1"));
}

void ComposerTest::leavesStayClosed()
{
    tests::DrawnModel model(tests::residualNetwork(1, 1));
    QVERIFY(!openModules(model, {9, false, true, 20'000}).contains("layer1.0.conv1"));
    QVERIFY(openModules(model, everything).contains("layer1.0.conv1"));
}

void ComposerTest::bodiesCostNoDepth()
{
    tests::DrawnModel model(tests::controlFlowModel());
    const auto countOpen = [&](const picture::OpeningRule& rule, scene::BoxKind kind) {
        const picture::Drawing drawing = model.drawing(rule).value();
        return std::count_if(drawing.boxes.begin(), drawing.boxes.end(), [kind](const auto& box) {
            return box.box->kind == kind && box.isOpen;
        });
    };
    const picture::OpeningRule shut{0, false, true, 20'000};
    QVERIFY(countOpen(shut, scene::BoxKind::Control) >= 2); // the If in the Loop
    QVERIFY(countOpen(shut, scene::BoxKind::Region) >= 3);
    QVERIFY(countOpen(shut, scene::BoxKind::Fusion) >= 1);
    QCOMPARE(countOpen(shut, scene::BoxKind::Function), 0);
    QCOMPARE(countOpen({0, false, false, 20'000}, scene::BoxKind::Control), 0);
    QVERIFY(countOpen({1, false, true, 20'000}, scene::BoxKind::Function) >= 1);
}

void ComposerTest::limitClosesTheDeepest()
{
    tests::DrawnModel model(tests::residualNetwork(4, 4));
    const picture::Opening all = model.opening(everything);
    QVERIFY(all.isComplete);
    const picture::Opening some = model.opening({9, true, true, 60});
    QVERIFY(!some.isComplete);
    QVERIFY(some.open.size() < all.open.size());
    QVERIFY(openModules(model, {9, true, true, 60}).contains("layer1"));
    QVERIFY(model.drawing({9, true, true, 60}).value().boxes.size() <= 60);
}

void ComposerTest::everythingHasItsPlace()
{
    for (const bool isControlFlow : {false, true}) {
        tests::DrawnModel model(isControlFlow ? tests::controlFlowModel()
                                              : tests::residualNetwork(2, 2));
        const picture::Drawing drawing = model.drawing(everything).value();
        QVERIFY(drawing.boxes.size() > 20);
        for (std::size_t i = 0; i < drawing.boxes.size(); ++i) {
            const picture::DrawnBox& box = drawing.boxes[i];
            if (box.parent == picture::noBox)
                continue;
            QVERIFY(box.parent < i);
            QVERIFY(drawing.boxes[box.parent].isOpen);
            QVERIFY2(contains(drawing.boxes[box.parent].rect, box.rect), box.box->id.c_str());
            for (std::size_t k = i + 1; k < drawing.boxes.size(); ++k) {
                if (drawing.boxes[k].scope == box.scope)
                    QVERIFY2(!box.rect.intersects(drawing.boxes[k].rect), box.box->id.c_str());
            }
        }
    }
}

void ComposerTest::edgesEndAtTheirBoxes()
{
    tests::DrawnModel model(tests::controlFlowModel());
    const picture::Drawing drawing = model.drawing(everything).value();
    std::size_t links = 0;
    for (const picture::DrawnEdge& edge : drawing.edges) {
        const auto route = drawing.route(edge);
        QVERIFY(route.size() >= 2);
        QCOMPARE(edge.edge == nullptr, edge.isLink);
        links += edge.isLink ? 1 : 0;
        if (edge.isLink)
            continue;
        const picture::Rect from = drawing.boxes[edge.from].rect;
        const picture::Rect to = drawing.boxes[edge.to].rect;
        QVERIFY(std::abs(route.front().y - from.bottom()) < 1);
        QVERIFY(std::abs(route.back().y - to.y) < 1);
        QVERIFY(route.front().x >= from.x && route.front().x <= from.right());
        QVERIFY(route.back().x >= to.x && route.back().x <= to.right());
    }
    QVERIFY(links > 0);
}

void ComposerTest::cancelIsCancelled()
{
    tests::DrawnModel model(tests::residualNetwork(1, 1));
    const CancelToken cancel;
    cancel.cancel();
    const Result<picture::Drawing> drawing = model.drawing(everything, cancel);
    QVERIFY(!drawing);
    QVERIFY(drawing.error().code == ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(ComposerTest)
#include "composer_test.moc"
