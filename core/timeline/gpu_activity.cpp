#include "core/timeline/gpu_activity_p.h"

#include "core/timeline/lanes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace jitscope::timeline {

namespace {

constexpr std::int64_t latestTime = std::int64_t{1} << 61; // as in run_loader.cpp

// CUpti_ActivityMemcpyKind, by number.
std::string_view copyName(std::int64_t kind)
{
    constexpr std::array<std::string_view, 11> names = {"copy",
                                                        "copy host to device",
                                                        "copy device to host",
                                                        "copy host to array",
                                                        "copy array to host",
                                                        "copy array to array",
                                                        "copy array to device",
                                                        "copy device to array",
                                                        "copy device to device",
                                                        "copy host to host",
                                                        "copy peer to peer"};
    return kind >= 0 && kind < static_cast<std::int64_t>(names.size())
               ? names[static_cast<std::size_t>(kind)]
               : names[0];
}

void sort(std::vector<Slice>& slices)
{
    if (!std::is_sorted(slices.begin(), slices.end(), comesBefore))
        std::sort(slices.begin(), slices.end(), comesBefore);
}

} // namespace

template <typename Row>
Result<std::vector<Row>> GpuActivity::newRows(std::size_t& read) const
{
    auto rows = m_reader.rows<Row>(
        fmt::format("WHERE run = {} ORDER BY rowid LIMIT -1 OFFSET {}", m_run, read));
    if (rows)
        read += rows->size();
    return rows;
}

template <typename Row, typename Place, typename Name>
void GpuActivity::add(const std::vector<Row>& rows, Place place, Name name)
{
    for (const Row& row : rows) {
        if (row.start <= 0 || row.end < row.start || row.end > latestTime) {
            ++m_withoutTime;
            continue;
        }
        place(row).push_back(
            {row.start, row.end, name(row), static_cast<ir::NodeKey>(row.node), 0});
    }
}

Result<void> GpuActivity::readNames(const Label& label)
{
    const auto rows = m_reader.rows<document::StringIdsRow>(
        fmt::format("ORDER BY id LIMIT -1 OFFSET {}", m_names));
    if (!rows)
        return tl::unexpected(rows.error());
    m_names += rows->size();
    for (const document::StringIdsRow& row : *rows)
        m_labels[row.id] = label(row.value);
    return {};
}

std::uint32_t GpuActivity::name(std::int64_t id) const
{
    const auto found = m_labels.find(id);
    return found == m_labels.end() ? 0 : found->second;
}

Result<void> GpuActivity::read(const Label& label)
{
    const auto stream = [this](const auto& row) -> std::vector<Slice>& {
        return m_streams[{row.deviceId, row.streamId}];
    };
    const auto kernels = newRows<document::KernelRow>(m_kernels);
    if (!kernels)
        return tl::unexpected(kernels.error());
    const auto copies = newRows<document::MemcpyRow>(m_copies);
    if (!copies)
        return tl::unexpected(copies.error());
    const auto sets = newRows<document::MemsetRow>(m_sets);
    if (!sets)
        return tl::unexpected(sets.error());
    const auto calls = newRows<document::RuntimeRow>(m_runtimeCalls);
    if (!calls)
        return tl::unexpected(calls.error());
    // After the rows: what they name was written before them, perhaps a moment ago.
    if (Result<void> names = readNames(label); !names)
        return names;
    add(*kernels, stream, [this](const auto& row) { return name(row.shortName); });
    add(*copies, stream, [&](const auto& row) { return label(copyName(row.copyKind)); });
    add(*sets, stream, [&](const auto&) { return label("set memory"); });
    add(
        *calls, [this](const auto& row) -> std::vector<Slice>& { return m_calls[row.globalTid]; },
        [this](const auto& row) { return name(row.nameId); });
    for (auto& [key, slices] : m_streams)
        sort(slices);
    for (auto& [key, slices] : m_calls)
        sort(slices);
    return {};
}

} // namespace jitscope::timeline
