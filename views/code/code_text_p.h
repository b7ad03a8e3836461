// A text that the code view shows, and what its lines have to do with the graph. Made on the thread
// that reads texts. Private to views/code.
#pragma once

#include "core/document/node_index.h"
#include "core/ir/graph.h"
#include "core/support/job.h"
#include "views/code/syntax_p.h"
#include "views/model/document_model.h"

#include <QString>
#include <QStringList>

#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

namespace jitscope::views {

class SourceFinder;
class StageLines;

struct CodeText
{
    CodeLanguage language = CodeLanguage::Python;
    QString text;
    std::vector<LineState> states; // see lineStates()
    // The number shown beside each line of the text, 0 for none; empty when they count from 1.
    std::vector<int> lineNumbers;
    std::map<int, std::vector<ir::NodeKey>> nodes; // by line of the text, from 0
    QString origin;                                // what is shown; empty for nothing to say
    QString warning;                               // what is wrong with it; empty for nothing
    // Of Python: files that fit equally well, of which the user has to choose; and whether the text
    // may be had from the file as well as from the model.
    QStringList candidates;
    bool isOfFile = false;
    bool hasOther = false;

    // Lines of the text by the numbers beside them.
    [[nodiscard]] std::map<int, int> linesByNumber() const;
    // The line of the text with that number, from 0; -1 if it is not there.
    [[nodiscard]] int lineNumbered(int number) const;
    [[nodiscard]] int numberOf(int line) const; // 0 for none
};

// Without line ends, whichever they are; a last one ends the last line.
[[nodiscard]] QStringList linesOf(QString text);

// How the user wants the source of a Python file.
struct PythonRequest
{
    QString file; // as the model names it
    QStringList searchFolders;
    QString chosen;        // the file to take for it; empty to look for one
    bool takeFile = false; // though it differs from what the model carries
};

// The source of a Python file: the file itself if it is found and says what the model says, else
// the pieces of it that the model carries. `nodes` is left empty.
[[nodiscard]] CodeText pythonText(const PythonRequest& request, const DocumentContent& content,
                                  const std::map<int, std::vector<ir::NodeKey>>& nodes,
                                  SourceFinder& finder, const CancelToken& cancel);
[[nodiscard]] CodeText serializedText(const document::CodeRow& code);
// The graph as LibTorch would print it.
[[nodiscard]] CodeText irText(const ir::Graph& graph);

// Nodes by number of line become nodes by line of the text.
[[nodiscard]] std::map<int, std::vector<ir::NodeKey>>
placed(const std::map<int, std::vector<ir::NodeKey>>& nodes, const CodeText& text);

// The Python files of which the model has nodes or source, in order of name.
[[nodiscard]] QStringList pythonFiles(const DocumentContent& content,
                                      const document::NodeIndex& nodes);

// One call of the chain that led to a node.
struct CallFrame
{
    QString file;
    int line = 0;
    QString function; // may be empty
    friend bool operator==(const CallFrame&, const CallFrame&) = default;
};

// Of ir::SourceLocation::callChain, the innermost call first.
[[nodiscard]] std::vector<CallFrame> callFrames(std::string_view chain);

} // namespace jitscope::views
