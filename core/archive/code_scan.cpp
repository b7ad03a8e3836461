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

// No model has as many; the rest of a hostile one is left out.
constexpr std::size_t mostNames = 100'000;

void addOnce(std::set<std::string>& names, std::string_view name)
{
    if (names.size() < mostNames)
        names.emplace(name);
}

// "torch.conv2d" as "aten::conv2d", "ops.quantized.linear" as "quantized::linear"; else empty.
std::string operatorOf(std::string_view word)
{
    if (word.starts_with("torch.")) {
        word.remove_prefix(std::string_view("torch.").size());
        return word.find('.') == std::string_view::npos ? "aten::" + std::string(word)
                                                        : std::string();
    }
    if (!word.starts_with("ops."))
        return {};
    word.remove_prefix(std::string_view("ops.").size());
    const std::size_t dot = word.find('.');
    if (dot == std::string_view::npos || word.find('.', dot + 1) != std::string_view::npos)
        return {};
    return std::string(word.substr(0, dot)) + "::" + std::string(word.substr(dot + 1));
}

// A namespace by itself, which stands for no operator.
bool isNamespace(std::string_view word)
{
    return word == "torch" || word == "ops" ||
           (word.starts_with("ops.") && word.find('.', 4) == std::string_view::npos);
}

// Walks over code as LibTorch's lexer does, leaving out comments and what is inside strings.
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
                skipComment();
            else if (c == '"' || c == '\'')
                string(c);
            else if (isNameCharacter(c))
                name();
            else
                punctuation(c);
        }
        // A call through another name may be one of those that write files.
        if (m_scan.hidesCalls) {
            for (const std::string& word : m_suspects)
                addOnce(m_scan.fileOperators, word);
        }
        return std::move(m_scan);
    }

private:
    void skipComment() { m_at = std::min(m_code.find('\n', m_at), m_code.size()); }

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
        const bool isLong = m_code.substr(m_at).starts_with(std::string(3, quote));
        const std::string end(isLong ? 3 : 1, quote);
        m_at += end.size();
        while (m_at < m_code.size() && !m_code.substr(m_at).starts_with(end)) {
            if (m_code[m_at] == '\n' && !isLong)
                return; // no string; LibTorch says so
            m_at += m_code[m_at] == '\\' ? 2 : 1;
        }
        m_at += end.size();
        m_firstName = false;
    }

    std::string_view identifier()
    {
        const std::size_t start = m_at;
        while (m_at < m_code.size() && isNameCharacter(m_code[m_at]))
            ++m_at;
        return m_code.substr(start, m_at - start);
    }

    void skipBlanks()
    {
        while (m_at < m_code.size()) {
            if (m_code[m_at] == '#')
                skipComment();
            else if (std::isspace(static_cast<unsigned char>(m_code[m_at])) != 0 ||
                     m_code[m_at] == '\\')
                ++m_at;
            else
                return;
        }
    }

    // The next part of a dotted name; blanks may stand around the dot. Empty, and nothing is taken,
    // where there is none.
    std::string_view nextPart()
    {
        const std::size_t start = m_at;
        skipBlanks();
        if (m_at < m_code.size() && m_code[m_at] == '.') {
            ++m_at;
            skipBlanks();
            if (const std::string_view part = identifier(); !part.empty())
                return part;
        }
        m_at = start;
        return {};
    }

    void name()
    {
        const bool followsDot = m_followsDot;
        m_followsDot = false;
        std::string word(identifier());
        const bool isKeyword = word == "class" || word == "def";
        if (m_firstName && (word == "if" || word == "while" || word == "for"))
            m_scan.hasControlFlow = true;
        if (m_firstName && isKeyword)
            return definition(word == "class");
        m_firstName = false;
        for (std::string_view part = nextPart(); !part.empty(); part = nextPart()) {
            word += '.';
            word += part;
        }
        if (followsDot)
            word.insert(0, "."); // of the value of an expression
        use(word);
    }

    void definition(bool isClass)
    {
        m_firstName = false;
        skipBlanks();
        const std::string name(identifier());
        if (isClass) {
            m_class = name;
            addOnce(m_scan.classes, name);
        } else if (name == "__setstate__" && !m_class.empty()) {
            addOnce(m_scan.runAtLoad, m_class);
        }
    }

    void use(std::string_view word)
    {
        if (std::find(fileOperators.begin(), fileOperators.end(), word) != fileOperators.end())
            addOnce(m_scan.fileOperators, word);
        else if (word.ends_with(".save") || word.ends_with(".from_file"))
            addOnce(m_suspects, word);
        if (word.starts_with(customClassPrefix))
            addOnce(m_scan.customClasses, word.substr(customClassPrefix.size()));
        if (isNamespace(word))
            m_scan.hidesCalls = true;
        if (const std::string op = operatorOf(word);
            !op.empty() && m_at < m_code.size() && m_code[m_at] == '(')
            count(op);
    }

    void count(const std::string& op)
    {
        if (m_scan.operators.size() < mostNames || m_scan.operators.contains(op))
            ++m_scan.operators[op];
    }

    void punctuation(char c)
    {
        ++m_at;
        if (c != ' ') {
            m_firstName = false;
            m_followsDot = c == '.';
        }
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
    bool m_followsDot = false;
    std::string m_class; // that was begun last
    std::set<std::string> m_suspects;
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
