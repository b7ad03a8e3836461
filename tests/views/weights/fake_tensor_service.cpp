#include "tests/views/weights/fake_tensor_service.h"

#include <QPointer>
#include <QTimer>

namespace jitscope::test {

void FakeTensorService::setBusy(bool busy)
{
    m_isBusy = busy;
    Q_EMIT busyChanged();
}

double FakeTensorService::valueAt(std::int64_t row, std::int64_t column, std::int64_t fixed)
{
    return static_cast<double>(1'000'000 * fixed + 1000 * row + column) + 0.5;
}

void FakeTensorService::requestValues(const protocol::TensorValuesParams& params, QObject* context,
                                      ValuesAnswer answer)
{
    requests.push_back(params);
    QTimer::singleShot(
        0, this, [this, params, receiver = QPointer<QObject>(context), answer = std::move(answer)] {
            if (!receiver)
                return;
            if (fails)
                return answer(fail(ErrorCode::EngineLost, "The engine is gone."));
            const tensor::Slice& slice = params.slice;
            std::int64_t fixed = 0;
            for (std::size_t d = 0; d < slice.index.size(); ++d) {
                const auto dimension = static_cast<std::int64_t>(d);
                if (dimension != slice.rowDimension && dimension != slice.columnDimension)
                    fixed += slice.index[d];
            }
            tensor::Values values;
            values.kind = kind;
            values.rows = slice.rows;
            values.columns = slice.columns;
            const auto append = [&values](auto number) {
                const auto* bytes = reinterpret_cast<const std::byte*>(&number); // NOLINT: bytes
                values.elements.insert(values.elements.end(), bytes, bytes + sizeof(number));
            };
            for (std::int64_t row = 0; row < slice.rows; ++row) {
                for (std::int64_t column = 0; column < slice.columns; ++column) {
                    const double value =
                        valueAt(slice.firstRow + row, slice.firstColumn + column, fixed);
                    if (kind == tensor::ValueKind::Real || kind == tensor::ValueKind::Complex)
                        append(value);
                    else
                        append(static_cast<std::int64_t>(value));
                    if (kind == tensor::ValueKind::Complex)
                        append(-1.5);
                }
            }
            answer(std::move(values));
        });
}

} // namespace jitscope::test
