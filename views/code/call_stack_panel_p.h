// The chain of Python lines that led to the selected node, the innermost first. Private to
// views/code.
#pragma once

#include "views/code/code_text_p.h"

#include <QWidget>

#include <set>

class QLabel;
class QListWidget;

namespace jitscope::views {

// The node of the graph or its subgraphs that has one of the keys, with the graph it stands in;
// null when there is none.
struct FoundNode
{
    const ir::Graph* graph = nullptr;
    const ir::Node* node = nullptr;
};
[[nodiscard]] FoundNode findNode(const ir::Graph& graph, const std::set<ir::NodeKey>& keys);

class CallStackPanel : public QWidget
{
    Q_OBJECT

public:
    explicit CallStackPanel(QWidget* parent = nullptr);

    // `node` is for the title. Hides the panel when there are fewer than two calls: the one line is
    // marked in the text.
    void setFrames(const QString& node, std::vector<CallFrame> frames);
    [[nodiscard]] const std::vector<CallFrame>& frames() const { return m_frames; }

Q_SIGNALS:
    void frameChosen(const QString& file, int line);

private:
    QLabel* m_title;
    QListWidget* m_list;
    std::vector<CallFrame> m_frames;
};

} // namespace jitscope::views
