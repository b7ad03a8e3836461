#include "views/code/unlocated_dialog_p.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QListView>
#include <QVBoxLayout>

namespace jitscope::views {

void UnlocatedModel::set(std::vector<ir::NodeKey> keys,
                         std::shared_ptr<const document::NodeIndex> index)
{
    beginResetModel();
    m_keys = std::move(keys);
    m_index = std::move(index);
    endResetModel();
}

int UnlocatedModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_keys.size());
}

QVariant UnlocatedModel::data(const QModelIndex& index, int role) const
{
    if (role != Qt::DisplayRole || !checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const document::NamedNode* node = m_index->node(keyAt(index.row()));
    if (node == nullptr)
        return {};
    const std::string& place = node->modulePath.empty() ? node->function : node->modulePath;
    const QString kind = QString::fromStdString(node->kind);
    return place.empty() ? kind : tr("%1 in %2").arg(kind, QString::fromStdString(place));
}

ir::NodeKey UnlocatedModel::keyAt(int row) const
{
    return m_keys.at(static_cast<std::size_t>(row));
}

UnlocatedDialog::UnlocatedDialog(UnlocatedModel& model, QWidget* parent)
    : QDialog(parent), m_model(model), m_list(new QListView)
{
    setObjectName(QStringLiteral("unlocatedDialog"));
    setWindowTitle(tr("Nodes without a source line"));
    auto* explanation = new QLabel(
        tr("These nodes of the shown stage were made by a pass, or the model does not say where "
           "they were written."));
    explanation->setWordWrap(true);
    m_list->setObjectName(QStringLiteral("unlocatedList"));
    m_list->setAccessibleName(windowTitle());
    m_list->setModel(&m_model);
    m_list->setUniformItemSizes(true);
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(explanation);
    layout->addWidget(m_list, 1);
    layout->addWidget(buttons);
    resize(460, 420);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    connect(m_list->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        std::vector<ir::NodeKey> keys;
        for (const QModelIndex& index : m_list->selectionModel()->selectedIndexes())
            keys.push_back(m_model.keyAt(index.row()));
        if (!keys.empty())
            Q_EMIT chosen(keys);
    });
}

} // namespace jitscope::views
