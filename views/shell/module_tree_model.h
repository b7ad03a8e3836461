// The module tree of a model.
#pragma once

#include "views/model/document_model.h"

#include <QAbstractItemModel>

#include <memory>
#include <vector>

namespace jitscope::views {

class ModuleTreeModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column
    {
        Name,
        Class,
        Parameters,
        columnCountOf
    };
    static constexpr int pathRole = Qt::UserRole; // QString: path of the instance

    using QAbstractItemModel::QAbstractItemModel;

    void setContent(const std::shared_ptr<const DocumentContent>& content);
    [[nodiscard]] QModelIndex indexOf(const QString& path) const;

    [[nodiscard]] QModelIndex index(int row, int column,
                                    const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    struct Entry
    {
        QString path;
        QString name;
        QString className;
        QString typeName;
        qlonglong parameters = 0; // elements of it and all below
        std::size_t parent = 0;   // place in m_entries; the root is its own
        int row = 0;
        std::vector<std::size_t> children;
    };
    void countParameters(const DocumentContent& content);
    [[nodiscard]] std::size_t placeOf(const QString& path) const;

    std::vector<Entry> m_entries; // the root is first
};

} // namespace jitscope::views
