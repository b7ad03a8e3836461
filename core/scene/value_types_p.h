// The type of a value as it is shown: what its graph states, else what is known of it from
// elsewhere. In `loaded` a value is followed into the calls that make it or take it. Private to
// core/scene.
#pragma once

#include "core/scene/inside_p.h"
#include "core/scene/known_types.h"

#include <functional>
#include <memory>
#include <string>

namespace jitscope::scene {

class ValueTypes
{
public:
    // The graph of a method or function in `loaded`, in one instance; null if it cannot be read.
    using Bodies = std::function<ContextPtr(const BodyInside&)>;

    // `known` may be null.
    ValueTypes(std::shared_ptr<const KnownTypes> known, const ModelOutline& outline, Bodies bodies)
        : m_known(std::move(known)), m_outline(outline), m_bodies(std::move(bodies))
    {}

    [[nodiscard]] std::string of(const GraphContext& context, ir::ValueId value) const;

private:
    [[nodiscard]] std::string find(const GraphContext& context, ir::ValueId value, int depth) const;
    [[nodiscard]] std::string ofUse(const GraphContext& context, const ir::Use& use,
                                    int depth) const;
    // What a call in `loaded` opens to; nothing for any other node and where it is not known.
    [[nodiscard]] ContextPtr calleeOf(const GraphContext& context, const ir::Node& node) const;

    std::shared_ptr<const KnownTypes> m_known;
    const ModelOutline& m_outline;
    Bodies m_bodies;
};

} // namespace jitscope::scene
