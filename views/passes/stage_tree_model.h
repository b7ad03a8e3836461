// The stages of a document as a tree: each under the one it was made from.
#pragma once

#include "core/document/rows.h"

#include <QAbstractItemModel>

#include <map>
#include <vector>

namespace jitscope::views {

class StageTreeModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column
    {
        Label,
        Nodes,
        Duration,
        columnCountOf
    };
    static constexpr int stageRole = Qt::UserRole; // qlonglong: id of the stage

    using QAbstractItemModel::QAbstractItemModel;

    // `nodeCounts` by id of the stage; one that is not counted yet shows none.
    void setStages(std::vector<document::StageRow> stages,
                   std::map<std::int64_t, std::int64_t> nodeCounts);
    void setCurrent(std::int64_t stage); // shown bold
    [[nodiscard]] QModelIndex indexOf(std::int64_t stage) const;

    [[nodiscard]] QModelIndex index(int row, int column,
                                    const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    [[nodiscard]] const std::vector<std::size_t>& childrenOf(std::int64_t stage) const;
    [[nodiscard]] QVariant text(const document::StageRow& stage, int column) const;

    std::vector<document::StageRow> m_stages; // an index's internal id is a place in it
    std::map<std::int64_t, std::vector<std::size_t>> m_children; // by id of the parent
    std::map<std::int64_t, std::size_t> m_places;                // by id
    std::map<std::int64_t, std::int64_t> m_nodeCounts;
    std::int64_t m_current = 0;
};

} // namespace jitscope::views
