// Statistics, values and files of the open document's tensors, by the workspace's engine.
#pragma once

#include "views/weights/tensor_service.h"

#include <QPointer>
#include <QTemporaryDir>
#include <QThread>

#include <memory>
#include <vector>

namespace jitscope::views {

class Workspace;

class WorkspaceTensors : public TensorService
{
    Q_OBJECT

public:
    explicit WorkspaceTensors(Workspace& workspace, QObject* parent = nullptr);
    ~WorkspaceTensors() override;

    [[nodiscard]] bool isBusy() const override;
    void computeStatistics(const Ids& tensors) override;
    void exportFile(std::int64_t tensor, const QString& file) override;
    void exportFolder(const Ids& tensors, const QString& folder) override;
    void requestValues(const protocol::TensorValuesParams& params, QObject* context,
                       ValuesAnswer answer) override;

private:
    struct Move
    {
        QString from;
        QString to;
    };
    struct Waiting
    {
        protocol::TensorValuesParams params;
        QPointer<QObject> context;
        ValuesAnswer answer;
    };
    using Exported =
        std::function<void(const protocol::TensorExportResult& result, const QString& folder)>;

    // The engine may write beside the document only: it exports there, and the files are moved.
    void startExport(const Ids& tensors, Exported exported);
    void moveFiles(std::vector<Move> moves, const QString& notice);
    void sendWaiting();
    void failWaiting(const Error& error);
    void send(const Waiting& waiting);

    Workspace& m_workspace;
    std::unique_ptr<QTemporaryDir> m_exportFolder; // while an export is at work
    QPointer<QThread> m_mover;
    std::vector<Waiting> m_waiting; // for the model to be loaded
};

} // namespace jitscope::views
