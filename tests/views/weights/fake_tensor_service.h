// Answers without an engine: the element at [i, j, ...] of any tensor is a number made of its
// indices.
#pragma once

#include "views/weights/tensor_service.h"

#include <vector>

namespace jitscope::test {

class FakeTensorService : public views::TensorService
{
public:
    using TensorService::TensorService;

    [[nodiscard]] bool isBusy() const override { return m_isBusy; }
    void setBusy(bool busy);

    void computeStatistics(const Ids& tensors) override { computed.push_back(tensors); }
    void exportFile(std::int64_t tensor, const QString& file) override
    {
        exportedFiles.emplace_back(tensor, file);
    }
    void exportFolder(const Ids& tensors, const QString& folder) override
    {
        exportedFolders.emplace_back(tensors, folder);
    }
    void requestValues(const protocol::TensorValuesParams& params, QObject* context,
                       ValuesAnswer answer) override;

    // 1000 * row + column + 0.5, and a million for each fixed index.
    [[nodiscard]] static double valueAt(std::int64_t row, std::int64_t column,
                                        std::int64_t fixed = 0);

    std::vector<Ids> computed;
    std::vector<std::pair<std::int64_t, QString>> exportedFiles;
    std::vector<std::pair<Ids, QString>> exportedFolders;
    std::vector<protocol::TensorValuesParams> requests;
    bool fails = false;
    tensor::ValueKind kind = tensor::ValueKind::Real;

private:
    bool m_isBusy = false;
};

} // namespace jitscope::test
