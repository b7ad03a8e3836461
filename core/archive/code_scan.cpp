#include "core/archive/code_scan_p.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace jitscope::archive {

namespace {

// Operators of ATen that open or write files; the only ones of LibTorch 2.11 (schemas of
// native_functions.yaml and register_prim_ops).
constexpr std::array<std::string_view, 4> fileOperators{"torch.save", "torch.from_file",
                                                        "ops.aten.save", "ops.aten.from_file"};

constexpr std::string_view customClassPrefix = "__torch__.torch.classes.";

bool isNameCharacter(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

void addOnce(std::vector<std::string>& list, std::string_view text)
{
    if (std::find(list.begin(), list.end(), text) == list.end())
        list.emplace_back(text);
}

// Walks over code, leaving out comments and what is inside strings.
class Scanner
{
public:
    explicit Scanner(std::string_view code) : m_code(code) {}

    CodeScan scan()
    {
        while (m_at < m_code.size()) {
            const char c = m_code[m_at];
            if (m_lineStart)
                indentation();
            else if (c == '#')
                m_at = std::min(m_code.find('\n', m_at), m_code.size());
            else if (c == '"' || c == '\'')
                string(c);
            else if (isNameCharacter(c))
                name();
            else
                punctuation(c);
        }
        return std::move(m_scan);
    }

private:
    void indentation()
    {
        const std::size_t end = std::min(m_code.find_first_not_of(' ', m_at), m_code.size());
        m_indentation = (end - m_at) / 2; // the printer indents by two
        m_at = end;
        m_lineStart = false;
        m_firstName = true;
    }

    void string(char quote)
    {
        for (++m_at; m_at < m_code.size() && m_code[m_at] != quote; ++m_at) {
            if (m_code[m_at] == '\\')
                ++m_at;
        }
        ++m_at;
        m_firstName = false;
    }

    void name()
    {
        const std::size_t start = m_at;
        while (m_at < m_code.size() && (isNameCharacter(m_code[m_at]) || m_code[m_at] == '.'))
            ++m_at;
        const std::string_view word = m_code.substr(start, m_at - start);
        if (m_firstName && (word == "if" || word == "while" || word == "for"))
            m_scan.hasControlFlow = true;
        m_firstName = false;
        if (std::find(fileOperators.begin(), fileOperators.end(), word) != fileOperators.end())
            addOnce(m_scan.fileOperators, word);
        if (word.starts_with(customClassPrefix))
            addOnce(m_scan.customClasses, word.substr(customClassPrefix.size()));
    }

    void punctuation(char c)
    {
        ++m_at;
        m_firstName = false;
        if (c == '\n')
            m_lineStart = true;
        else if (c == '(' || c == '[' || c == '{')
            ++m_brackets;
        else if ((c == ')' || c == ']' || c == '}') && m_brackets > 0)
            --m_brackets;
        m_scan.deepestNesting = std::max(m_scan.deepestNesting, m_brackets + m_indentation);
    }

    std::string_view m_code;
    std::size_t m_at = 0;
    std::size_t m_brackets = 0;
    std::size_t m_indentation = 0;
    bool m_lineStart = true;
    bool m_firstName = true; // of a line
    CodeScan m_scan;
};

// "(123): " as in a line of a Python stack, "/models/resnet.py(123): forward".
bool isStackPlace(std::string_view text)
{
    std::size_t at = 0;
    while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0)
        ++at;
    return at > 0 && text.substr(at).starts_with("): ");
}

} // namespace

CodeScan scanCode(std::string_view code)
{
    return Scanner(code).scan();
}

DebugScan scanDebugRecord(std::string_view record)
{
    DebugScan scan;
    for (std::size_t at = record.find(".py("); at != std::string_view::npos && !scan.isTraced;
         at = record.find(".py(", at + 1))
        scan.isTraced = isStackPlace(record.substr(at + 4));
    // The source text of a function begins with its def, perhaps indented.
    for (std::size_t at = record.find("def "); at != std::string_view::npos && !scan.isScripted;
         at = record.find("def ", at + 1)) {
        const std::size_t end = record.find_first_of("(\n", at);
        scan.isScripted = end != std::string_view::npos && record[end] == '(' && end > at + 4;
    }
    return scan;
}

} // namespace jitscope::archive
