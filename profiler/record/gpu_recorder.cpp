#include "profiler/record/gpu_recorder_p.h"

#include "profiler/record/kernel_name_p.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace jitscope::record {

namespace {

constexpr std::size_t batch = 1000; // rows given to the sink at a time

// What was asked for in the recorded iterations, and by which node. What was asked for outside of
// them (by copies of the inputs, by the comparison) is no part of the recording.
class Calls
{
public:
    Calls(const cupti::Activities& activities, const std::vector<IterationTimes>& iterations)
    {
        for (const IterationTimes& times : iterations) {
            if (times.number >= 0)
                m_iterations.emplace_back(times.start, times.end);
        }
        for (const cupti::ApiCall& call : activities.calls)
            m_isRecorded.emplace(call.correlation, isInIteration(call.start));
        for (const cupti::Link& link : activities.links)
            m_nodes.emplace(link.correlation, link.tag);
    }

    // Of a call that was not kept (most of the driver's are not) the GPU's own time decides: the
    // GPU has nothing to do when an iteration begins or ends.
    template <typename Activity>
    [[nodiscard]] bool contain(const Activity& activity) const
    {
        const auto call = m_isRecorded.find(activity.correlation);
        return call != m_isRecorded.end() ? call->second : isInIteration(activity.start);
    }
    [[nodiscard]] std::int64_t nodeOf(std::uint32_t correlation) const
    {
        const auto found = m_nodes.find(correlation);
        return found == m_nodes.end() ? 0 : static_cast<std::int64_t>(found->second);
    }

private:
    [[nodiscard]] bool isInIteration(std::int64_t time) const
    {
        const auto after = std::upper_bound(
            m_iterations.begin(), m_iterations.end(), time,
            [](std::int64_t t, const auto& iteration) { return t < iteration.first; });
        return after != m_iterations.begin() && time <= std::prev(after)->second;
    }

    std::vector<std::pair<std::int64_t, std::int64_t>> m_iterations; // start, end; in order
    std::unordered_map<std::uint32_t, bool> m_isRecorded;            // by correlation
    std::unordered_map<std::uint32_t, std::uint64_t> m_nodes;
};

// The names of a batch, each once.
class NameList
{
public:
    std::int64_t indexOf(const std::string& name)
    {
        const auto [entry, isNew] =
            m_indices.try_emplace(name, static_cast<std::int64_t>(m_names.size()));
        if (isNew)
            m_names.push_back(name);
        return entry->second;
    }

    [[nodiscard]] const std::vector<std::string>& all() const { return m_names; }

private:
    std::vector<std::string> m_names;
    std::unordered_map<std::string, std::int64_t> m_indices;
};

// Makes rows of those activities that belong to the recorded calls and gives them to the sink in
// batches.
template <typename Row, typename Activity, typename Make, typename Give>
Result<void> carry(const std::vector<Activity>& activities, const Calls& calls, Make make,
                   Give give)
{
    std::vector<Row> rows;
    std::vector<const Activity*> sources;
    const auto flush = [&]() -> Result<void> {
        if (rows.empty())
            return {};
        auto given = give(std::exchange(rows, {}), sources);
        sources.clear();
        return given;
    };
    for (const Activity& activity : activities) {
        if (!calls.contain(activity))
            continue;
        Row row;
        row.start = activity.start;
        row.end = activity.end;
        row.correlationId = activity.correlation;
        row.node = calls.nodeOf(activity.correlation);
        make(activity, row);
        rows.push_back(std::move(row));
        sources.push_back(&activity);
        if (rows.size() == batch) {
            if (auto given = flush(); !given)
                return given;
        }
    }
    return flush();
}

template <typename Activity, typename Row>
void setPlace(const Activity& activity, Row& row)
{
    row.deviceId = activity.device;
    row.contextId = activity.context;
    row.streamId = activity.stream;
}

} // namespace

GpuRecorder::GpuRecorder(std::unique_ptr<cupti::GpuActivity> activity)
    : m_activity(std::move(activity))
{}

Result<std::unique_ptr<GpuRecorder>>
GpuRecorder::start(Result<std::unique_ptr<cupti::GpuActivity>> source)
{
    if (!source)
        return tl::unexpected(source.error());
    if (auto started = (*source)->start(); !started)
        return tl::unexpected(started.error());
    return std::unique_ptr<GpuRecorder>(new GpuRecorder(*std::move(source)));
}

void GpuRecorder::enter(ir::NodeKey node)
{
    m_activity->enter(node);
}

void GpuRecorder::leave()
{
    m_activity->leave();
}

void GpuRecorder::collect()
{
    m_activity->drain(m_activities, false);
}

Result<void> GpuRecorder::finish(const std::vector<IterationTimes>& iterations, RecordSink& sink,
                                 Verdict& verdict)
{
    m_activity->drain(m_activities, true);
    m_activity->stop();
    const Calls calls(m_activities, iterations);

    std::unordered_set<std::uint32_t> missing; // launches without a kernel
    for (const cupti::ApiCall& call : m_activities.calls) {
        if (call.launchesKernel && call.result == 0 && calls.contain(call))
            missing.insert(call.correlation);
    }
    for (const cupti::Kernel& kernel : m_activities.kernels) {
        if (!calls.contain(kernel))
            continue;
        ++verdict.kernels;
        verdict.unattributed += calls.nodeOf(kernel.correlation) == 0 ? 1 : 0;
        missing.erase(kernel.correlation);
    }
    verdict.launched = verdict.kernels + missing.size(); // one launch of a CUDA graph has many
    if (m_activities.dropped != 0) {
        verdict.remarks.push_back("CUPTI lost " + std::to_string(m_activities.dropped) +
                                  " records of GPU activity.");
    }
    if (!missing.empty()) {
        verdict.remarks.push_back(std::to_string(missing.size()) + " of " +
                                  std::to_string(verdict.launched) +
                                  " launched kernels were not recorded.");
    }
    if (verdict.unattributed != 0) {
        verdict.remarks.push_back(std::to_string(verdict.unattributed) +
                                  (verdict.unattributed == 1 ? " kernel was" : " kernels were") +
                                  " launched outside of any node.");
    }

    Result<void> result = carry<document::RuntimeRow>(
        m_activities.calls, calls,
        [](const cupti::ApiCall& call, document::RuntimeRow& row) {
            // As Nsight Systems packs them: process in bits 24 to 47, thread in the lowest 24.
            row.globalTid = static_cast<std::int64_t>(call.process) << 24 |
                            static_cast<std::int64_t>(call.thread & 0xffffff);
            row.returnValue = call.result;
        },
        [&](std::vector<document::RuntimeRow> rows,
            const std::vector<const cupti::ApiCall*>& sources) {
            NameList names;
            for (std::size_t i = 0; i < rows.size(); ++i)
                rows[i].nameId = names.indexOf(sources[i]->name);
            return sink.runtimeCalls(std::move(rows), names.all());
        });
    if (result) {
        result = carry<document::KernelRow>(
            m_activities.kernels, calls,
            [](const cupti::Kernel& kernel, document::KernelRow& row) {
                setPlace(kernel, row);
                row.gridX = kernel.gridX;
                row.gridY = kernel.gridY;
                row.gridZ = kernel.gridZ;
                row.blockX = kernel.blockX;
                row.blockY = kernel.blockY;
                row.blockZ = kernel.blockZ;
                row.registersPerThread = kernel.registersPerThread;
                row.staticSharedMemory = kernel.staticSharedMemory;
                row.dynamicSharedMemory = kernel.dynamicSharedMemory;
            },
            [&](std::vector<document::KernelRow> rows,
                const std::vector<const cupti::Kernel*>& sources) {
                NameList names;
                for (std::size_t i = 0; i < rows.size(); ++i) {
                    rows[i].demangledName = names.indexOf(sources[i]->name);
                    rows[i].shortName = names.indexOf(shortKernelName(sources[i]->name));
                }
                return sink.kernels(std::move(rows), names.all());
            });
    }
    if (result) {
        result = carry<document::MemcpyRow>(
            m_activities.copies, calls,
            [](const cupti::Copy& copy, document::MemcpyRow& row) {
                setPlace(copy, row);
                row.bytes = static_cast<std::int64_t>(copy.bytes);
                row.copyKind = copy.copyKind;
                row.srcKind = copy.sourceKind;
                row.dstKind = copy.targetKind;
            },
            [&](std::vector<document::MemcpyRow> rows, const auto& /*sources*/) {
                return sink.copies(std::move(rows));
            });
    }
    if (result) {
        result = carry<document::MemsetRow>(
            m_activities.sets, calls,
            [](const cupti::Set& set, document::MemsetRow& row) {
                setPlace(set, row);
                row.value = set.value;
                row.bytes = static_cast<std::int64_t>(set.bytes);
            },
            [&](std::vector<document::MemsetRow> rows, const auto& /*sources*/) {
                return sink.sets(std::move(rows));
            });
    }
    if (result) {
        result = carry<document::SynchronizationRow>(
            m_activities.synchronizations, calls,
            [](const cupti::Synchronization& wait, document::SynchronizationRow& row) {
                row.contextId = wait.context;
                row.streamId = wait.stream;
                row.syncType = wait.type;
            },
            [&](std::vector<document::SynchronizationRow> rows, const auto& /*sources*/) {
                return sink.synchronizations(std::move(rows));
            });
    }
    return result;
}

} // namespace jitscope::record
