// Makes a drawing: opens the boxes that are to be open, lays out their scopes from the inside out,
// puts everything at its place. Keeps what it laid out, so that opening one box costs its scope and
// those around it. Belongs to one thread.
#pragma once

#include "core/picture/box_metrics.h"
#include "core/picture/drawing.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace jitscope::picture {

class Composer
{
public:
    // All three must outlive it.
    Composer(scene::ScopeBuilder& scopes, const layout::Engine& engine, const TextMeasure& measure);

    // `open` holds the ids of the boxes to open; those that are not there are ignored. What cannot
    // be read is left closed, and its message appended to `problems`.
    [[nodiscard]] Result<Drawing> compose(const scene::ScopePtr& root,
                                          const std::set<std::string>& open,
                                          const CancelToken& cancel,
                                          std::vector<std::string>& problems);

private:
    struct Composition
    {
        scene::ScopePtr scope;
        std::vector<layout::Size> sizes;
        std::shared_ptr<const layout::Placement> placement;
        std::map<std::uint32_t, std::shared_ptr<const Composition>> children; // of open boxes
    };
    struct Placed
    {
        layout::Graph graph; // what was laid out
        std::shared_ptr<const layout::Placement> placement;
    };
    struct Cached
    {
        Placed first;  // whose order all later ones keep
        Placed latest; // with boxes opened or closed since
    };
    struct Job
    {
        const std::set<std::string>& open;
        const CancelToken& cancel;
        std::vector<std::string>& problems;
    };

    [[nodiscard]] Result<std::shared_ptr<const Composition>> arrange(const scene::ScopePtr& scope,
                                                                     const Job& job, int depth);
    [[nodiscard]] Result<std::shared_ptr<const layout::Placement>>
    place(const std::string& id, layout::Graph graph, const CancelToken& cancel);
    [[nodiscard]] layout::Size openSize(const scene::Box& box, const Composition& inside) const;
    [[nodiscard]] static layout::Point contentOrigin(const layout::Size& size,
                                                     const Composition& inside);
    [[nodiscard]] static double portX(const scene::Box& box, const layout::Size& size,
                                      const Composition* inside, std::size_t port, bool isInput);
    void flatten(const Composition& composition, layout::Point origin, std::uint32_t owner,
                 std::uint32_t depth, Drawing& drawing) const;
    static void addLinks(const Composition& inside, std::uint32_t owner, std::uint32_t firstBox,
                         Drawing& drawing);

    scene::ScopeBuilder& m_scopes;
    const layout::Engine& m_engine;
    BoxMetrics m_metrics;
    std::map<std::string, Cached> m_placements; // by scope id
};

} // namespace jitscope::picture
