// The lines of a text with printed IR, and a place in one of them. Private to core/ir.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jitscope::ir {

struct TextLine
{
    std::string_view text;     // without what a log writes before it
    std::uint32_t number = 0;  // from 1
    std::uint32_t skipped = 0; // characters before `text`
};

// What is wrong with a text. Thrown within the reader only.
struct SyntaxError
{
    TextLine line;
    std::size_t column = 0; // in line.text, from 0
    std::string expected;   // "',' or ')'"
};

class LineCursor
{
public:
    explicit LineCursor(const TextLine& line, std::size_t at = 0) : m_line(line), m_at(at)
    {
        skipSpace();
    }

    [[nodiscard]] const TextLine& line() const { return m_line; }
    [[nodiscard]] std::size_t at() const { return m_at; }
    [[nodiscard]] std::string_view rest() const { return m_line.text.substr(m_at); }
    [[nodiscard]] bool isAtEnd() const { return m_at >= m_line.text.size(); }
    [[nodiscard]] bool isAt(std::string_view text) const { return rest().starts_with(text); }

    void skipSpace();
    // Takes the text and the blanks after it, if it is next.
    bool take(std::string_view text);
    void expect(std::string_view text); // throws SyntaxError
    [[noreturn]] void fail(std::string expected) const;

    // A value's name after its %, up to a blank or a sign that ends one.
    [[nodiscard]] std::string_view name();
    // A type: up to a comma, "=" or a closing parenthesis outside of its own.
    [[nodiscard]] std::string_view type();
    // An operator: up to its attributes or inputs. A Python operator (^Name(1, "x")) keeps its
    // scalars.
    [[nodiscard]] std::string_view kind();
    // An attribute's name, and the equals sign taken after it.
    [[nodiscard]] std::string_view attributeName();
    // An attribute's value: up to the next attribute or the bracket that ends them all.
    [[nodiscard]] std::string_view attributeValue();
    // Everything up to the comment, or the end.
    [[nodiscard]] std::string_view untilComment();

private:
    [[nodiscard]] std::string_view taken(std::size_t end);
    [[nodiscard]] bool endsAttribute(std::size_t at) const;
    [[nodiscard]] std::size_t shortenedValueEnd() const;

    TextLine m_line;
    std::size_t m_at = 0;
};

// Lines of a text, with and without '\r' before the '\n'. They point into the text.
[[nodiscard]] std::vector<TextLine> linesOf(std::string_view text);

} // namespace jitscope::ir
