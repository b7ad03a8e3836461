// The records of the model's archive as a table.
#pragma once

#include "views/model/document_model.h"

#include <QAbstractTableModel>

#include <memory>

namespace jitscope::views {

class ArchiveModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column
    {
        Name,
        Content,
        Size,
        Stored,
        Checksum,
        ColumnCount
    };
    static constexpr int SortRole = Qt::UserRole;

    explicit ArchiveModel(std::shared_ptr<const DocumentContent> content,
                          QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    [[nodiscard]] QString text(const document::ArchiveRecordRow& record, int column) const;

    std::shared_ptr<const DocumentContent> m_content;
};

} // namespace jitscope::views
