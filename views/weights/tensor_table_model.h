// The tensors of a document with their statistics, one a row, in the document's order.
#pragma once

#include "views/model/document_model.h"

#include <QAbstractTableModel>

#include <memory>
#include <unordered_map>
#include <vector>

namespace jitscope::views {

// What of a tensor deserves a look.
enum class TensorMark
{
    None,
    NotFinite, // holds NaN or Inf
    AllZero,
    Unreadable
};

class TensorTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column
    {
        Name,
        Role,
        Type,
        Shape,
        Elements,
        Bytes,
        Share,
        Minimum,
        Maximum,
        Mean,
        Deviation,
        Zeros,
        NaN,
        Infinite,
        SharedWith,
        Device,
        Strides,
        ColumnCount
    };
    enum DataRole
    {
        SortRole = Qt::UserRole, // a number or a text; invalid if unknown
        ShareRole,               // double, 0 to 1: bytes against those of the largest tensor
        MarkRole,                // int: TensorMark
        IdRole,                  // qlonglong: row of the table `tensor`
        ModuleRole               // QString: path of the module instance it belongs to
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setContent(const std::shared_ptr<const DocumentContent>& content);
    void
    setStatistics(std::shared_ptr<const std::vector<document::TensorStatisticsRow>> statistics);

    [[nodiscard]] const document::TensorRow* tensor(int row) const;
    [[nodiscard]] const document::TensorStatisticsRow* statistics(int row) const; // or null
    [[nodiscard]] QString module(int row) const;
    [[nodiscard]] TensorMark mark(int row) const;
    [[nodiscard]] QStringList sharedWith(int row) const;
    // Of these rows; storages that tensors share count once.
    [[nodiscard]] qlonglong storageBytes(const std::vector<int>& rows) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    struct Entry
    {
        QString name;
        QString module;
        QString shape;
        qlonglong elements = 0;
    };
    [[nodiscard]] QVariant sortKey(int row, int column) const;
    [[nodiscard]] QString text(int row, int column) const;
    [[nodiscard]] QString toolTip(int row) const;
    [[nodiscard]] QVariant decoration(TensorMark mark) const;

    std::shared_ptr<const DocumentContent> m_content;
    std::shared_ptr<const std::vector<document::TensorStatisticsRow>> m_statistics;
    std::vector<Entry> m_entries;
    std::unordered_map<std::int64_t, std::size_t> m_places;      // in m_statistics, by tensor
    std::unordered_map<std::string, std::vector<int>> m_sharing; // rows by storage
    bool m_hasIcons = false;                                     // some row has one
    double m_modelBytes = 0;
    double m_largest = 0;
};

// Six digits, or "-" for what is not known.
[[nodiscard]] QString numberText(double value);
// "[64, 3, 7, 7]", as the document has it, as sizes; empty for what is none.
[[nodiscard]] std::vector<std::int64_t> sizesOf(const std::string& shape);

} // namespace jitscope::views
