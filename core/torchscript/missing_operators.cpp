#include "core/torchscript/missing_operators_p.h"

#include "core/ir/names.h"
#include "core/support/utf8.h"

#include "core/torchscript/exceptions_p.h"

#include <map>
#include <string>

namespace jitscope::torchscript {

namespace {

std::string placeOf(const ir::Function& function, const ir::Graph& graph, const ir::Node& node)
{
    std::string place = function.name;
    if (node.source.file != 0 && node.source.line != 0)
        place += " (" + std::string(ir::packagePath(graph.text(node.source.file))) + ":" +
                 std::to_string(node.source.line) + ")";
    return place;
}

class Finder
{
public:
    explicit Finder(const OperatorStubs& stubs) : m_stubs(stubs.operators()) {}

    void look(const ir::Function& function, const ir::Graph& graph)
    {
        // Most graphs name no such operator: their few strings are looked at, not their nodes.
        std::vector<bool> isMissing(graph.strings.size());
        bool any = false;
        for (ir::StringId id = 0; id < graph.strings.size(); ++id) {
            isMissing[id] = m_stubs.contains(std::string(graph.text(id)));
            any = any || isMissing[id];
        }
        for (const ir::Node& node : graph.nodes) {
            if (any && isMissing[node.kind])
                add(function, graph, node);
        }
        for (const ir::Graph& subgraph : graph.subgraphs)
            look(function, subgraph);
    }

    std::vector<ir::MissingOperator> take()
    {
        std::vector<ir::MissingOperator> all;
        for (auto& [name, missing] : m_found)
            all.push_back(std::move(missing));
        return all;
    }

private:
    void add(const ir::Function& function, const ir::Graph& graph, const ir::Node& node)
    {
        ir::MissingOperator& missing = m_found[std::string(graph.kind(node))];
        if (++missing.calls != 1)
            return;
        missing.name = graph.kind(node);
        const OperatorStub& stub = m_stubs.at(missing.name);
        missing.library = stub.library;
        missing.isGuessed = stub.isGuessed;
        missing.firstCall = node.key;
        missing.neededBy = placeOf(function, graph, node);
    }

    const std::map<std::string, OperatorStub>& m_stubs;
    std::map<std::string, ir::MissingOperator> m_found;
};

} // namespace

bool stubMissing(OperatorStubs& stubs, const Archive& archive, std::string_view message)
{
    const std::string needed = missingOperator(message);
    if (needed.empty())
        return false;
    bool any = false;
    for (const ir::CodeFile& file : archive.code())
        any = stubs.guess(archive::operatorCalls(file.text), needed) || any;
    return any;
}

std::vector<ir::MissingOperator> describeMissing(const OperatorStubs& stubs,
                                                 const std::vector<ir::Function>& functions)
{
    Finder finder(stubs);
    for (const ir::Function& function : functions)
        finder.look(function, function.graph);
    return finder.take();
}

} // namespace jitscope::torchscript
