#include "core/picture/opening.h"

#include <algorithm>
#include <deque>
#include <functional>

namespace jitscope::picture {

namespace {

constexpr int mostSole = 4; // boxes that stand alone, one in the other

struct Pending
{
    scene::ScopePtr scope;
    int depth = 0;        // modules and functions around it
    int sole = 0;         // of those around it that stand alone
    bool isChain = false; // nothing but boxes that stand alone around it
};

bool isCall(const scene::Box& box)
{
    return box.kind == scene::BoxKind::Module || box.kind == scene::BoxKind::Function;
}

// A module known by its class to be one operator.
bool isLeaf(const scene::Box& box)
{
    return box.kind == scene::BoxKind::Module && box.operatorClass != scene::OperatorClass::Call;
}

bool isTerminal(const scene::Box& box)
{
    return box.kind == scene::BoxKind::Input || box.kind == scene::BoxKind::Output;
}

} // namespace

Opening choose(scene::ScopeBuilder& scopes, const scene::ScopePtr& root, const OpeningRule& rule,
               const CancelToken& cancel)
{
    Opening opening;
    std::size_t shown = root->boxes.size();
    std::deque<Pending> pending{{root, 0, 0, true}};
    while (!pending.empty() && !cancel.isCancelled()) {
        const Pending next = std::move(pending.front());
        pending.pop_front();
        const auto& boxes = next.scope->boxes;
        const bool isAlone =
            next.isChain && next.sole < mostSole &&
            std::count_if(boxes.begin(), boxes.end(), std::not_fn(isTerminal)) == 1;
        for (const scene::Box& box : boxes) {
            if (!box.canOpen())
                continue;
            const bool costs = isCall(box) && !isAlone;
            const bool isWanted = box.isAlwaysOpen() || isAlone ||
                                  (isCall(box) ? next.depth < rule.depth : rule.bodies);
            if (!isWanted || (isLeaf(box) && !rule.leaves))
                continue;
            const Result<scene::ScopePtr> inside = scopes.inside(box);
            if (!inside)
                continue;
            if (shown + (*inside)->boxes.size() > rule.mostBoxes && !box.isAlwaysOpen()) {
                opening.isComplete = false;
                continue;
            }
            shown += (*inside)->boxes.size();
            if (!box.isAlwaysOpen())
                opening.open.insert(box.id);
            pending.push_back(
                {*inside, next.depth + (costs ? 1 : 0), next.sole + (isAlone ? 1 : 0), isAlone});
        }
    }
    return opening;
}

} // namespace jitscope::picture
