// Makes a picture for the window: composed in its fonts, found by place. One thread. Private to
// views/graph.
#pragma once

#include "core/layout/layout.h"
#include "core/picture/composer.h"
#include "core/picture/edge_labels.h"
#include "core/scene/scope_builder.h"
#include "views/graph/picture_p.h"
#include "views/graph/text_width_p.h"

#include <set>
#include <string>

namespace jitscope::views {

class PictureBuilder
{
public:
    // `scopes` and `engine` must outlive it.
    PictureBuilder(scene::ScopeBuilder& scopes, const layout::Engine& engine,
                   const QFont& titleFont, const QFont& textFont);

    struct Wanted
    {
        const std::set<std::string>& open; // ids of boxes; those that are not there are ignored
        picture::EdgeLabels labels = picture::EdgeLabels::Shapes;
    };
    // What cannot be read is left closed, and its message appended to `problems`.
    [[nodiscard]] Result<PicturePtr> build(const scene::ScopePtr& root, const Wanted& wanted,
                                           const CancelToken& cancel,
                                           std::vector<std::string>& problems);

    // The ids of all boxes in `box` that can be opened, itself included, outermost first, until
    // `limit` boxes would be shown.
    [[nodiscard]] std::set<std::string> everythingIn(const scene::Box& box, std::size_t limit,
                                                     const CancelToken& cancel);
    // The ids of the boxes to open so that `depth` levels of boxes are open, outer levels first,
    // until `limit` boxes would be shown. Blocks of an If or Loop count with it.
    [[nodiscard]] std::set<std::string> levels(const scene::Scope& root, int depth,
                                               std::size_t limit, const CancelToken& cancel);

private:
    scene::ScopeBuilder& m_scopes;
    FontMeasure m_measure;
    picture::Composer m_composer;
};

} // namespace jitscope::views
