// Tells whether two modules are alike: the same class, tensors of the same shapes, and the same
// graphs all the way down, whatever their values, names and mangled types are called. Private to
// core/scene.
#pragma once

#include "core/scene/inside_p.h"
#include "core/scene/scope_builder.h"

#include <cstdint>
#include <optional>
#include <unordered_map>

namespace jitscope::scene {

class Structure
{
public:
    // Both must outlive it.
    Structure(const ModelOutline& outline, const GraphSource& graphs)
        : m_outline(outline), m_graphs(graphs)
    {}

    // For boxes of modules; false when a graph cannot be read. Looks at what is cheap first, and
    // remembers the rest.
    [[nodiscard]] bool areAlike(const Box& a, const Box& b);

private:
    using Hash = std::uint64_t;

    [[nodiscard]] bool haveLikeTensors(const std::string& a, const std::string& b) const;
    [[nodiscard]] std::optional<Hash> hashOf(const Box& box);
    [[nodiscard]] std::optional<Hash> hashOf(const document::FunctionRow& function,
                                             const std::string& selfPath, int depth);
    [[nodiscard]] static Hash hashOf(const RegionInside& region);

    const ModelOutline& m_outline;
    const GraphSource& m_graphs;
    // By id. Instances of one type share their functions, and types say what is below.
    std::unordered_map<std::int64_t, std::optional<Hash>> m_functions;
};

} // namespace jitscope::scene
