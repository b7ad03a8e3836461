// The problems of a report, and the verdict that they lead to. Private to core/archive.
#pragma once

#include "core/archive/preflight.h"

#include <string_view>

namespace jitscope::archive {

inline constexpr std::string_view copyAgain = "Download or copy the file again.";
inline constexpr std::string_view saveAgain = "Save the model again with torch.jit.save.";
inline constexpr std::string_view doNotTrust =
    "Do not trust this file; get the model from its maker.";

inline constexpr std::string_view checksumCode = "checksum";
inline constexpr std::string_view customClassCode = "custom-class";

class ProblemList
{
public:
    explicit ProblemList(Report& report) : m_report(report) {} // which must outlive it

    // Verdict::Ok is a remark; else the first one decides the verdict.
    void add(Verdict verdict, std::string_view code, std::string_view record,
             std::string_view message, std::string_view remedy);

private:
    Report& m_report;
    std::size_t m_deciding = 0; // problems at the front that are more than remarks
};

} // namespace jitscope::archive
