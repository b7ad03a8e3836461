#include "views/weights/value_grid_model_p.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace jitscope::views {

using tensor::ValueKind;

namespace {

constexpr std::int64_t blockRows = 64;
constexpr std::int64_t blockColumns = 32;
constexpr std::size_t mostKept = 1024;       // blocks: 16 MB of real numbers
constexpr std::size_t mostWanted = 64;       // those that were looked at before them are forgotten
constexpr std::size_t mostAsked = 4;         // at once
constexpr std::int64_t mostCopied = 100'000; // cells

static_assert(blockRows * blockColumns <= tensor::mostValues);

template <typename T>
T read(const std::byte* element)
{
    T value;
    std::memcpy(&value, element, sizeof(T));
    return value;
}

std::int64_t sizeOf(const std::vector<std::int64_t>& sizes, int dimension)
{
    return dimension < 0 ? 1 : sizes[static_cast<std::size_t>(dimension)];
}

int exactDigitsOf(const std::string& dtype)
{
    if (dtype == "float64" || dtype == "complex128")
        return 17;
    if (dtype == "float16" || dtype == "bfloat16" || dtype == "complex32")
        return 5;
    return dtype.starts_with("float8") ? 4 : 9;
}

QString realText(double value, NumberFormat format, int exactDigits)
{
    switch (format) {
    case NumberFormat::Short:
        return QString::number(value, 'g', 5);
    case NumberFormat::Exact:
        return QString::number(value, 'g', exactDigits);
    case NumberFormat::Scientific:
        return QString::number(value, 'e', 4);
    }
    return {};
}

} // namespace

double magnitudeOf(const std::byte* element, ValueKind kind)
{
    switch (kind) {
    case ValueKind::Real:
        return read<double>(element);
    case ValueKind::Signed:
        return static_cast<double>(read<std::int64_t>(element));
    case ValueKind::Unsigned:
        return static_cast<double>(read<std::uint64_t>(element));
    case ValueKind::Complex:
        return std::hypot(read<double>(element), read<double>(element + sizeof(double)));
    }
    return 0;
}

ValueGridModel::ValueGridModel(TensorService& service, QObject* parent)
    : QAbstractTableModel(parent), m_service(service)
{}

void ValueGridModel::restart()
{
    ++m_generation;
    m_hasFailed = false;
    m_firstRow = 0;
    m_firstColumn = 0;
    m_kept.clear();
    m_uses.clear();
    m_wanted.clear();
    m_asked.clear();
    m_minimum = 0;
    m_maximum = -1;
}

void ValueGridModel::setTensor(std::int64_t tensor, std::vector<std::int64_t> sizes,
                               const std::string& dtype)
{
    beginResetModel();
    restart();
    m_tensor = tensor;
    m_sizes = std::move(sizes);
    m_exactDigits = exactDigitsOf(dtype);
    const int dimensions = static_cast<int>(m_sizes.size());
    m_rowDimension = dimensions > 0 ? 0 : -1;
    m_columnDimension = dimensions > 1 ? 1 : -1;
    m_index.assign(m_sizes.size(), 0);
    endResetModel();
}

void ValueGridModel::clear()
{
    setTensor(0, {}, {});
}

void ValueGridModel::setSlice(int rowDimension, int columnDimension,
                              std::vector<std::int64_t> index)
{
    beginResetModel();
    restart();
    m_rowDimension = rowDimension;
    m_columnDimension = columnDimension;
    m_index = std::move(index);
    endResetModel();
}

void ValueGridModel::setFormat(NumberFormat format)
{
    m_format = format;
    if (rowCount() > 0 && columnCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1),
                           {Qt::DisplayRole});
}

void ValueGridModel::setHeat(std::optional<HeatColours> colours)
{
    m_heat = colours;
    if (rowCount() > 0 && columnCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1),
                           {Qt::BackgroundRole, Qt::ForegroundRole});
}

std::int64_t ValueGridModel::rows() const
{
    return m_tensor == 0 ? 0 : sizeOf(m_sizes, m_rowDimension);
}

std::int64_t ValueGridModel::columns() const
{
    return m_tensor == 0 ? 0 : sizeOf(m_sizes, m_columnDimension);
}

int ValueGridModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid()
               ? 0
               : static_cast<int>(std::min<std::int64_t>(rows() - m_firstRow, mostRows));
}

int ValueGridModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid()
               ? 0
               : static_cast<int>(std::min<std::int64_t>(columns() - m_firstColumn, mostColumns));
}

QModelIndex ValueGridModel::goTo(std::int64_t row, std::int64_t column)
{
    if (row < 0 || column < 0 || row >= rows() || column >= columns())
        return {};
    const auto isShown = [](std::int64_t place, std::int64_t first, int count) {
        return place >= first && place < first + count;
    };
    if (!isShown(row, m_firstRow, rowCount()) || !isShown(column, m_firstColumn, columnCount())) {
        beginResetModel();
        // The last part is as long as the others.
        const auto firstOf = [](std::int64_t place, std::int64_t all, std::int64_t most) {
            return std::clamp<std::int64_t>(place - most / 2, 0,
                                            std::max<std::int64_t>(all - most, 0));
        };
        m_firstRow = firstOf(row, rows(), mostRows);
        m_firstColumn = firstOf(column, columns(), mostColumns);
        endResetModel();
    }
    return index(static_cast<int>(row - m_firstRow), static_cast<int>(column - m_firstColumn));
}

ValueGridModel::Block ValueGridModel::blockOf(std::int64_t row, std::int64_t column)
{
    return {row / blockRows, column / blockColumns};
}

const std::byte* ValueGridModel::element(std::int64_t row, std::int64_t column,
                                         ValueKind& kind) const
{
    const Block block = blockOf(row, column);
    const auto found = m_kept.find(block);
    if (found == m_kept.end()) {
        want(block);
        return nullptr;
    }
    m_uses.splice(m_uses.begin(), m_uses, found->second.use);
    const tensor::Values& values = found->second.values;
    kind = values.kind;
    const std::size_t size = kind == ValueKind::Complex ? 16 : 8;
    const std::int64_t place = row % blockRows * values.columns + column % blockColumns;
    return values.elements.data() + static_cast<std::size_t>(place) * size;
}

// What is wanted is asked for later, so that a screenful is wanted by then.
void ValueGridModel::want(const Block& block) const
{
    if (m_hasFailed || m_asked.contains(block))
        return;
    m_wanted.remove(block);
    m_wanted.push_front(block);
    if (m_wanted.size() > mostWanted)
        m_wanted.pop_back();
    if (!std::exchange(m_isFetching, true)) {
        auto* self = const_cast<ValueGridModel*>(this); // NOLINT: data() is how a view asks
        QMetaObject::invokeMethod(
            self, [self] { self->fetch(); }, Qt::QueuedConnection);
    }
}

void ValueGridModel::fetch()
{
    m_isFetching = false;
    while (!m_wanted.empty() && m_asked.size() < mostAsked) {
        const Block block = m_wanted.front();
        m_wanted.pop_front();
        if (m_kept.contains(block) || !m_asked.insert(block).second)
            continue;
        protocol::TensorValuesParams params;
        params.tensor = m_tensor;
        params.slice.index = m_index;
        params.slice.rowDimension = m_rowDimension;
        params.slice.columnDimension = m_columnDimension;
        params.slice.firstRow = block.first * blockRows;
        params.slice.firstColumn = block.second * blockColumns;
        params.slice.rows = std::min(blockRows, rows() - params.slice.firstRow);
        params.slice.columns = std::min(blockColumns, columns() - params.slice.firstColumn);
        m_service.requestValues(params, this,
                                [this, block, generation = m_generation](auto values) {
                                    take(block, generation, std::move(values));
                                });
    }
}

void ValueGridModel::take(const Block& block, quint64 generation, Result<tensor::Values> values)
{
    if (generation != m_generation)
        return;
    m_asked.erase(block);
    if (!values) {
        m_wanted.clear();
        if (!std::exchange(m_hasFailed, true))
            Q_EMIT failed(QString::fromStdString(values.error().message()));
        return;
    }
    const std::int64_t row = block.first * blockRows;
    const std::int64_t column = block.second * blockColumns;
    if (values->rows != std::min(blockRows, rows() - row) ||
        values->columns != std::min(blockColumns, columns() - column)) {
        m_hasFailed = true;
        Q_EMIT failed(tr("The engine sent other values than it was asked for."));
        return;
    }
    widen(*values);
    m_uses.push_front(block);
    m_kept.insert_or_assign(block, Kept{*std::move(values), m_uses.begin()});
    if (m_kept.size() > mostKept) {
        m_kept.erase(m_uses.back());
        m_uses.pop_back();
    }
    const auto shown = [](std::int64_t place, std::int64_t first, int count) {
        return static_cast<int>(std::clamp<std::int64_t>(place - first, 0, count - 1));
    };
    Q_EMIT dataChanged(
        index(shown(row, m_firstRow, rowCount()), shown(column, m_firstColumn, columnCount())),
        index(shown(row + blockRows - 1, m_firstRow, rowCount()),
              shown(column + blockColumns - 1, m_firstColumn, columnCount())));
    Q_EMIT blocksArrived();
    fetch();
}

void ValueGridModel::widen(const tensor::Values& values)
{
    const std::size_t size = values.kind == ValueKind::Complex ? 16 : 8;
    for (std::size_t at = 0; at < values.elements.size(); at += size) {
        const double value = magnitudeOf(values.elements.data() + at, values.kind);
        if (!std::isfinite(value))
            continue;
        if (m_maximum < m_minimum) {
            m_minimum = m_maximum = value;
            continue;
        }
        m_minimum = std::min(m_minimum, value);
        m_maximum = std::max(m_maximum, value);
    }
}

QString ValueGridModel::text(const std::byte* element, ValueKind kind, NumberFormat format) const
{
    switch (kind) {
    case ValueKind::Real:
        return realText(read<double>(element), format, m_exactDigits);
    case ValueKind::Signed:
        return QString::number(read<std::int64_t>(element));
    case ValueKind::Unsigned:
        return QString::number(read<std::uint64_t>(element));
    case ValueKind::Complex: {
        const auto imaginary = read<double>(element + sizeof(double));
        const QString sign =
            std::signbit(imaginary) ? QStringLiteral(" \u2212 ") : QStringLiteral(" + ");
        return realText(read<double>(element), format, m_exactDigits) + sign +
               realText(std::abs(imaginary), format, m_exactDigits) + QLatin1Char('i');
    }
    }
    return {};
}

QVariant ValueGridModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    const bool isColour = role == Qt::BackgroundRole || role == Qt::ForegroundRole;
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && !(isColour && m_heat))
        return {};
    const std::int64_t row = m_firstRow + index.row();
    const std::int64_t column = m_firstColumn + index.column();
    ValueKind kind = ValueKind::Real;
    const std::byte* found = element(row, column, kind);
    if (found == nullptr)
        return role == Qt::DisplayRole && !m_hasFailed ? QVariant(QStringLiteral("\u2026"))
                                                       : QVariant();
    if (role == Qt::DisplayRole)
        return text(found, kind, m_format);
    if (role == Qt::ToolTipRole) {
        QStringList place;
        for (std::size_t d = 0; d < m_index.size(); ++d) {
            const int dimension = static_cast<int>(d);
            place << QString::number(dimension == m_rowDimension      ? row
                                     : dimension == m_columnDimension ? column
                                                                      : m_index[d]);
        }
        return QStringLiteral("[%1] = %2")
            .arg(place.join(QStringLiteral(", ")), text(found, kind, NumberFormat::Exact));
    }
    const QColor background = m_heat->background(magnitudeOf(found, kind));
    return role == Qt::BackgroundRole ? background : HeatColours::textOn(background);
}

QVariant ValueGridModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role == Qt::DisplayRole)
        return QString::number(section +
                               (orientation == Qt::Horizontal ? m_firstColumn : m_firstRow));
    return {};
}

std::optional<QString> ValueGridModel::tabSeparated(const QModelIndex& topLeft,
                                                    const QModelIndex& bottomRight)
{
    const std::int64_t cells = std::int64_t{bottomRight.row() - topLeft.row() + 1} *
                               (bottomRight.column() - topLeft.column() + 1);
    if (!topLeft.isValid() || !bottomRight.isValid() || cells > mostCopied) {
        Q_EMIT failed(tr("%1 cells are too many to copy; export the tensor instead.").arg(cells));
        return QString();
    }
    const Block first = blockOf(m_firstRow + topLeft.row(), m_firstColumn + topLeft.column());
    const Block last =
        blockOf(m_firstRow + bottomRight.row(), m_firstColumn + bottomRight.column());
    bool isComplete = true;
    for (Block block = first; block.first <= last.first; ++block.first) {
        for (block.second = first.second; block.second <= last.second; ++block.second) {
            if (!m_kept.contains(block)) {
                want(block);
                isComplete = false;
            }
        }
    }
    if (!isComplete)
        return m_hasFailed ? std::optional(QString()) : std::nullopt;
    QString lines;
    for (int row = topLeft.row(); row <= bottomRight.row(); ++row) {
        for (int column = topLeft.column(); column <= bottomRight.column(); ++column) {
            ValueKind kind = ValueKind::Real;
            const std::byte* found = element(m_firstRow + row, m_firstColumn + column, kind);
            lines += text(found, kind, NumberFormat::Exact);
            lines += column == bottomRight.column() ? QLatin1Char('\n') : QLatin1Char('\t');
        }
    }
    return lines;
}

} // namespace jitscope::views
