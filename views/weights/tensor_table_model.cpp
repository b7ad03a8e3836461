#include "views/weights/tensor_table_model.h"

#include "views/icons/icon.h"

#include <QGuiApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>
#include <QPalette>

#include <algorithm>
#include <cmath>
#include <set>

namespace jitscope::views {

namespace {

QString qt(const std::string& text)
{
    return QString::fromStdString(text);
}

// The instance that holds a tensor: what remains of the name when the parts that name no module are
// taken away.
QString moduleOf(const document::TensorRow& row, const DocumentContent& content,
                 const std::set<std::string>& modules)
{
    if (row.role == "constant" || content.modules.empty())
        return {};
    std::string path = row.name;
    do {
        const std::size_t dot = path.rfind('.');
        path.resize(dot == std::string::npos ? 0 : dot);
    } while (!path.empty() && !modules.contains(path));
    return qt(path);
}

QString shapeText(const std::vector<std::int64_t>& sizes)
{
    if (sizes.empty())
        return TensorTableModel::tr("scalar");
    QStringList texts;
    for (const std::int64_t size : sizes)
        texts << QString::number(size);
    return texts.join(QStringLiteral(" \u00d7 "));
}

QVariant known(double value)
{
    return std::isnan(value) ? QVariant() : QVariant(value);
}

QString percentText(double share)
{
    return QStringLiteral("%1 %").arg(share * 100, 0, 'f', share < 0.0995 ? 2 : 1);
}

// Red on light and on dark.
QColor warningColour()
{
    const bool isDark = QGuiApplication::palette().color(QPalette::Base).lightness() < 128;
    return isDark ? QColor(0xff, 0x8a, 0x80) : QColor(0xb7, 0x1c, 0x1c);
}

} // namespace

QString numberText(double value)
{
    return std::isnan(value) ? QStringLiteral("\u2013") : QString::number(value, 'g', 6);
}

std::vector<std::int64_t> sizesOf(const std::string& shape)
{
    std::vector<std::int64_t> sizes;
    const QJsonArray list = QJsonDocument::fromJson(QByteArray::fromStdString(shape)).array();
    for (const auto& size : list)
        sizes.push_back(size.toInteger());
    return sizes;
}

void TensorTableModel::setContent(const std::shared_ptr<const DocumentContent>& content)
{
    beginResetModel();
    m_content = content;
    m_statistics.reset();
    m_hasIcons = false;
    m_places.clear();
    m_entries.clear();
    m_sharing.clear();
    m_modelBytes = qt(content->infoValue("model_bytes")).toDouble();
    m_largest = 0;
    std::set<std::string> modules;
    for (const document::ModuleRow& module : content->modules)
        modules.insert(module.path);
    for (const document::TensorRow& row : content->tensors) {
        Entry& entry = m_entries.emplace_back();
        entry.name = qt(row.name);
        entry.module = moduleOf(row, *content, modules);
        const std::vector<std::int64_t> sizes = sizesOf(row.shape);
        entry.shape = shapeText(sizes);
        entry.elements = 1;
        for (const std::int64_t size : sizes)
            entry.elements *= size;
        if (!row.storage.empty())
            m_sharing[row.storage].push_back(static_cast<int>(m_entries.size()) - 1);
        m_largest = std::max(m_largest, static_cast<double>(row.bytes));
    }
    endResetModel();
}

void TensorTableModel::setStatistics(
    std::shared_ptr<const std::vector<document::TensorStatisticsRow>> statistics)
{
    m_statistics = std::move(statistics);
    m_places.clear();
    for (std::size_t i = 0; i < m_statistics->size(); ++i)
        m_places.emplace((*m_statistics)[i].tensor, i);
    m_hasIcons = false;
    for (int row = 0; row < rowCount() && !m_hasIcons; ++row)
        m_hasIcons = mark(row) == TensorMark::NotFinite || mark(row) == TensorMark::Unreadable;
    if (!m_entries.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

const document::TensorRow* TensorTableModel::tensor(int row) const
{
    return row < 0 || row >= rowCount() ? nullptr
                                        : &m_content->tensors[static_cast<std::size_t>(row)];
}

const document::TensorStatisticsRow* TensorTableModel::statistics(int row) const
{
    const document::TensorRow* of = tensor(row);
    if (of == nullptr)
        return nullptr;
    const auto found = m_places.find(of->id);
    return found == m_places.end() ? nullptr : &(*m_statistics)[found->second];
}

QString TensorTableModel::module(int row) const
{
    return tensor(row) == nullptr ? QString() : m_entries[static_cast<std::size_t>(row)].module;
}

TensorMark TensorTableModel::mark(int row) const
{
    const document::TensorStatisticsRow* of = statistics(row);
    if (of == nullptr)
        return TensorMark::None;
    if (!of->problem.empty())
        return TensorMark::Unreadable;
    if (of->nan + of->positive_infinity + of->negative_infinity > 0)
        return TensorMark::NotFinite;
    return of->elements > 0 && of->zeros == of->elements ? TensorMark::AllZero : TensorMark::None;
}

QStringList TensorTableModel::sharedWith(int row) const
{
    QStringList names;
    const document::TensorRow* of = tensor(row);
    const auto found = of == nullptr ? m_sharing.end() : m_sharing.find(of->storage);
    if (found == m_sharing.end())
        return names;
    for (const int other : found->second) {
        if (other != row)
            names << m_entries[static_cast<std::size_t>(other)].name;
    }
    return names;
}

qlonglong TensorTableModel::storageBytes(const std::vector<int>& rows) const
{
    qlonglong bytes = 0;
    std::set<std::string> seen;
    for (const int row : rows) {
        const document::TensorRow& of = *tensor(row);
        if (of.storage.empty())
            bytes += of.bytes;
        else if (seen.insert(of.storage).second)
            bytes += of.storage_bytes;
    }
    return bytes;
}

int TensorTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

int TensorTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant TensorTableModel::sortKey(int row, int column) const
{
    const document::TensorRow& of = *tensor(row);
    const document::TensorStatisticsRow* measured = statistics(row);
    const bool isMeasured = measured != nullptr && measured->problem.empty();
    switch (column) {
    case Elements:
        return m_entries[static_cast<std::size_t>(row)].elements;
    case Bytes:
    case Share:
        return qlonglong{of.bytes};
    case Minimum:
        return isMeasured ? known(measured->minimum) : QVariant();
    case Maximum:
        return isMeasured ? known(measured->maximum) : QVariant();
    case Mean:
        return isMeasured ? known(measured->mean) : QVariant();
    case Deviation:
        return isMeasured ? known(measured->deviation) : QVariant();
    case Zeros:
        return isMeasured ? QVariant(qlonglong{measured->zeros}) : QVariant();
    case NaN:
        return isMeasured ? QVariant(qlonglong{measured->nan}) : QVariant();
    case Infinite:
        return isMeasured
                   ? QVariant(qlonglong{measured->positive_infinity + measured->negative_infinity})
                   : QVariant();
    default:
        return text(row, column);
    }
}

QString TensorTableModel::text(int row, int column) const
{
    const document::TensorRow& of = *tensor(row);
    const Entry& entry = m_entries[static_cast<std::size_t>(row)];
    switch (column) {
    case Name:
        return entry.name;
    case Role:
        return qt(of.role);
    case Type:
        return qt(of.dtype);
    case Shape:
        return entry.shape;
    case Elements:
        return QLocale().toString(entry.elements);
    case Bytes:
        return QLocale().formattedDataSize(of.bytes);
    case Share:
        return m_modelBytes > 0 ? percentText(static_cast<double>(of.bytes) / m_modelBytes)
                                : QString();
    case Zeros:
        if (mark(row) == TensorMark::AllZero)
            return tr("all");
        break;
    case SharedWith:
        return sharedWith(row).join(QStringLiteral(", "));
    case Device:
        return qt(of.device);
    case Strides:
        return qt(of.strides);
    default:
        break;
    }
    const QVariant value = sortKey(row, column);
    if (!value.isValid())
        return {};
    return value.typeId() == QMetaType::Double ? numberText(value.toDouble())
                                               : QLocale().toString(value.toLongLong());
}

QString TensorTableModel::toolTip(int row) const
{
    const document::TensorRow& of = *tensor(row);
    QStringList lines = {m_entries[static_cast<std::size_t>(row)].name,
                         tr("%1, %2, strides %3").arg(qt(of.role), qt(of.dtype), qt(of.strides)),
                         tr("storage %1").arg(qt(of.storage))};
    switch (mark(row)) {
    case TensorMark::NotFinite:
        lines << tr("Holds elements that are not finite.");
        break;
    case TensorMark::AllZero:
        lines << tr("All elements are zero.");
        break;
    case TensorMark::Unreadable:
        lines << qt(statistics(row)->problem);
        break;
    case TensorMark::None:
        break;
    }
    return lines.join(QLatin1Char('\n'));
}

// A tensor of zeros is no fault: most models have some before they are trained. Where one row has
// an icon, all have the room for it, so that names begin below each other.
QVariant TensorTableModel::decoration(TensorMark of) const
{
    switch (of) {
    case TensorMark::NotFinite:
        return icon(QStringLiteral("error"));
    case TensorMark::Unreadable:
        return icon(QStringLiteral("warning"));
    case TensorMark::AllZero:
    case TensorMark::None:
        break;
    }
    if (!m_hasIcons)
        return {};
    constexpr int side = 16; // px
    static const QIcon none = [] {
        QPixmap clear(side, side);
        clear.fill(Qt::transparent);
        return QIcon(clear);
    }();
    return none;
}

QVariant TensorTableModel::data(const QModelIndex& index, int role) const
{
    const int row = index.row();
    if (!index.isValid() || tensor(row) == nullptr)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return text(row, index.column());
    case Qt::ToolTipRole:
        return toolTip(row);
    case Qt::TextAlignmentRole:
        return index.column() >= Elements && index.column() <= Infinite
                   ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                   : QVariant();
    case Qt::DecorationRole:
        return index.column() == Name ? decoration(mark(row)) : QVariant();
    case Qt::ForegroundRole: {
        const bool isBad = (index.column() == NaN || index.column() == Infinite) &&
                           sortKey(row, index.column()).toLongLong() > 0;
        return isBad ? QVariant(warningColour()) : QVariant();
    }
    case SortRole:
        return sortKey(row, index.column());
    case ShareRole:
        return m_largest > 0 ? static_cast<double>(tensor(row)->bytes) / m_largest : 0.0;
    case MarkRole:
        return static_cast<int>(mark(row));
    case IdRole:
        return qlonglong{tensor(row)->id};
    case ModuleRole:
        return module(row);
    default:
        return {};
    }
}

QVariant TensorTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    static const QStringList titles = {
        tr("Name"),    tr("Role"), tr("Type"),        tr("Shape"),  tr("Elements"), tr("Size"),
        tr("Of file"), tr("Min"),  tr("Max"),         tr("Mean"),   tr("Std"),      tr("Zeros"),
        tr("NaN"),     tr("Inf"),  tr("Shared with"), tr("Device"), tr("Strides")};
    if (role == Qt::DisplayRole)
        return titles.at(section);
    if (role == Qt::TextAlignmentRole && section >= Elements && section <= Infinite)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section >= Minimum && section <= Deviation)
        return tr("Of the finite elements");
    return {};
}

} // namespace jitscope::views
