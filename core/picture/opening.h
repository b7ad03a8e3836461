// Which boxes of a picture are to be open when nobody opens them by hand.
#pragma once

#include "core/scene/scope_builder.h"

#include <set>
#include <string>

namespace jitscope::picture {

struct OpeningRule
{
    int depth = 0;       // modules and functions within one another that are opened
    bool leaves = false; // also modules that are one operator, such as Conv2d
    bool bodies = true;  // blocks of If and Loop, forks, fused groups; they cost no depth
    std::size_t mostBoxes = 20'000; // shown; what would go beyond stays closed
};

struct Opening
{
    std::set<std::string> open; // ids of boxes
    bool isComplete = true;     // false when mostBoxes held something closed
};

// Level by level, so that what the limit cuts off is what lies deepest. While a picture would show
// nothing but one box, that is opened whatever the depth: many forwards only call another method.
// Boxes whose inside cannot be read stay closed.
[[nodiscard]] Opening choose(scene::ScopeBuilder& scopes, const scene::ScopePtr& root,
                             const OpeningRule& rule, const CancelToken& cancel);

} // namespace jitscope::picture
