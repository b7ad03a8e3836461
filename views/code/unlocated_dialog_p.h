// The nodes of the shown stage of which no Python line is known. Private to views/code.
#pragma once

#include "views/model/document_model.h"

#include <QAbstractListModel>
#include <QDialog>

class QListView;

namespace jitscope::views {

class UnlocatedModel : public QAbstractListModel
{
    Q_OBJECT

public:
    using QAbstractListModel::QAbstractListModel;

    void set(std::vector<ir::NodeKey> keys, std::shared_ptr<const document::NodeIndex> index);
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] ir::NodeKey keyAt(int row) const;

private:
    std::vector<ir::NodeKey> m_keys;
    std::shared_ptr<const document::NodeIndex> m_index;
};

class UnlocatedDialog : public QDialog
{
    Q_OBJECT

public:
    explicit UnlocatedDialog(UnlocatedModel& model, QWidget* parent = nullptr);

Q_SIGNALS:
    void chosen(const std::vector<jitscope::ir::NodeKey>& keys);

private:
    UnlocatedModel& m_model;
    QListView* m_list;
};

} // namespace jitscope::views
