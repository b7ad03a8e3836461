// Two dimensions of a tensor as a table. Fetches blocks as they are looked at and keeps the newest.
// Private to views/weights.
#pragma once

#include "core/tensor/values.h"
#include "views/weights/heat_colours_p.h"
#include "views/weights/tensor_service.h"

#include <QAbstractTableModel>

#include <list>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace jitscope::views {

enum class NumberFormat
{
    Short,     // five digits
    Exact,     // as many as tell all numbers of the type apart
    Scientific // with an exponent
};

class ValueGridModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    // More rows and columns than these are reached by goTo(), which moves the part that is shown.
    static constexpr int mostRows = 100'000;
    static constexpr int mostColumns = 10'000;

    explicit ValueGridModel(TensorService& service, QObject* parent = nullptr);

    // `dtype` decides how many digits are exact.
    void setTensor(std::int64_t tensor, std::vector<std::int64_t> sizes, const std::string& dtype);
    void clear();
    // Which dimensions run along rows and columns (-1: none), and the indices of the others.
    void setSlice(int rowDimension, int columnDimension, std::vector<std::int64_t> index);
    void setFormat(NumberFormat format);
    void setHeat(std::optional<HeatColours> colours);

    [[nodiscard]] int rowDimension() const { return m_rowDimension; }
    [[nodiscard]] int columnDimension() const { return m_columnDimension; }
    [[nodiscard]] std::int64_t rows() const; // all of them
    [[nodiscard]] std::int64_t columns() const;
    [[nodiscard]] std::int64_t firstRow() const { return m_firstRow; } // that is shown
    [[nodiscard]] std::int64_t firstColumn() const { return m_firstColumn; }
    // The cell of these indices, after moving the shown part there if need be; invalid if there is
    // none.
    [[nodiscard]] QModelIndex goTo(std::int64_t row, std::int64_t column);

    // The range of the finite numbers fetched so far.
    [[nodiscard]] double minimum() const { return m_minimum; }
    [[nodiscard]] double maximum() const { return m_maximum; }

    // Cells of a rectangle as lines of tab-separated numbers; nothing while some are still to be
    // fetched, which is then begun: blocksArrived() tells when to ask again.
    [[nodiscard]] std::optional<QString> tabSeparated(const QModelIndex& topLeft,
                                                      const QModelIndex& bottomRight);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

Q_SIGNALS:
    void blocksArrived();
    void failed(const QString& message);

private:
    using Block = std::pair<std::int64_t, std::int64_t>; // row and column, in blocks
    struct Kept
    {
        tensor::Values values;
        std::list<Block>::iterator use;
    };

    void restart();
    void want(const Block& block) const;
    void fetch();
    void take(const Block& block, quint64 generation, Result<tensor::Values> values);
    [[nodiscard]] static Block blockOf(std::int64_t row, std::int64_t column);
    // The bytes of a number, or null while they are not there.
    [[nodiscard]] const std::byte* element(std::int64_t row, std::int64_t column,
                                           tensor::ValueKind& kind) const;
    [[nodiscard]] QString text(const std::byte* element, tensor::ValueKind kind,
                               NumberFormat format) const;
    void widen(const tensor::Values& values);

    TensorService& m_service;
    std::int64_t m_tensor = 0; // 0 for none
    std::vector<std::int64_t> m_sizes;
    int m_exactDigits = 9;
    int m_rowDimension = -1;
    int m_columnDimension = -1;
    std::vector<std::int64_t> m_index;
    std::int64_t m_firstRow = 0;
    std::int64_t m_firstColumn = 0;
    NumberFormat m_format = NumberFormat::Short;
    std::optional<HeatColours> m_heat;
    double m_minimum = 0;
    double m_maximum = -1;
    quint64 m_generation = 0; // answers for an earlier slice are thrown away
    bool m_hasFailed = false; // nothing more is asked for
    std::map<Block, Kept> m_kept;
    mutable std::list<Block> m_uses;   // the one used last is first
    mutable std::list<Block> m_wanted; // the one wanted last is first
    std::set<Block> m_asked;
    mutable bool m_isFetching = false; // fetch() will be called
};

// Of a complex number the magnitude, of another the number itself.
[[nodiscard]] double magnitudeOf(const std::byte* element, tensor::ValueKind kind);

} // namespace jitscope::views
