#include "core/ir/text_lines_p.h"
#include "core/support/trimmed.h"

#include <algorithm>

namespace jitscope::ir {

namespace {

constexpr std::string_view blanks = " \t";

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool isWord(char c)
{
    return isLetter(c) || (c >= '0' && c <= '9');
}

// One past the string that begins at `from` with its quote; the size of the text if it does not
// end.
std::size_t stringEnd(std::string_view text, std::size_t from)
{
    for (std::size_t i = from + 1; i < text.size(); ++i) {
        if (text[i] == '\\')
            ++i;
        else if (text[i] == '"')
            return i + 1;
    }
    return text.size();
}

bool opens(char c)
{
    return c == '(' || c == '[' || c == '{';
}

bool closes(char c)
{
    return c == ')' || c == ']' || c == '}';
}

} // namespace

std::vector<TextLine> linesOf(std::string_view text)
{
    std::vector<TextLine> lines;
    lines.reserve(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1);
    std::uint32_t number = 0;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        lines.push_back({line, ++number, 0});
    }
    return lines;
}

void LineCursor::skipSpace()
{
    while (!isAtEnd() && blanks.find(m_line.text[m_at]) != std::string_view::npos)
        ++m_at;
}

bool LineCursor::take(std::string_view text)
{
    if (!isAt(text))
        return false;
    m_at += text.size();
    skipSpace();
    return true;
}

void LineCursor::expect(std::string_view text)
{
    if (!take(text))
        fail("'" + std::string(text) + "'");
}

void LineCursor::fail(std::string expected) const
{
    throw SyntaxError{m_line, m_at, std::move(expected)};
}

std::string_view LineCursor::taken(std::size_t end)
{
    const std::string_view text = m_line.text.substr(m_at, end - m_at);
    m_at = end;
    skipSpace();
    return trimmed(text, blanks);
}

std::string_view LineCursor::name()
{
    if (!take("%"))
        fail("a value, such as %x");
    const std::size_t end = m_line.text.find_first_of(" \t,():=", m_at);
    const std::string_view text = taken(std::min(end, m_line.text.size()));
    if (text.empty())
        fail("the name of a value after '%'");
    return text;
}

std::string_view LineCursor::type()
{
    std::size_t end = m_at;
    int depth = 0;
    for (; end < m_line.text.size(); ++end) {
        const char c = m_line.text[end];
        if (opens(c))
            ++depth;
        else if (depth > 0 && closes(c))
            --depth;
        else if (depth == 0 && (closes(c) || c == ',' || c == '='))
            break;
    }
    const std::string_view text = taken(end);
    if (text.empty())
        fail("a type, such as Tensor");
    return text;
}

std::string_view LineCursor::kind()
{
    std::size_t end = std::min(m_line.text.find_first_of("([", m_at), m_line.text.size());
    if (isAt("^") && end < m_line.text.size() && m_line.text[end] == '(') {
        int depth = 0;
        std::size_t close = end;
        while (close < m_line.text.size()) {
            const char c = m_line.text[close];
            if (c == '"') {
                close = stringEnd(m_line.text, close);
                continue;
            }
            depth += opens(c) ? 1 : closes(c) ? -1 : 0;
            ++close;
            if (depth == 0)
                break;
        }
        if (m_line.text.substr(close).starts_with("("))
            end = close;
    }
    const std::string_view text = trimmed(m_line.text.substr(m_at, end - m_at), blanks);
    if (text.empty() || (text.find("::") == std::string_view::npos && !text.starts_with("^")))
        fail("an operator, such as aten::relu(");
    return taken(end);
}

std::string_view LineCursor::attributeName()
{
    std::size_t end = m_at;
    while (end < m_line.text.size() && isWord(m_line.text[end]))
        ++end;
    if (end == m_at)
        fail("the name of an attribute");
    const std::string_view text = m_line.text.substr(m_at, end - m_at);
    m_at = end;
    if (!isAt("="))
        fail("'=' after the name of an attribute");
    ++m_at; // blanks after it belong to the value
    return text;
}

// "]" or ", name=" stands there.
bool LineCursor::endsAttribute(std::size_t at) const
{
    const std::string_view text = m_line.text.substr(at);
    if (text.starts_with("]"))
        return true;
    if (!text.starts_with(", ") || text.size() < 3 || !isLetter(text[2]))
        return false;
    std::size_t end = 2;
    while (end < text.size() && isWord(text[end]))
        ++end;
    return end < text.size() && text[end] == '=';
}

// A very long value was cut when it was kept, and ends in "..." wherever that was.
std::size_t LineCursor::shortenedValueEnd() const
{
    constexpr std::string_view dots = "...";
    for (std::size_t at = m_line.text.find(dots, m_at); at != std::string_view::npos;
         at = m_line.text.find(dots, at + 1)) {
        const std::size_t end = at + dots.size();
        const std::string_view after = m_line.text.substr(end);
        if (after.starts_with("](") || (after.starts_with(",") && endsAttribute(end)))
            return end;
    }
    return std::string_view::npos;
}

std::string_view LineCursor::attributeValue()
{
    int depth = 0;
    std::size_t end = m_at;
    while (end < m_line.text.size()) {
        const char c = m_line.text[end];
        if (c == '"') {
            end = stringEnd(m_line.text, end);
            continue;
        }
        if (depth == 0 && endsAttribute(end))
            break;
        if (opens(c))
            ++depth;
        else if (closes(c))
            --depth;
        if (depth < 0)
            fail("']' after the attributes");
        ++end;
    }
    if (end >= m_line.text.size()) {
        end = shortenedValueEnd();
        if (end == std::string_view::npos)
            fail("the value of an attribute, and ']' after the attributes");
    }
    const std::string_view text = m_line.text.substr(m_at, end - m_at);
    m_at = end;
    return text;
}

std::string_view LineCursor::untilComment()
{
    const std::size_t end = m_line.text.find(" # ", m_at);
    return taken(std::min(end, m_line.text.size()));
}

} // namespace jitscope::ir
