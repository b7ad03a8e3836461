// What the weights view asks of the engine. The shell provides it; UI thread only.
#pragma once

#include "core/protocol/tensor_messages.h"
#include "core/support/result.h"

#include <QObject>
#include <QString>

#include <functional>
#include <vector>

namespace jitscope::views {

class TensorService : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;
    using Ids = std::vector<std::int64_t>; // rows of the table `tensor`
    using ValuesAnswer = std::function<void(Result<tensor::Values>)>;

    // Whether a long job is at work, so that another would be refused.
    [[nodiscard]] virtual bool isBusy() const = 0;

    // The statistics arrive with DocumentModel::tensorStatisticsChanged(). No ids mean all.
    virtual void computeStatistics(const Ids& tensors) = 0;

    // One tensor into a file, or several into a folder that exists. What there is under those names
    // is replaced.
    virtual void exportFile(std::int64_t tensor, const QString& file) = 0;
    virtual void exportFolder(const Ids& tensors, const QString& folder) = 0;

    // Answers later, on the UI thread, unless `context` is gone by then.
    virtual void requestValues(const protocol::TensorValuesParams& params, QObject* context,
                               ValuesAnswer answer) = 0;

Q_SIGNALS:
    void busyChanged();
};

} // namespace jitscope::views
