// Writes a picture, or one open box of it, as a file. Private to views/graph.
#pragma once

#include "views/graph/box_times_p.h"
#include "views/graph/graph_style_p.h"
#include "views/graph/picture_p.h"

#include <QSize>
#include <QString>
#include <QStringList>

namespace jitscope::views {

struct ExportOptions
{
    std::uint32_t scope = noBox; // an open box; noBox for everything
    double scale = 2;            // pixels of a PNG for one of the picture, points of a PDF for 0.75
    bool isTransparent = false;  // no background; a PDF never has one
    GraphView::ColourBy colourBy = GraphView::ColourBy::OperatorClass;
    std::shared_ptr<const BoxTimes> times; // for ColourBy::Time
};

// "svg", "png", "pdf", "dot".
[[nodiscard]] QStringList exportFormats();

// By the suffix of the path, one of exportFormats(). A PNG is made smaller than asked when it would
// be too large, and cut off where it would be too thin then. Empty, or what went wrong. Any thread;
// long for many boxes.
[[nodiscard]] QString exportPicture(const Picture& picture, const GraphStyle& style,
                                    const ExportOptions& options, const QString& path);

// The size of a PNG in pixels.
[[nodiscard]] QSize imageSize(const Picture& picture, const ExportOptions& options);

// For the user: that a PNG shows only a part of the picture. Empty when it shows all.
[[nodiscard]] QString imageRemark(const Picture& picture, const ExportOptions& options);

} // namespace jitscope::views
