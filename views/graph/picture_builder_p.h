// Makes a picture: opens the boxes that are to be open, lays out their scopes from the inside out,
// puts everything at its place. Keeps what it laid out, so that opening one box costs its scope and
// those around it. One thread. Private to views/graph.
#pragma once

#include "core/layout/automatic_layout.h"
#include "core/scene/scope_builder.h"
#include "views/graph/box_metrics_p.h"
#include "views/graph/picture_p.h"

#include <map>
#include <set>
#include <string>

namespace jitscope::views {

class PictureBuilder
{
public:
    // `scopes` and `engine` must outlive it.
    PictureBuilder(scene::ScopeBuilder& scopes, const layout::Engine& engine,
                   const QFont& titleFont, const QFont& textFont);

    // `open` holds the ids of the boxes to open; those that are not there are ignored. What cannot
    // be read is left closed, and its message appended to `problems`.
    [[nodiscard]] Result<PicturePtr> build(const scene::ScopePtr& root,
                                           const std::set<std::string>& open,
                                           const CancelToken& cancel,
                                           std::vector<std::string>& problems);

    // The ids of all boxes in `box` that can be opened, itself included, outermost first, until
    // `limit` boxes would be shown.
    [[nodiscard]] std::set<std::string> everythingIn(const scene::Box& box, std::size_t limit,
                                                     const CancelToken& cancel);

private:
    struct Composition
    {
        scene::ScopePtr scope;
        std::vector<layout::Size> sizes;
        std::shared_ptr<const layout::Placement> placement;
        std::map<std::uint32_t, std::shared_ptr<const Composition>> children; // of open boxes
    };
    struct Cached
    {
        layout::Graph graph; // what was laid out
        std::shared_ptr<const layout::Placement> placement;
    };

    struct Job
    {
        const std::set<std::string>& open;
        const CancelToken& cancel;
        std::vector<std::string>& problems;
    };

    [[nodiscard]] Result<std::shared_ptr<const Composition>> compose(const scene::ScopePtr& scope,
                                                                     const Job& job, int depth);
    [[nodiscard]] Result<std::shared_ptr<const layout::Placement>>
    place(const std::string& id, layout::Graph graph, const CancelToken& cancel);
    [[nodiscard]] layout::Size openSize(const scene::Box& box, const Composition& inside) const;
    [[nodiscard]] static QPointF contentOrigin(const layout::Size& size, const Composition& inside);
    [[nodiscard]] static double portX(const scene::Box& box, const layout::Size& size,
                                      const Composition* inside, std::size_t port, bool isInput);
    void flatten(const Composition& composition, QPointF origin, std::uint32_t owner,
                 std::uint32_t depth, Picture& picture) const;
    static void addLinks(const Composition& inside, std::uint32_t owner, std::uint32_t firstBox,
                         Picture& picture);

    scene::ScopeBuilder& m_scopes;
    const layout::Engine& m_engine;
    BoxMetrics m_metrics;
    std::map<std::string, Cached> m_placements; // by scope id
};

} // namespace jitscope::views
