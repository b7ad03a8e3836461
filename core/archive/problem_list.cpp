#include "core/archive/problem_list_p.h"

#include <fmt/format.h>

namespace jitscope::archive {

namespace {

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

void ProblemList::add(Verdict verdict, std::string_view code, std::string_view record,
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

} // namespace jitscope::archive
