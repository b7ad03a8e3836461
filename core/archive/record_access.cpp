#include "core/archive/record_access_p.h"

#include <fmt/format.h>

#include <algorithm>

namespace jitscope::archive {

namespace {

constexpr std::uint64_t largestText = 64u << 20;   // bytes of one record that is read
constexpr std::uint64_t largestTexts = 512u << 20; // bytes of all of them

} // namespace

void RecordAccess::add(const std::string& name, std::size_t entry)
{
    if (!m_index.emplace(name, entry).second) {
        problem(Verdict::Damaged, "duplicate-record", name,
                "The archive has two records of this name.", saveAgain);
    }
}

bool RecordAccess::has(std::string_view name) const
{
    return m_index.contains(std::string(name));
}

bool RecordAccess::hasBelow(std::string_view folder) const
{
    for (const Record& record : m_report.records) {
        if (record.name.starts_with(folder))
            return true;
    }
    return false;
}

const ZipEntry* RecordAccess::entry(std::string_view name) const
{
    const auto found = m_index.find(std::string(name));
    return found == m_index.end() ? nullptr : &m_zip.entries()[found->second];
}

std::string RecordAccess::read(std::string_view name)
{
    const auto found = m_index.find(std::string(name));
    if (found == m_index.end())
        return {};
    const std::uint64_t size = m_zip.entries()[found->second].size;
    if (size > largestText || m_readBytes + size > largestTexts) {
        problem(Verdict::Refused, "oversized-record", name,
                fmt::format("The record would take {} MB; that is more than code and pickles "
                            "ever have.",
                            size >> 20U),
                doNotTrust);
        return {};
    }
    m_readBytes += size;
    Result<ZipContent> content = m_zip.read(found->second, largestText);
    if (!content) {
        m_read.emplace(found->second, false); // so that verify() does not say it again
        problem(Verdict::Damaged, "damaged-record", name, content.error().what, copyAgain);
        return {};
    }
    const bool isFirst = m_read.emplace(found->second, content->checksumHolds).second;
    if (isFirst && !content->checksumHolds)
        wrongChecksum(name);
    return std::move(content->bytes);
}

void RecordAccess::wrongChecksum(std::string_view name)
{
    // No more than a remark: PyTorch can be told to write no checksums, and LibTorch looks at none.
    problem(Verdict::Ok, std::string(checksumCode), name,
            "The content does not fit its checksum; it was changed or damaged after it was "
            "written.",
            copyAgain);
}

void RecordAccess::verify(std::uint64_t budget)
{
    Checksums& sums = m_report.checksums;
    for (Record& record : m_report.records) {
        const auto found = m_index.find(record.name);
        if (found == m_index.end())
            continue;
        auto read = m_read.find(found->second);
        if (read == m_read.end() && record.size <= budget) {
            budget -= record.size;
            const Result<bool> holds = m_zip.checksumHolds(found->second);
            if (!holds) {
                problem(Verdict::Damaged, "damaged-record", record.name, holds.error().what,
                        copyAgain);
            } else if (!*holds) {
                wrongChecksum(record.name);
            }
            read = m_read.emplace(found->second, holds.value_or(false)).first;
        }
        if (read == m_read.end()) {
            ++sums.unverified;
            sums.unverifiedBytes += record.size;
        } else {
            record.checksumHolds = read->second;
            ++(read->second ? sums.verified : sums.failed);
        }
    }
}

} // namespace jitscope::archive
