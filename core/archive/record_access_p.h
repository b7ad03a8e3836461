// The records of an archive below its top folder, read within a budget, and the problems that are
// found on the way. Private to core/archive.
#pragma once

#include "core/archive/problem_list_p.h"
#include "core/archive/zip_reader_p.h"

#include <string>
#include <string_view>
#include <unordered_map>

namespace jitscope::archive {

inline constexpr std::size_t mostRecords = 1u << 20;

class RecordAccess
{
public:
    // Both must outlive it.
    RecordAccess(const ZipReader& zip, Report& report)
        : m_zip(zip), m_report(report), m_problems(report)
    {}

    // Verdict::Ok is a remark; else the first one decides the verdict.
    void problem(Verdict verdict, std::string_view code, std::string_view record,
                 std::string_view message, std::string_view remedy)
    {
        m_problems.add(verdict, code, record, message, remedy);
    }
    [[nodiscard]] ProblemList& problems() { return m_problems; }

    void add(const std::string& name, std::size_t entry);
    [[nodiscard]] bool has(std::string_view name) const;
    [[nodiscard]] bool hasBelow(std::string_view folder) const;
    // The entry of the archive, or none.
    [[nodiscard]] const ZipEntry* entry(std::string_view name) const;
    [[nodiscard]] std::size_t index(std::string_view name) const
    {
        return m_index.at(std::string(name));
    }

    // The content, or empty when it cannot be read, which is then a problem.
    [[nodiscard]] std::string read(std::string_view name);
    // Reads records that nothing was read of so far, as many as fit, for their checksums.
    void verify(std::uint64_t budget);

private:
    void wrongChecksum(std::string_view name);

    const ZipReader& m_zip;
    Report& m_report;
    ProblemList m_problems;
    std::unordered_map<std::string, std::size_t> m_index;
    std::unordered_map<std::size_t, bool> m_read; // by entry
    std::uint64_t m_readBytes = 0;
};

} // namespace jitscope::archive
