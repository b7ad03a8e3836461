#include "app/cli/session/run_writer.h"

#include <fmt/format.h>

namespace jitscope::cli {

namespace {

std::string labelOf(const record::Plan& plan)
{
    const std::string kind = plan.optimised ? "executed plan" : "profiling plan";
    return plan.isMain ? kind : fmt::format("{} of {}", kind, plan.function);
}

} // namespace

RunWriter::RunWriter(document::Writer& writer, std::int64_t run, const document::StageRow& stage,
                     OnChanged onChanged)
    : m_writer(writer), m_run(run), m_stage(stage), m_onChanged(std::move(onChanged))
{}

Result<void> RunWriter::types(std::vector<record::ObservedType> types)
{
    std::vector<document::ObservedTypeRow> rows;
    rows.reserve(types.size());
    for (const record::ObservedType& observed : types) {
        rows.push_back({m_run, observed.node, observed.isParameter ? "parameter" : "output",
                        observed.position, ir::toText(observed.type)});
    }
    return m_writer.add(std::span<const document::ObservedTypeRow>(rows));
}

Result<void> RunWriter::planReady(std::uint32_t index, const record::Plan& plan)
{
    document::StageRow row;
    row.parent = m_stage.id;
    row.kind = "executed";
    row.label = labelOf(plan);
    row.arguments = "{}";
    row.module = m_stage.module;
    row.method = plan.isMain ? m_stage.method : plan.function;
    row.changed = 1;
    const Result<std::int64_t> stage = m_writer.addStage(row, plan.graph);
    if (!stage)
        return tl::unexpected(stage.error());
    m_plans[index] = *stage;
    m_onChanged("stage", *stage);
    return {};
}

Result<void> RunWriter::chunk(document::NodeChunkRow row)
{
    row.run = m_run;
    Result<void> added = m_writer.add(std::span<const document::NodeChunkRow>(&row, 1));
    if (added)
        m_onChanged("chunks", m_run);
    return added;
}

Result<void> RunWriter::runtimeCalls(std::vector<document::RuntimeRow> rows,
                                     const std::vector<std::string>& names)
{
    const Result<std::vector<std::int64_t>> ids = idsOf(names);
    if (!ids)
        return tl::unexpected(ids.error());
    for (document::RuntimeRow& row : rows)
        row.nameId = ids->at(static_cast<std::size_t>(row.nameId));
    return add(std::move(rows));
}

Result<void> RunWriter::kernels(std::vector<document::KernelRow> rows,
                                const std::vector<std::string>& names)
{
    const Result<std::vector<std::int64_t>> ids = idsOf(names);
    if (!ids)
        return tl::unexpected(ids.error());
    for (document::KernelRow& row : rows) {
        row.demangledName = ids->at(static_cast<std::size_t>(row.demangledName));
        row.shortName = ids->at(static_cast<std::size_t>(row.shortName));
    }
    return add(std::move(rows));
}

Result<void> RunWriter::copies(std::vector<document::MemcpyRow> rows)
{
    return add(std::move(rows));
}

Result<void> RunWriter::sets(std::vector<document::MemsetRow> rows)
{
    return add(std::move(rows));
}

Result<void> RunWriter::synchronizations(std::vector<document::SynchronizationRow> rows)
{
    return add(std::move(rows));
}

void RunWriter::ended(const record::RunOutcome& outcome)
{
    m_outcome = outcome;
}

std::int64_t RunWriter::stageOfPlan(std::uint32_t index) const
{
    const auto found = m_plans.find(index);
    return found == m_plans.end() ? 0 : found->second;
}

template <typename Row>
Result<void> RunWriter::add(std::vector<Row> rows)
{
    for (Row& row : rows)
        row.run = m_run;
    Result<void> added = m_writer.add(std::span<const Row>(rows));
    if (added)
        m_onChanged("chunks", m_run);
    return added;
}

Result<std::vector<std::int64_t>> RunWriter::idsOf(const std::vector<std::string>& names)
{
    std::vector<std::int64_t> ids;
    for (const std::string& name : names) {
        const Result<std::int64_t> id = m_writer.stringId(name);
        if (!id)
            return tl::unexpected(id.error());
        ids.push_back(*id);
    }
    return ids;
}

} // namespace jitscope::cli
