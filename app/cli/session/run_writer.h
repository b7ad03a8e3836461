// Puts what a recorder tells into a document, while it runs.
#pragma once

#include "core/document/writer.h"
#include "profiler/record/recorder.h"

#include <functional>
#include <map>
#include <optional>
#include <string_view>

namespace jitscope::cli {

class RunWriter : public record::RecordSink
{
public:
    using OnChanged = std::function<void(std::string_view what, std::int64_t id)>;

    // The rows belong to the run; executed plans become stages below `stage`. The writer must
    // outlive it.
    RunWriter(document::Writer& writer, std::int64_t run, const document::StageRow& stage,
              OnChanged onChanged);

    Result<void> types(std::vector<record::ObservedType> types) override;
    Result<void> planReady(std::uint32_t index, const record::Plan& plan) override;
    Result<void> chunk(document::NodeChunkRow row) override;
    Result<void> runtimeCalls(std::vector<document::RuntimeRow> rows,
                              const std::vector<std::string>& names) override;
    Result<void> kernels(std::vector<document::KernelRow> rows,
                         const std::vector<std::string>& names) override;
    Result<void> copies(std::vector<document::MemcpyRow> rows) override;
    Result<void> sets(std::vector<document::MemsetRow> rows) override;
    Result<void> synchronizations(std::vector<document::SynchronizationRow> rows) override;
    void ended(const record::RunOutcome& outcome) override;

    // How the run ended; nothing if it never began.
    [[nodiscard]] const std::optional<record::RunOutcome>& outcome() const { return m_outcome; }

    // The stage that holds a plan; 0 for one that was never told of.
    [[nodiscard]] std::int64_t stageOfPlan(std::uint32_t index) const;

private:
    template <typename Row>
    Result<void> add(std::vector<Row> rows);
    // Ids in StringIds, in the order of the names.
    Result<std::vector<std::int64_t>> idsOf(const std::vector<std::string>& names);

    document::Writer& m_writer;
    std::int64_t m_run;
    document::StageRow m_stage;
    OnChanged m_onChanged;
    std::map<std::uint32_t, std::int64_t> m_plans;
    std::optional<record::RunOutcome> m_outcome;
};

} // namespace jitscope::cli
