// What was found, as a tree of two levels: groups, and hits in them. The texts of hits are made
// when they are shown.
#pragma once

#include "core/search/index.h"

#include <QAbstractItemModel>

#include <memory>
#include <optional>
#include <vector>

namespace jitscope::views {

class FindModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    static constexpr int titleRole = Qt::UserRole;     // QString
    static constexpr int placeRole = Qt::UserRole + 1; // QString

    using QAbstractItemModel::QAbstractItemModel;

    void setHits(std::shared_ptr<const search::Index> index, search::Query query,
                 std::shared_ptr<const search::Hits> hits);
    void clear();

    [[nodiscard]] const search::Query& query() const { return m_query; }
    [[nodiscard]] std::size_t count() const; // of hits
    [[nodiscard]] bool isCutOff() const { return m_hits && m_hits->isCutOff; }
    // Hits counted through all groups, from 0.
    [[nodiscard]] QModelIndex hitAt(std::size_t number) const;
    // Nothing for a group.
    [[nodiscard]] std::optional<std::size_t> numberOf(const QModelIndex& index) const;
    [[nodiscard]] std::optional<search::Target> target(const QModelIndex& index) const;

    [[nodiscard]] QModelIndex index(int row, int column,
                                    const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

private:
    [[nodiscard]] const std::vector<search::Hit>& group(int row) const;
    [[nodiscard]] const search::Hit* hit(const QModelIndex& index) const;

    std::shared_ptr<const search::Index> m_index;
    search::Query m_query;
    std::shared_ptr<const search::Hits> m_hits;
    std::vector<std::size_t> m_groups; // those that have hits; an index's internal id is 0 for a
                                       // group, else the row of the group and one
};

} // namespace jitscope::views
