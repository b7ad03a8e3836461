// Colours for Python and for the IR. A QSyntaxHighlighter goes over the whole text before it is
// shown, which takes seconds for a graph of 40,000 nodes; here a line is coloured when it comes
// into sight. KSyntaxHighlighting, which knows Python better, exists for Qt 6 neither on Debian 12
// nor on Ubuntu 24.04; QScintilla is GPL only. Private to views/code.
#pragma once

#include "views/code/code_language_p.h"

#include <QPalette>
#include <QString>
#include <QTextCharFormat>
#include <QTextLayout>

#include <array>
#include <vector>

namespace jitscope::views {

enum class Ink : std::uint8_t
{
    Keyword,
    String,
    Comment,
    Number,
    Decorator,
    Definition,
    Value, // %x in the IR
    Type,
};
inline constexpr std::size_t inkCount = 8;

struct InkedRange
{
    qsizetype start = 0;
    qsizetype length = 0;
    Ink ink = Ink::Keyword;
};

// What a line begins within.
enum class LineState : std::uint8_t
{
    Code,
    SingleQuotes, // '''
    DoubleQuotes, // """
};

struct InkedLine
{
    std::vector<InkedRange> ranges;
    LineState next = LineState::Code;
};

// Any thread may call these.
[[nodiscard]] InkedLine inkLine(CodeLanguage language, const QString& line, LineState state);
// By line; empty when every line begins within code.
[[nodiscard]] std::vector<LineState> lineStates(CodeLanguage language, const QString& text);

class Inks
{
public:
    explicit Inks(const QPalette& palette);
    [[nodiscard]] QList<QTextLayout::FormatRange>
    formats(const std::vector<InkedRange>& ranges) const;

private:
    std::array<QTextCharFormat, inkCount> m_formats;
};

} // namespace jitscope::views
