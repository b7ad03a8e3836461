#include "views/graph/graph_export_p.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QImage>
#include <QSaveFile>
#include <QSvgGenerator>

#include <algorithm>
#include <cmath>

namespace jitscope::views {

namespace {

constexpr double exportMargin = 24;
constexpr double largestPixels = 200e6; // of a PNG: 800 MB while it is painted
constexpr double largestSide = 32000;

QString translated(const char* text)
{
    return QCoreApplication::translate("GraphExport", text);
}

void paintAll(QPainter& painter, const Picture& picture, const GraphStyle& style,
              GraphView::ColourBy colourBy, const QSizeF& size)
{
    PaintState state;
    state.colouring = std::make_shared<const Colouring>(picture, style, colourBy, nullptr);
    const ViewTransform view{1, QPointF(exportMargin, exportMargin) - picture.bounds.topLeft()};
    painter.fillRect(QRectF({0, 0}, size), style.background);
    PicturePainter(style).paint(painter, picture, view, QRectF({0, 0}, size), state);
}

} // namespace

QString exportPicture(const Picture& picture, const GraphStyle& style, GraphView::ColourBy colourBy,
                      const QString& path)
{
    const QSizeF size = picture.bounds.size() + QSizeF(2 * exportMargin, 2 * exportMargin);
    const QString suffix = QFileInfo(path).suffix().toLower();
    if (suffix != QStringLiteral("svg") && suffix != QStringLiteral("png")) {
        return translated("A picture is written as .svg or .png; the name \"%1\" ends in neither.")
            .arg(QFileInfo(path).fileName());
    }
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return translated("The file %1 cannot be written: %2.").arg(path, file.errorString());
    if (suffix == QStringLiteral("svg")) {
        QSvgGenerator generator;
        generator.setOutputDevice(&file);
        generator.setResolution(96);
        generator.setSize(size.toSize());
        generator.setViewBox(QRectF({0, 0}, size));
        generator.setTitle(QString::fromStdString(picture.title));
        QPainter painter(&generator);
        paintAll(painter, picture, style, colourBy, size);
        painter.end();
    } else {
        const double most =
            std::min(std::sqrt(largestPixels / std::max(1.0, size.width() * size.height())),
                     largestSide / std::max(size.width(), size.height()));
        const double ratio = std::min(2.0, most);
        QImage image((size * ratio).toSize(), QImage::Format_RGB32);
        if (image.isNull())
            return translated("There is not enough memory for this picture. Write it as .svg.");
        QPainter painter(&image);
        painter.scale(ratio, ratio);
        paintAll(painter, picture, style, colourBy, size);
        painter.end();
        if (!image.save(&file, "PNG"))
            return translated("The file %1 cannot be written.").arg(path);
    }
    if (!file.commit())
        return translated("The file %1 cannot be written: %2.").arg(path, file.errorString());
    return {};
}

} // namespace jitscope::views
