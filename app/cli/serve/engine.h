// The engine behind the protocol: checks what may be asked when, and hands the work to the job
// thread.
#pragma once

#include "app/cli/serve/frame_output.h"
#include "app/cli/serve/hardware.h"
#include "app/cli/serve/job_thread.h"
#include "app/cli/session/document_session.h"

#include "core/protocol/connection.h"
#include "core/protocol/tensor_messages.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace jitscope::cli {

class Engine
{
public:
    Engine(FrameOutput& output, Hardware hardware);

    // A message of the client; on the main thread.
    void receive(std::string_view message);

private:
    using Answer = Result<nlohmann::json>;
    // Done on the job thread.
    using Work = std::function<Answer(const JobContext& job)>;

    void registerHandlers();
    [[nodiscard]] std::optional<Error> gate(std::string_view method) const;
    [[nodiscard]] Answer initialize(const protocol::InitializeParams& params);
    void open(const protocol::RequestId& id, const protocol::OpenParams& params);
    // Takes the rights away the first time; an Error when the folder is not the one that may be
    // written.
    [[nodiscard]] Result<void> allowFolder(const std::filesystem::path& folder);
    void shutdown(const protocol::RequestId& id);

    void post(const protocol::RequestId& id, Work work);
    [[nodiscard]] JobContext contextOf(const protocol::RequestId& id, const CancelToken& cancel);
    [[nodiscard]] DocumentSession::OnChanged changeReporter();

    [[nodiscard]] Answer openDocument(const protocol::OpenParams& params, const JobContext& job);
    [[nodiscard]] Answer inlineMethod(const protocol::InlineParams& params, const JobContext& job);
    [[nodiscard]] Answer apply(const protocol::ApplyParams& params, const JobContext& job);
    [[nodiscard]] Answer run(const protocol::RunParams& params, const JobContext& job);

    [[nodiscard]] Result<TensorWork*> tensorWork(); // of the open document
    [[nodiscard]] Answer tensorStatistics(const protocol::TensorStatisticsParams& params,
                                          const JobContext& job);
    [[nodiscard]] Answer tensorValues(const protocol::TensorValuesParams& params);
    [[nodiscard]] Answer tensorExport(const protocol::TensorExportParams& params,
                                      const JobContext& job);

    protocol::Connection m_connection;
    Hardware m_hardware;
    bool m_isInitialized = false;
    bool m_isShutDown = false;
    std::filesystem::path m_folder;             // the one that may be written, once confined
    std::vector<std::string> m_rights;          // how the process is confined
    std::unique_ptr<DocumentSession> m_session; // of the job thread
    JobThread m_jobs;                           // last: it stops before the rest goes
};

} // namespace jitscope::cli
