// The CUDA activity of a run as slices of its streams and API threads. Waits are shown by the API
// calls that wait. Private to core/timeline.
#pragma once

#include "core/document/reader.h"
#include "core/timeline/lane.h"

#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace jitscope::timeline {

// Reads what is new at each call.
class GpuActivity
{
public:
    using Label = std::function<std::uint32_t(std::string_view)>;
    using Stream = std::pair<std::int64_t, std::int64_t>; // device, stream

    GpuActivity(const document::Reader& reader, std::int64_t run) : m_reader(reader), m_run(run) {}

    [[nodiscard]] Result<void> read(const Label& label);

    // In the order of comesBefore().
    [[nodiscard]] const std::map<Stream, std::vector<Slice>>& streams() const { return m_streams; }
    [[nodiscard]] const std::map<std::int64_t, std::vector<Slice>>& calls() const
    {
        return m_calls;
    }
    // Records whose times cannot be: left out.
    [[nodiscard]] std::size_t withoutTime() const { return m_withoutTime; }

private:
    template <typename Row>
    [[nodiscard]] Result<std::vector<Row>> newRows(std::size_t& read) const;
    template <typename Row, typename Place, typename Name>
    void add(const std::vector<Row>& rows, Place place, Name name);
    [[nodiscard]] Result<void> readNames(const Label& label);
    [[nodiscard]] std::uint32_t name(std::int64_t id) const;

    const document::Reader& m_reader;
    std::int64_t m_run;
    std::size_t m_kernels = 0;
    std::size_t m_copies = 0;
    std::size_t m_sets = 0;
    std::size_t m_runtimeCalls = 0;
    std::size_t m_names = 0;
    std::size_t m_withoutTime = 0;
    std::unordered_map<std::int64_t, std::uint32_t> m_labels; // by StringIds
    std::map<Stream, std::vector<Slice>> m_streams;
    std::map<std::int64_t, std::vector<Slice>> m_calls; // by globalTid
};

} // namespace jitscope::timeline
