#include "core/scene/find_box.h"

#include <algorithm>
#include <functional>

namespace jitscope::scene {

namespace {

constexpr int deepest = 200;             // boxes in boxes; free functions could call in circles
constexpr std::size_t mostScopes = 3000; // looked at before giving up

bool isBelow(std::string_view path, std::string_view module)
{
    return module.empty() || (path.starts_with(module) &&
                              (path.size() == module.size() || path[module.size()] == '.'));
}

class Walk
{
public:
    Walk(ScopeBuilder& builder, const CancelToken& cancel, std::string modulePath,
         std::function<bool(const Box&)> isWanted, std::function<bool(const Box&)> hasWanted)
        : m_builder(builder),
          m_cancel(cancel),
          m_modulePath(std::move(modulePath)),
          m_isWanted(std::move(isWanted)),
          m_hasWanted(std::move(hasWanted))
    {}

    std::optional<std::vector<std::string>> run(const ScopePtr& root)
    {
        if (look(*root, 0))
            return m_way;
        return std::nullopt;
    }

private:
    bool look(const Scope& scope, int depth)
    {
        if (depth > deepest || ++m_scopes > mostScopes || m_cancel.isCancelled())
            return false;
        if (std::any_of(scope.boxes.begin(), scope.boxes.end(), m_isWanted))
            return true;
        // Where it is known to be comes first.
        for (const bool isKnown : {true, false}) {
            for (const Box& box : scope.boxes) {
                if (box.canOpen() && m_hasWanted(box) == isKnown && mayHave(box) &&
                    enter(box, depth))
                    return true;
            }
        }
        return false;
    }

    bool enter(const Box& box, int depth)
    {
        const Result<ScopePtr> inside = m_builder.inside(box);
        if (!inside)
            return false;
        m_way.push_back(box.id);
        if (look(**inside, depth + 1))
            return true;
        m_way.pop_back();
        return false;
    }

    // A module's box holds what is of the module or below it; what is called in a block or a free
    // function can be anywhere.
    [[nodiscard]] bool mayHave(const Box& box) const
    {
        return box.kind != BoxKind::Module || isBelow(m_modulePath, box.modulePath);
    }

    ScopeBuilder& m_builder;
    const CancelToken& m_cancel;
    std::string m_modulePath;
    std::function<bool(const Box&)> m_isWanted;
    std::function<bool(const Box&)> m_hasWanted;
    std::vector<std::string> m_way;
    std::size_t m_scopes = 0;
};

bool isSame(const document::NodeRef& a, const document::NodeRef& b)
{
    return (a.key == b.key && a.key != 0 && a.modulePath == b.modulePath) ||
           (a.loaded == b.loaded && a.loaded != 0 && a.modulePath == b.modulePath);
}

} // namespace

std::optional<std::vector<std::string>> wayTo(ScopeBuilder& builder, const ScopePtr& root,
                                              const document::NodeRef& node,
                                              const CancelToken& cancel)
{
    const auto holds = [node](const std::vector<document::NodeRef>& refs) {
        return std::any_of(refs.begin(), refs.end(),
                           [&node](const document::NodeRef& ref) { return isSame(ref, node); });
    };
    const auto isWanted = [holds](const Box& box) {
        return box.kind != BoxKind::Reference && holds(box.refs);
    };
    const auto hasWanted = [holds, node](const Box& box) {
        return box.kind == BoxKind::Module ? isBelow(node.modulePath, box.modulePath)
                                           : holds(box.contents);
    };
    return Walk(builder, cancel, node.modulePath, isWanted, hasWanted).run(root);
}

std::optional<std::vector<std::string>> wayToModule(ScopeBuilder& builder, const ScopePtr& root,
                                                    const std::string& path,
                                                    const CancelToken& cancel)
{
    const auto isWanted = [path](const Box& box) {
        return box.kind == BoxKind::Module && box.modulePath == path;
    };
    const auto hasWanted = [path](const Box& box) {
        return box.kind == BoxKind::Module && isBelow(path, box.modulePath);
    };
    return Walk(builder, cancel, path, isWanted, hasWanted).run(root);
}

} // namespace jitscope::scene
