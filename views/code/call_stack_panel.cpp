#include "views/code/call_stack_panel_p.h"

#include <QFileInfo>
#include <QLabel>
#include <QListWidget>
#include <QVBoxLayout>

namespace jitscope::views {

FoundNode findNode(const ir::Graph& graph, const std::set<ir::NodeKey>& keys)
{
    for (const ir::Node& node : graph.nodes) {
        if (keys.contains(node.key))
            return {&graph, &node};
    }
    for (const ir::Graph& subgraph : graph.subgraphs) {
        if (const FoundNode found = findNode(subgraph, keys); found.node != nullptr)
            return found;
    }
    return {};
}

CallStackPanel::CallStackPanel(QWidget* parent)
    : QWidget(parent), m_title(new QLabel(this)), m_list(new QListWidget(this))
{
    setObjectName(QStringLiteral("callStackPanel"));
    m_title->setObjectName(QStringLiteral("callStackTitle"));
    m_title->setContentsMargins(8, 4, 8, 4);
    m_list->setObjectName(QStringLiteral("callStackList"));
    m_list->setAccessibleName(tr("Call stack of the selected node"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_title);
    layout->addWidget(m_list, 1);
    connect(m_list, &QListWidget::currentRowChanged, this, [this](int row) {
        if (row < 0 || static_cast<std::size_t>(row) >= m_frames.size())
            return;
        const CallFrame& frame = m_frames[static_cast<std::size_t>(row)];
        Q_EMIT frameChosen(frame.file, frame.line);
    });
    // A second click on the same line goes there again.
    connect(m_list, &QListWidget::itemClicked, this, [this](QListWidgetItem* item) {
        const CallFrame& frame = m_frames[static_cast<std::size_t>(m_list->row(item))];
        Q_EMIT frameChosen(frame.file, frame.line);
    });
    hide();
}

void CallStackPanel::setFrames(const QString& node, std::vector<CallFrame> frames)
{
    if (frames != m_frames) {
        const QSignalBlocker quiet(m_list);
        m_frames = std::move(frames);
        m_list->clear();
        for (const CallFrame& frame : m_frames) {
            QString text =
                QStringLiteral("%1:%2").arg(QFileInfo(frame.file).fileName()).arg(frame.line);
            if (!frame.function.isEmpty())
                text += QStringLiteral("   ") + frame.function;
            auto* item = new QListWidgetItem(text, m_list);
            item->setToolTip(QStringLiteral("%1:%2").arg(frame.file).arg(frame.line));
        }
    }
    m_title->setText(tr("Calls that led to %1").arg(node));
    setVisible(m_frames.size() > 1);
}

} // namespace jitscope::views
