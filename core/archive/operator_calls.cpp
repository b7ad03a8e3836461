#include "core/archive/operator_calls.h"

#include "core/support/trimmed.h"

#include <algorithm>
#include <cctype>
#include <optional>

namespace jitscope::archive {

namespace {

bool isNameCharacter(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool isName(std::string_view text)
{
    return !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) == 0 &&
           std::all_of(text.begin(), text.end(), isNameCharacter);
}

// "acme::fancy" of "ops.acme.fancy", "aten::relu" of "torch.relu".
std::optional<std::string> operatorName(std::string_view word)
{
    const std::size_t dot = word.find('.');
    if (dot == std::string_view::npos)
        return std::nullopt;
    const std::string_view first = word.substr(0, dot);
    const std::string_view rest = word.substr(dot + 1);
    if (first == "torch" && isName(rest))
        return "aten::" + std::string(rest);
    const std::size_t second = rest.find('.');
    if (first != "ops" || second == std::string_view::npos || !isName(rest.substr(0, second)) ||
        !isName(rest.substr(second + 1)))
        return std::nullopt;
    return std::string(rest.substr(0, second)) + "::" + std::string(rest.substr(second + 1));
}

// How many values the statement takes of the call that is the whole of its right side: "a, b, = ".
// One where the call is only a part of something.
std::size_t resultsOf(std::string_view lineBefore)
{
    std::string_view left = trimmed(lineBefore);
    if (left.empty())
        return 0;
    if (!left.ends_with('='))
        return 1;
    left = trimmed(left.substr(0, left.size() - 1));
    if (left.find(',') == std::string_view::npos)
        return 1;
    std::size_t count = 0;
    while (!left.empty()) {
        const std::size_t comma = std::min(left.find(','), left.size());
        const std::string_view target = trimmed(left.substr(0, comma));
        left.remove_prefix(std::min(comma + 1, left.size()));
        if (target.empty())
            continue;
        if (!isName(target))
            return 1;
        ++count;
    }
    return count;
}

class Scanner
{
public:
    explicit Scanner(std::string_view code) : m_code(code) {}

    std::vector<OperatorCall> scan()
    {
        while (m_at < m_code.size()) {
            const char c = m_code[m_at];
            if (c == '#')
                skipComment();
            else if (c == '"' || c == '\'')
                skipString(m_at);
            else if (isNameCharacter(c))
                word();
            else
                ++m_at;
        }
        std::sort(m_calls.begin(), m_calls.end());
        m_calls.erase(std::unique(m_calls.begin(), m_calls.end()), m_calls.end());
        return std::move(m_calls);
    }

private:
    void skipComment() { m_at = std::min(m_code.find('\n', m_at), m_code.size()); }

    void skipString(std::size_t& at) const
    {
        const char quote = m_code[at];
        for (++at; at < m_code.size() && m_code[at] != quote; ++at) {
            if (m_code[at] == '\\')
                ++at;
        }
        at = std::min(at + 1, m_code.size());
    }

    void word()
    {
        const std::size_t begin = m_at;
        while (m_at < m_code.size() && (isNameCharacter(m_code[m_at]) || m_code[m_at] == '.'))
            ++m_at;
        if (m_at == m_code.size() || m_code[m_at] != '(')
            return;
        const auto name = operatorName(m_code.substr(begin, m_at - begin));
        if (!name)
            return;
        OperatorCall call;
        call.name = *name;
        if (!arguments(m_at + 1, call))
            return;
        const std::size_t lineEnd =
            begin == 0 ? std::string_view::npos : m_code.rfind('\n', begin - 1);
        const std::size_t line = lineEnd == std::string_view::npos ? 0 : lineEnd + 1;
        call.results = resultsOf(m_code.substr(line, begin - line));
        m_calls.push_back(std::move(call));
    }

    // From behind the opening bracket; false if the call does not end. The words in it are calls
    // of their own, which the scan comes to later.
    bool arguments(std::size_t at, OperatorCall& call) const
    {
        std::size_t depth = 0;
        std::size_t begin = at;
        while (at < m_code.size()) {
            const char c = m_code[at];
            if (c == '"' || c == '\'') {
                skipString(at);
                continue;
            }
            if (c == '#') {
                at = std::min(m_code.find('\n', at), m_code.size());
                continue;
            }
            const bool closes = c == ')' || c == ']' || c == '}';
            if (depth == 0 && (c == ',' || closes)) {
                addArgument(trimmed(m_code.substr(begin, at - begin)), call);
                begin = at + 1;
                if (closes)
                    return c == ')';
            } else if (c == '(' || c == '[' || c == '{') {
                ++depth;
            } else if (closes) {
                --depth;
            }
            ++at;
        }
        return false;
    }

    static void addArgument(std::string_view text, OperatorCall& call)
    {
        if (text.empty())
            return;
        const std::size_t equals = text.find('=');
        const bool isKeyword = equals != std::string_view::npos &&
                               text.substr(equals).substr(0, 2) != "==" &&
                               isName(trimmed(text.substr(0, equals)));
        if (isKeyword)
            call.keywords.emplace_back(trimmed(text.substr(0, equals)));
        else
            ++call.positional;
    }

    std::string_view m_code;
    std::size_t m_at = 0;
    std::vector<OperatorCall> m_calls;
};

} // namespace

std::vector<OperatorCall> operatorCalls(std::string_view code)
{
    return Scanner(code).scan();
}

} // namespace jitscope::archive
