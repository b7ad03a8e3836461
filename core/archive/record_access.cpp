#include "core/archive/record_access_p.h"

#include <fmt/format.h>

#include <algorithm>

namespace jitscope::archive {

namespace {

constexpr std::uint64_t largestText = 64u << 20;   // bytes of one record that is read
constexpr std::uint64_t largestTexts = 512u << 20; // bytes of all of them
// A list of problems is for people; what a hostile file makes more of is left out.
constexpr std::size_t mostRemarks = 200;

// How many bytes the character at the begin of a text has in UTF-8; 0 for none.
std::size_t characterSize(std::string_view text)
{
    const auto first = static_cast<unsigned char>(text[0]);
    const std::size_t size = first < 0x80                    ? 1
                             : first >= 0xc2 && first < 0xe0 ? 2
                             : first >= 0xe0 && first < 0xf0 ? 3
                             : first >= 0xf0 && first < 0xf5 ? 4
                                                             : 0;
    if (size == 0 || size > text.size() || first < 0x20 || first == 0x7f)
        return 0;
    for (std::size_t i = 1; i < size; ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80)
            return 0;
    }
    const auto second = size > 1 ? static_cast<unsigned char>(text[1]) : 0;
    // Forms that are longer than needed, surrogates, and what is beyond the last character.
    const bool isWrong = (first == 0xe0 && second < 0xa0) || (first == 0xed && second >= 0xa0) ||
                         (first == 0xf0 && second < 0x90) || (first == 0xf4 && second >= 0x90);
    return isWrong ? 0 : size;
}

// Names in a file may hold any bytes; a message is text.
std::string readable(std::string_view text)
{
    constexpr std::size_t longest = 1000;
    std::string shown;
    while (!text.empty() && shown.size() < longest) {
        const std::size_t size = characterSize(text);
        if (size == 0)
            shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
        else
            shown += text.substr(0, size);
        text.remove_prefix(std::max<std::size_t>(size, 1));
    }
    return text.empty() ? shown : shown + "...";
}

} // namespace

void RecordAccess::problem(Verdict verdict, std::string_view code, std::string_view record,
                           std::string_view message, std::string_view remedy)
{
    // The first problem that is one decides.
    const bool isRemark = verdict == Verdict::Ok;
    if (m_report.verdict == Verdict::Ok)
        m_report.verdict = verdict;
    if (m_report.problems.size() >= mostRemarks && (isRemark || m_deciding > 0))
        return;
    const auto place = isRemark
                           ? m_report.problems.end()
                           : m_report.problems.begin() + static_cast<std::ptrdiff_t>(m_deciding++);
    m_report.problems.insert(
        place, {std::string(code), readable(record), readable(message), std::string(remedy)});
}

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
    problem(Verdict::Ok, "checksum", name,
            "The content does not fit its checksum; it was changed or damaged after it was "
            "written.",
            copyAgain);
}

void RecordAccess::verify(std::uint64_t budget)
{
    Checksums& sums = m_report.checksums;
    for (const Record& record : m_report.records) {
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
            ++(read->second ? sums.verified : sums.failed);
        }
    }
}

} // namespace jitscope::archive
