// A text that the code view shows, and what its lines have to do with the graph. Private to
// views/code.
#pragma once

#include "core/document/node_index.h"
#include "core/ir/graph.h"
#include "views/model/document_model.h"

#include <QString>
#include <QStringList>

#include <map>
#include <optional>
#include <vector>

namespace jitscope::views {

enum class CodeLanguage
{
    Python,     // original source
    Serialized, // TorchScript's own, which is Python to the eye
    Ir,
};

struct CodeText
{
    CodeLanguage language = CodeLanguage::Python;
    QString text;
    // The number shown beside each line of the text, 0 for none; empty when they count from 1.
    std::vector<int> lineNumbers;
    std::map<int, std::vector<ir::NodeKey>> nodes; // by line of the text, from 0
    QString notice;                                // what is missing; empty if nothing
};

// The source of a Python file: the file itself if it is here and says what the model says, else the
// pieces of it that the model carries.
[[nodiscard]] CodeText pythonText(const QString& file, const DocumentContent& content,
                                  const document::NodeIndex& nodes,
                                  const QStringList& searchFolders);
[[nodiscard]] CodeText serializedText(const document::CodeRow& code);
// The graph as LibTorch would print it.
[[nodiscard]] CodeText irText(const ir::Graph& graph);

// The Python files of which the model has nodes or source, in order of name.
[[nodiscard]] QStringList pythonFiles(const DocumentContent& content,
                                      const document::NodeIndex& nodes);

// Where a function is defined in serialized code: the record, and the line of its "def", from 0.
// Empty when it is not found. `qualifiedName` is such as "__torch__.net.Block.forward".
struct Definition
{
    const document::CodeRow* code = nullptr;
    int line = 0;
};
[[nodiscard]] std::optional<Definition> definitionOf(const std::string& qualifiedName,
                                                     const DocumentContent& content);

} // namespace jitscope::views
