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
    using Call = KnownTypes::Call;

    [[nodiscard]] std::string find(const GraphContext& context, ir::ValueId value, Call call,
                                   int depth) const;
    [[nodiscard]] std::string ofMaker(const GraphContext& context, ir::ValueId value, Call call,
                                      int depth) const;
    [[nodiscard]] std::string ofUses(const GraphContext& context, ir::ValueId value, Call call,
                                     int depth) const;
    [[nodiscard]] std::string ofUse(const GraphContext& context, const ir::Use& use, Call call,
                                    int depth) const;
    // What a call in `loaded` opens to; nothing for any other node and where it is not known.
    [[nodiscard]] ContextPtr calleeOf(const GraphContext& context, const ir::Node& node) const;
    // Which of all calls of its callee a call is, itself in a body that is called as `around` says.
    [[nodiscard]] static Call callAt(const GraphContext& context, ir::NodeId call, Call around);

    std::shared_ptr<const KnownTypes> m_known;
    const ModelOutline& m_outline;
    Bodies m_bodies;
};

} // namespace jitscope::scene
