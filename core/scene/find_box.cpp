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
    // What is looked for; a box that has it in it for sure; one that may have.
    struct Question
    {
        std::function<bool(const Box&)> isWanted;
        std::function<bool(const Box&)> hasWanted;
        std::function<bool(const Box&)> mayHave;
    };

    Walk(ScopeBuilder& builder, const CancelToken& cancel, Question question)
        : m_builder(builder), m_cancel(cancel), m_question(std::move(question))
    {}

    std::optional<std::vector<std::string>> run(const ScopePtr& root)
    {
        if (look(*root, 0))
            return m_way;
        return std::nullopt;
    }

    // After a run that came to it.
    [[nodiscard]] const std::string& found() const { return m_found; } // id of the box

private:
    bool look(const Scope& scope, int depth)
    {
        if (depth > deepest || ++m_scopes > mostScopes || m_cancel.isCancelled())
            return false;
        const auto wanted =
            std::find_if(scope.boxes.begin(), scope.boxes.end(), m_question.isWanted);
        if (wanted != scope.boxes.end()) {
            m_found = wanted->id;
            return true;
        }
        // Where it is known to be comes first.
        for (const bool isKnown : {true, false}) {
            for (const Box& box : scope.boxes) {
                if (box.canOpen() && m_question.hasWanted(box) == isKnown &&
                    m_question.mayHave(box) && enter(box, depth))
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

    ScopeBuilder& m_builder;
    const CancelToken& m_cancel;
    Question m_question;
    std::vector<std::string> m_way;
    std::string m_found;
    std::size_t m_scopes = 0;
};

// A module's box holds what is of the module or below it; what is called in a block or a free
// function can be anywhere.
auto mayHaveModule(const std::string& path)
{
    return [path](const Box& box) {
        return box.kind != BoxKind::Module || isBelow(path, box.modulePath);
    };
}

Walk::Question isModule(const std::string& path, bool hasToOpen)
{
    return {[path, hasToOpen](const Box& box) {
                return box.kind == BoxKind::Module && box.modulePath == path &&
                       (!hasToOpen || box.canOpen());
            },
            [path](const Box& box) {
                return box.kind == BoxKind::Module && isBelow(path, box.modulePath);
            },
            mayHaveModule(path)};
}

// The ids of what is in a box begin with the box's own, but for those in a Repeat, which keep what
// they have without it.
Walk::Question hasId(const std::string& id)
{
    return {[id](const Box& box) { return box.id == id && box.canOpen(); },
            [id](const Box& box) { return id.starts_with(box.id + "/"); },
            [id](const Box& box) {
                return box.kind == BoxKind::Repeat || id.starts_with(box.id + "/");
            }};
}

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
    return Walk(builder, cancel, {isWanted, hasWanted, mayHaveModule(node.modulePath)}).run(root);
}

std::optional<std::vector<std::string>> wayToModule(ScopeBuilder& builder, const ScopePtr& root,
                                                    const std::string& path,
                                                    const CancelToken& cancel)
{
    return Walk(builder, cancel, isModule(path, false)).run(root);
}

std::optional<std::vector<std::string>> wayInto(ScopeBuilder& builder, const ScopePtr& root,
                                                const std::string& name, const CancelToken& cancel)
{
    std::string path = name.starts_with('/') ? name.substr(1) : name;
    std::replace(path.begin(), path.end(), '/', '.');
    for (Walk::Question question : {hasId(name), isModule(path, true)}) {
        Walk walk(builder, cancel, std::move(question));
        if (std::optional<std::vector<std::string>> way = walk.run(root)) {
            way->push_back(walk.found());
            return way;
        }
    }
    return std::nullopt;
}

} // namespace jitscope::scene
