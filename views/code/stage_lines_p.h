// Which lines the nodes of a stage were written in: of Python files, and of the serialized code.
// Private to views/code.
#pragma once

#include "core/document/node_index.h"
#include "core/ir/graph.h"
#include "core/search/function_instances.h"
#include "views/model/document_model.h"
#include "views/model/selection.h"

#include <map>
#include <string>
#include <vector>

namespace jitscope::views {

using NodesByLine = std::map<int, std::vector<ir::NodeKey>>; // lines from 1

// Immutable once built; any thread may read it.
class StageLines
{
public:
    StageLines() = default;
    // `graph` is that of the stage; null for `loaded`, which has all functions.
    StageLines(const document::NodeIndex& index, const ir::Graph* graph);

    // Empty for a file without nodes.
    [[nodiscard]] const NodesByLine& python(const std::string& file) const;
    [[nodiscard]] const NodesByLine& serialized(std::int64_t code) const; // row of the table `code`
    [[nodiscard]] const std::vector<ir::NodeKey>& withoutPython() const { return m_withoutPython; }
    [[nodiscard]] const std::vector<ir::NodeKey>& nodes() const { return m_nodes; }

private:
    void addGraph(const document::NodeIndex& index, const ir::Graph& graph);
    void add(const document::NodeIndex& index, ir::NodeKey key);
    bool addPython(const document::NamedNode& written, ir::NodeKey key);
    void addSerialized(const document::NamedNode& written, ir::NodeKey key);

    std::map<std::string, NodesByLine> m_python;
    std::map<std::int64_t, NodesByLine> m_serialized;
    std::vector<ir::NodeKey> m_nodes;
    std::vector<ir::NodeKey> m_withoutPython;
};

// The nodes of `loaded` that a node comes from; itself if it comes from none.
[[nodiscard]] std::vector<const document::NamedNode*> writtenIn(const document::NodeIndex& index,
                                                                ir::NodeKey key);
[[nodiscard]] std::vector<const document::NamedNode*> writtenAs(const document::NodeIndex& index,
                                                                const document::NodeRef& ref);

// The nodes of a stage as a selection: a node of `loaded` in every module instance that has its
// method, or calls its function.
[[nodiscard]] std::vector<document::NodeRef> refsOf(const std::vector<ir::NodeKey>& keys,
                                                    const document::NodeIndex& index,
                                                    const DocumentContent& content,
                                                    const search::FunctionInstances& callers);

// Row of the table `graph`: that of the current stage; of `loaded`, which holds every function,
// that of the selected node or module, else of the root's method. 0 for none.
[[nodiscard]] std::int64_t shownGraph(const DocumentModel& document, const Selection& selection);

} // namespace jitscope::views
