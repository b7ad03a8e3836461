#include "core/search/term_match_p.h"

#include "core/ir/names.h"
#include "core/search/fold_p.h"

#include <charconv>
#include <string>

namespace jitscope::search {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

TermBits bit(std::size_t term)
{
    return TermBits{1} << term;
}

} // namespace

bool containsFolded(std::string_view text, std::string_view lowered)
{
    if (lowered.empty())
        return true;
    if (text.size() < lowered.size())
        return false;
    const char first = lowered[0];
    const std::size_t last = text.size() - lowered.size();
    for (std::size_t i = 0; i <= last; ++i) {
        if (lower(text[i]) != first)
            continue;
        std::size_t k = 1;
        while (k < lowered.size() && lower(text[i + k]) == lowered[k])
            ++k;
        if (k == lowered.size())
            return true;
    }
    return false;
}

std::string shapeOf(std::string_view text)
{
    constexpr std::string_view times = "\u00d7";
    std::string shape;
    std::size_t sizes = 0;
    bool wasDigit = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (isDigit(c)) {
            sizes += wasDigit ? 0 : 1;
            if (!wasDigit && !shape.empty())
                shape += ',';
            shape += c;
            wasDigit = true;
            continue;
        }
        wasDigit = false;
        if (text.substr(i).starts_with(times))
            i += times.size() - 1;
        else if (c != 'x' && c != ',' && c != ' ' && c != '[' && c != ']' && c != '(' && c != ')')
            return {};
    }
    return sizes >= 2 ? shape : std::string();
}

bool containsShape(std::string_view text, std::string_view shape)
{
    for (std::size_t begin = 0; begin < text.size(); ++begin) {
        const bool isStart = isDigit(text[begin]) && (begin == 0 || !isDigit(text[begin - 1]));
        if (!isStart)
            continue;
        std::size_t at = begin;
        std::size_t k = 0;
        while (k < shape.size() && at < text.size()) {
            if (text[at] == ' ') {
                ++at;
            } else if (text[at] == shape[k]) {
                ++at;
                ++k;
            } else {
                break;
            }
        }
        if (k == shape.size() && (at == text.size() || !isDigit(text[at])))
            return true;
    }
    return false;
}

TermMatch::TermMatch(const Query& query) : m_terms(query.terms)
{
    const auto field = [](Field f) { return static_cast<std::size_t>(f); };
    for (std::size_t i = 0; i < m_terms.size(); ++i) {
        const Term& term = m_terms[i];
        m_all |= bit(i);
        m_ofField[field(term.field)] |= bit(i);
        const bool mayBeShape = term.field == Field::Any || term.field == Field::Type;
        m_shapes.push_back(mayBeShape ? shapeOf(term.text) : std::string());
        m_hasShapes = m_hasShapes || !m_shapes.back().empty();
        FileTerm file{term.text, 0};
        const std::size_t colon = term.text.rfind(':');
        if (colon != std::string::npos && colon + 1 < term.text.size()) {
            const char* end = term.text.data() + term.text.size();
            const auto [stop, problem] =
                std::from_chars(term.text.data() + colon + 1, end, file.line);
            if (problem == std::errc() && stop == end)
                file.name.resize(colon);
            else
                file.line = 0;
        }
        const bool looksLikeFile =
            file.name.find('.') != std::string::npos && (file.line != 0 || file.name.size() > 3);
        if (term.field == Field::File || (term.field == Field::Any && looksLikeFile))
            m_ofFiles |= bit(i);
        m_files.push_back(std::move(file));
    }
    const TermBits any = m_ofField[field(Field::Any)];
    for (TermBits& bits : m_ofField)
        bits |= any;
}

TermBits TermMatch::in(std::string_view text) const
{
    TermBits bits = 0;
    for (std::size_t i = 0; i < m_terms.size(); ++i) {
        if (containsFolded(text, m_terms[i].text) ||
            (m_hasShapes && !m_shapes[i].empty() && containsShape(text, m_shapes[i])))
            bits |= bit(i);
    }
    return bits;
}

TermBits TermMatch::inShape(std::span<const std::int64_t> sizes) const
{
    if (!m_hasShapes)
        return 0;
    std::string text;
    for (const std::int64_t size : sizes)
        text += (text.empty() ? "" : ",") + std::to_string(size);
    TermBits bits = 0;
    for (std::size_t i = 0; i < m_terms.size(); ++i) {
        if (!m_shapes[i].empty() && containsShape(text, m_shapes[i]))
            bits |= bit(i);
    }
    return bits;
}

TermBits TermMatch::inFile(std::string_view file) const
{
    if (m_ofFiles == 0 || file.empty())
        return 0;
    TermBits bits = 0;
    for (std::size_t i = 0; i < m_terms.size(); ++i) {
        if ((m_ofFiles & bit(i)) == 0)
            continue;
        // A path that the user gives may go further up than the file's name.
        const bool isPath = m_terms[i].field == Field::File;
        if (containsFolded(isPath ? file : ir::fileName(file), m_files[i].name))
            bits |= bit(i);
    }
    return bits;
}

TermBits TermMatch::onLine(std::uint32_t line) const
{
    TermBits bits = 0;
    for (std::size_t i = 0; i < m_files.size(); ++i) {
        if (m_files[i].line == 0 || m_files[i].line == line)
            bits |= bit(i);
    }
    return bits;
}

} // namespace jitscope::search
