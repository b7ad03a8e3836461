#include "views/shell/archive_model.h"

#include "views/icons/icon.h"

#include <QLocale>

namespace jitscope::views {

namespace {

QString qt(const std::string& text)
{
    return QString::fromStdString(text);
}

// A record of the model in a TorchServe archive is named with the record that holds the model.
QString nameOf(const document::ArchiveRecordRow& record)
{
    return record.archive.empty()
               ? qt(record.name)
               : QStringLiteral("%1 \u203a %2").arg(qt(record.archive), qt(record.name));
}

} // namespace

ArchiveModel::ArchiveModel(std::shared_ptr<const DocumentContent> content, QObject* parent)
    : QAbstractTableModel(parent), m_content(std::move(content))
{}

int ArchiveModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_content->records.size());
}

int ArchiveModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString ArchiveModel::text(const document::ArchiveRecordRow& record, int column) const
{
    const QLocale locale;
    switch (column) {
    case Name:
        return nameOf(record);
    case Content:
        return qt(record.content);
    case Size:
        return locale.formattedDataSize(record.bytes);
    case Stored:
        if (record.stored_bytes == record.bytes || record.bytes <= 0)
            return tr("as it is");
        return tr("%1 (%2 %)")
            .arg(locale.formattedDataSize(record.stored_bytes))
            .arg(100.0 * static_cast<double>(record.stored_bytes) /
                     static_cast<double>(record.bytes),
                 0, 'f', 0);
    case Checksum:
        return record.checksum == "holds"   ? tr("holds")
               : record.checksum == "fails" ? tr("does not fit")
                                            : tr("not read");
    default:
        return {};
    }
}

QVariant ArchiveModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const document::ArchiveRecordRow& record =
        m_content->records[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return text(record, index.column());
    case SortRole:
        return index.column() == Size     ? QVariant(qlonglong{record.bytes})
               : index.column() == Stored ? QVariant(qlonglong{record.stored_bytes})
                                          : QVariant(text(record, index.column()));
    case Qt::ToolTipRole:
        if (index.column() == Checksum)
            return tr("CRC-32 %1").arg(record.crc32, 8, 16, QLatin1Char('0'));
        if (index.column() == Size || index.column() == Stored)
            return tr("%1 bytes, %2 in the file")
                .arg(QLocale().toString(qlonglong{record.bytes}),
                     QLocale().toString(qlonglong{record.stored_bytes}));
        return nameOf(record);
    case Qt::TextAlignmentRole:
        return index.column() == Size || index.column() == Stored
                   ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                   : QVariant();
    case Qt::DecorationRole:
        return index.column() == Checksum && record.checksum == "fails"
                   ? QVariant(icon(QStringLiteral("error")))
                   : QVariant();
    default:
        return {};
    }
}

QVariant ArchiveModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    static const QStringList titles = {tr("Record"), tr("What it is"), tr("Size"), tr("Stored in"),
                                       tr("Checksum")};
    if (role == Qt::DisplayRole)
        return titles.at(section);
    if (role == Qt::TextAlignmentRole && (section == Size || section == Stored))
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    return {};
}

} // namespace jitscope::views
