#include "views/graph/graph_export_p.h"

#include "views/graph/dot_text_p.h"
#include "views/graph/picture_painter_p.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QImage>
#include <QPageSize>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>

#include <algorithm>
#include <cmath>

namespace jitscope::views {

namespace {

constexpr double exportMargin = 24;
constexpr double largestPixels = 200e6; // of a PNG: 800 MB while it is painted
constexpr double largestSide = 32000;
constexpr double thinnestSide = 100; // pixels: in a thinner image nothing can be seen
constexpr double pointsPerPixel = 0.75;
constexpr double largestPage = 14400; // points; what readers of PDF accept

QString translated(const char* text)
{
    return QCoreApplication::translate("GraphExport", text);
}

QRectF areaOf(const Picture& picture, const ExportOptions& options)
{
    const bool isAll = options.scope == noBox || options.scope >= picture.boxes.size();
    const QRectF area = isAll ? picture.bounds : picture.boxes[options.scope].rect;
    return area.adjusted(-exportMargin, -exportMargin, exportMargin, exportMargin);
}

// One open box with all in it, as a picture of its own.
std::shared_ptr<const Picture> partOf(const Picture& picture, std::uint32_t scope)
{
    auto part = std::make_shared<Picture>();
    part->title = picture.boxes[scope].box->title;
    std::vector<std::uint32_t> places(picture.boxes.size(), noBox);
    for (std::uint32_t i = 0; i < picture.boxes.size(); ++i) {
        if (!picture.isInside(i, scope))
            continue;
        places[i] = static_cast<std::uint32_t>(part->boxes.size());
        PictureBox box = picture.boxes[i];
        box.parent = i == scope ? noBox : places[box.parent];
        box.scope = 0;
        part->boxes.push_back(box);
    }
    for (const PictureEdge& edge : picture.edges) {
        if (places[edge.from] == noBox || places[edge.to] == noBox)
            continue;
        // What arrives at the box itself comes from outside, but for its own links.
        const bool isOuter = !edge.isLink && (edge.from == scope || edge.to == scope);
        if (isOuter)
            continue;
        PictureEdge kept = edge;
        kept.from = places[edge.from];
        kept.to = places[edge.to];
        kept.firstPoint = static_cast<std::uint32_t>(part->points.size());
        const auto route = picture.route(edge);
        part->points.insert(part->points.end(), route.begin(), route.end());
        if (edge.label != noLabel) {
            kept.label = static_cast<std::uint32_t>(part->labels.size());
            part->labels.push_back(picture.labels[edge.label]);
        }
        part->edges.push_back(kept);
    }
    part->scopes = picture.scopes; // they keep the boxes alive
    part->index();
    return part;
}

void paintAll(QPainter& painter, const Picture& picture, const GraphStyle& style,
              const ExportOptions& options, bool hasBackground, QSizeF shown = {})
{
    QRectF area = areaOf(picture, {});
    if (shown.isValid())
        area.setSize(shown);
    PaintState state;
    state.colouring =
        std::make_shared<const Colouring>(picture, style, options.colourBy, options.times.get());
    const QRectF page({0, 0}, area.size());
    if (hasBackground)
        painter.fillRect(page, style.background);
    PicturePainter(style).paint(painter, picture, {1, -area.topLeft()}, page, state);
}

struct ImagePlan
{
    double ratio = 1; // pixels for one of the picture
    QSizeF shown;     // of the picture, from its upper left corner
    bool isPart = false;
};

// All of it, smaller than wanted if need be. What is so long that nothing could be seen then, such
// as a chain of many thousand nodes, is cut off where the image ends.
ImagePlan planOf(const QSizeF& size, double wanted)
{
    const double longer = std::max({1.0, size.width(), size.height()});
    const double shorter = std::max(1.0, std::min(size.width(), size.height()));
    const double most =
        std::min(std::sqrt(largestPixels / std::max(1.0, longer * shorter)), largestSide / longer);
    ImagePlan plan{std::min(wanted, most), size};
    if (shorter * plan.ratio >= std::min(thinnestSide, shorter * wanted))
        return plan;
    plan.ratio = wanted;
    plan.isPart = true;
    plan.shown = size.boundedTo(QSizeF(largestSide, largestSide) / plan.ratio);
    return plan;
}

QSize pixelsOf(const ImagePlan& plan)
{
    return (plan.shown * plan.ratio).toSize();
}

QString writeImage(const Picture& picture, const GraphStyle& style, const ExportOptions& options,
                   QIODevice& file)
{
    const ImagePlan plan = planOf(areaOf(picture, {}).size(), options.scale);
    QImage image(pixelsOf(plan), options.isTransparent ? QImage::Format_ARGB32_Premultiplied
                                                       : QImage::Format_RGB32);
    if (image.isNull())
        return translated("There is not enough memory for this picture. Write it as .svg.");
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.scale(plan.ratio, plan.ratio);
    paintAll(painter, picture, style, options, !options.isTransparent, plan.shown);
    painter.end();
    return image.save(&file, "PNG") ? QString{} : translated("The image cannot be encoded.");
}

void writeSvg(const Picture& picture, const GraphStyle& style, const ExportOptions& options,
              QIODevice& file)
{
    const QSizeF size = areaOf(picture, {}).size();
    QSvgGenerator generator;
    generator.setOutputDevice(&file);
    generator.setResolution(96);
    generator.setSize(size.toSize());
    generator.setViewBox(QRectF({0, 0}, size));
    generator.setTitle(QString::fromStdString(picture.title));
    QPainter painter(&generator);
    paintAll(painter, picture, style, options, !options.isTransparent);
}

void writePdf(const Picture& picture, const GraphStyle& style, const ExportOptions& options,
              QIODevice& file)
{
    const QSizeF size = areaOf(picture, {}).size();
    const double wanted = options.scale * pointsPerPixel;
    const double ratio = std::min(wanted, largestPage / std::max(size.width(), size.height()));
    QPdfWriter writer(&file);
    writer.setTitle(QString::fromStdString(picture.title));
    writer.setCreator(QStringLiteral("Jitscope"));
    constexpr int resolution = 1200; // dots an inch, for lines at fractions of a point
    writer.setResolution(resolution);
    writer.setPageSize(QPageSize(size * ratio, QPageSize::Point, {}, QPageSize::ExactMatch));
    writer.setPageMargins({});
    QPainter painter(&writer);
    constexpr double pointsPerInch = 72;
    painter.scale(ratio * resolution / pointsPerInch, ratio * resolution / pointsPerInch);
    paintAll(painter, picture, style, options, style.isDark());
}

} // namespace

QStringList exportFormats()
{
    return {QStringLiteral("svg"), QStringLiteral("png"), QStringLiteral("pdf"),
            QStringLiteral("dot")};
}

QSize imageSize(const Picture& picture, const ExportOptions& options)
{
    return pixelsOf(planOf(areaOf(picture, options).size(), options.scale));
}

QString imageRemark(const Picture& picture, const ExportOptions& options)
{
    const QSizeF size = areaOf(picture, options).size();
    const ImagePlan plan = planOf(size, options.scale);
    if (!plan.isPart)
        return {};
    const double share = plan.shown.width() * plan.shown.height() / (size.width() * size.height());
    return translated("The graph is too long for one image, which shows only the first %1 % of it. "
                      "An SVG or PDF has all of it.")
        .arg(share * 100, 0, 'g', 2);
}

QString exportPicture(const Picture& whole, const GraphStyle& style, const ExportOptions& options,
                      const QString& path)
{
    const QString suffix = QFileInfo(path).suffix().toLower();
    if (!exportFormats().contains(suffix)) {
        return translated("A graph is written as .svg, .png, .pdf or .dot; the name \"%1\" ends in "
                          "none of them.")
            .arg(QFileInfo(path).fileName());
    }
    const bool isPart = options.scope < whole.boxes.size();
    const std::shared_ptr<const Picture> part = isPart ? partOf(whole, options.scope) : nullptr;
    const Picture& picture = isPart ? *part : whole;
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return translated("The file %1 cannot be written: %2.").arg(path, file.errorString());
    QString problem;
    if (suffix == QStringLiteral("svg"))
        writeSvg(picture, style, options, file);
    else if (suffix == QStringLiteral("png"))
        problem = writeImage(picture, style, options, file);
    else if (suffix == QStringLiteral("pdf"))
        writePdf(picture, style, options, file);
    else
        file.write(QByteArray::fromStdString(dotTextOf(picture)));
    if (!problem.isEmpty())
        return problem;
    if (!file.commit())
        return translated("The file %1 cannot be written: %2.").arg(path, file.errorString());
    return {};
}

} // namespace jitscope::views
