// Time of a frame while panning a picture of 10,000 boxes: a network of residual blocks, laid out
// as one scope and painted into an image of 1600 x 1000 at 100 %, 50 % and 25 %.
#include "core/layout/layered_layout.h"
#include "tests/bench/report.h"
#include "views/graph/colouring_p.h"
#include "views/graph/picture_painter_p.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QImage>

#include <algorithm>
#include <random>

using namespace jitscope;

namespace {

constexpr std::uint32_t boxCount = 10'000;
constexpr int frames = 200;

std::shared_ptr<const scene::Scope> makeScope()
{
    auto scope = std::make_shared<scene::Scope>();
    const char* const titles[] = {"conv2d", "batch_norm", "relu", "add_", "max_pool2d", "linear"};
    const scene::OperatorClass classes[] = {
        scene::OperatorClass::Linear,     scene::OperatorClass::Normalisation,
        scene::OperatorClass::Activation, scene::OperatorClass::Pointwise,
        scene::OperatorClass::Reduction,  scene::OperatorClass::Linear};
    // Forty branches side by side, so that the picture fills a window at every zoom.
    constexpr std::uint32_t branches = 40;
    for (std::uint32_t i = 0; i < boxCount; ++i) {
        scene::Box box;
        box.id = "n" + std::to_string(i);
        box.title = titles[i / branches % 6];
        box.operatorClass = classes[i / branches % 6];
        if (i / branches % 3 == 0)
            box.rows = {{"weight", "64\u00d764\u00d73\u00d73"}, {"stride", "[2, 2]"}};
        box.inputs.resize(2);
        box.outputs.resize(1);
        scope->boxes.push_back(std::move(box));
        if (i >= branches)
            scope->edges.push_back(
                {i - branches, 0, i, 0, "x", "Tensor", "float 1\u00d764\u00d756\u00d756"});
        if (i >= 4 * branches && i % 3 == 0)
            scope->edges.push_back({i - 4 * branches, 0, i, 1, "y", "Tensor", ""});
    }
    return scope;
}

views::Picture makePicture(const scene::ScopePtr& scope)
{
    layout::Graph graph;
    for (const scene::Box& box : scope->boxes)
        graph.boxes.push_back({{130, 26 + 22 * static_cast<double>(box.rows.size())}});
    for (const scene::Edge& edge : scope->edges)
        graph.edges.push_back({edge.from, edge.to, 65, edge.toPort == 0 ? 54.0 : 76.0});
    const auto placement = layout::LayeredLayout().place(graph, {});
    views::Picture picture;
    picture.scopes.push_back({scope});
    for (std::size_t i = 0; i < scope->boxes.size(); ++i) {
        picture.boxes.push_back({QRectF(placement->positions[i].x, placement->positions[i].y,
                                        graph.boxes[i].size.width, graph.boxes[i].size.height),
                                 &scope->boxes[i]});
    }
    for (std::size_t e = 0; e < scope->edges.size(); ++e) {
        views::PictureEdge edge;
        edge.edge = &scope->edges[e];
        edge.from = scope->edges[e].from;
        edge.to = scope->edges[e].to;
        edge.firstPoint = static_cast<std::uint32_t>(picture.points.size());
        for (const layout::Point& point : placement->route(e))
            picture.points.emplace_back(point.x, point.y);
        edge.pointCount = static_cast<std::uint32_t>(picture.points.size()) - edge.firstPoint;
        picture.edges.push_back(edge);
    }
    picture.index();
    return picture;
}

} // namespace

int main(int argc, char** argv)
{
    const QApplication application(argc, argv);
    const scene::ScopePtr scope = makeScope();
    const views::Picture picture = makePicture(scope);
    const views::GraphStyle style(QApplication::palette(), QApplication::font());
    views::PicturePainter paint(style);
    QImage image(1600, 1000, QImage::Format_RGB32);
    const QRectF area(image.rect());
    views::PaintState state;
    state.isMoving = true;
    state.colouring = std::make_shared<const views::Colouring>(
        picture, style, views::GraphView::ColourBy::OperatorClass, nullptr);

    std::vector<double> all;
    for (const double scale : {1.0, 0.5, 0.25}) {
        std::mt19937 random(1);
        std::vector<double> times;
        views::ViewTransform view{scale, {0, 0}};
        const QSizeF room = picture.bounds.size() * scale - area.size();
        view.offset = QPointF(-std::max(0.0, room.width()) / 2, 0);
        const double step = std::max(1.0, room.height() / frames);
        for (int frame = 0; frame < frames; ++frame) {
            view.offset -= QPointF(static_cast<double>(random() % 5) - 2, step);
            QElapsedTimer timer;
            timer.start();
            QPainter painter(&image);
            paint.paintBackground(painter, view, area, 1);
            paint.paint(painter, picture, view, area, state);
            painter.end();
            times.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
        }
        std::sort(times.begin(), times.end());
        std::fprintf(stderr, "pan at %.2f: median %.2f ms, worst %.2f ms\n", scale,
                     times[times.size() / 2], times.back());
        all.insert(all.end(), times.begin(), times.end());
    }
    constexpr double goal = 16; // milliseconds: 60 frames a second
    const double middle = bench::median(all);
    bench::report({"pan_10k_boxes_median", middle, "ms", {}, "<= 16 ms", middle <= goal});
    constexpr double worstGoal = 33; // two of them
    const double worst = *std::max_element(all.begin(), all.end());
    bench::report({"pan_10k_boxes_worst", worst, "ms", {}, "<= 33 ms", worst <= worstGoal});
    return 0;
}
