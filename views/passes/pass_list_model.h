// The catalogue of passes by category, for a tree view.
#pragma once

#include "core/protocol/messages.h"

#include <QAbstractItemModel>

#include <vector>

namespace jitscope::views {

class PassListModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    static constexpr int nameRole = Qt::UserRole; // QString: the pass's name; empty for a category

    using QAbstractItemModel::QAbstractItemModel;

    void setPasses(const std::vector<protocol::PassDescription>& passes);
    [[nodiscard]] QModelIndex indexOf(const QString& name) const;
    [[nodiscard]] const protocol::PassDescription*
    pass(const QModelIndex& index) const; // null for a category

    [[nodiscard]] QModelIndex index(int row, int column,
                                    const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    struct Category
    {
        QString name;
        std::vector<protocol::PassDescription> passes;
    };
    std::vector<Category>
        m_categories; // the internal id of a pass's index is its category's row + 1
};

} // namespace jitscope::views
