#include "views/code/syntax_p.h"

#include <QRegularExpression>
#include <QSet>

namespace jitscope::views {

namespace {

// Python 3.12, The Python Language Reference, 2.3.1 and 2.3.2.
const QSet<QString>& keywords()
{
    static const QSet<QString> words = [] {
        QSet<QString> set;
        for (const char* word :
             {"False",   "None",     "True",     "and",    "as",   "assert", "async",  "await",
              "break",   "class",    "continue", "def",    "del",  "elif",   "else",   "except",
              "finally", "for",      "from",     "global", "if",   "import", "in",     "is",
              "lambda",  "nonlocal", "not",      "or",     "pass", "raise",  "return", "try",
              "while",   "with",     "yield",    "match",  "case", "self"})
            set.insert(QLatin1String(word));
        return set;
    }();
    return words;
}

bool isWord(QChar c)
{
    return c.isLetterOrNumber() || c == QLatin1Char('_');
}

// May stand before a string: r"", f"", rb"".
bool isPrefix(QStringView word)
{
    if (word.size() > 2)
        return false;
    for (const QChar c : word) {
        if (!QStringView(u"rbfuRBFU").contains(c))
            return false;
    }
    return true;
}

class PythonLine
{
public:
    explicit PythonLine(QStringView text) : m_text(text) {}

    InkedLine run(LineState state)
    {
        if (state != LineState::Code) {
            m_at = stringEnd(0, QLatin1Char(state == LineState::DoubleQuotes ? '"' : '\''), true);
            add(0, m_at, Ink::String);
        }
        while (m_at < m_text.size()) {
            const QChar c = m_text[m_at];
            if (c == QLatin1Char('#')) {
                add(m_at, m_text.size(), Ink::Comment);
                break;
            }
            if (c == QLatin1Char('"') || c == QLatin1Char('\''))
                string(c);
            else if (c == QLatin1Char('@') && m_text.left(m_at).trimmed().isEmpty())
                decorator();
            else if (c.isDigit())
                number();
            else if (isWord(c))
                word();
            else
                ++m_at;
        }
        return std::move(m_line);
    }

private:
    void add(qsizetype from, qsizetype to, Ink ink)
    {
        m_line.ranges.push_back({from, to - from, ink});
    }

    // The end of a string that begins or goes on at `from`; it may go on in the next line.
    qsizetype stringEnd(qsizetype from, QChar quote, bool isTriple)
    {
        for (qsizetype i = from; i < m_text.size(); ++i) {
            if (m_text[i] == QLatin1Char('\\')) {
                ++i;
            } else if (m_text[i] == quote) {
                if (!isTriple)
                    return i + 1;
                if (i + 2 < m_text.size() && m_text[i + 1] == quote && m_text[i + 2] == quote)
                    return i + 3;
            }
        }
        if (isTriple)
            m_line.next =
                quote == QLatin1Char('"') ? LineState::DoubleQuotes : LineState::SingleQuotes;
        return m_text.size();
    }

    void string(QChar quote)
    {
        const bool isTriple =
            m_at + 2 < m_text.size() && m_text[m_at + 1] == quote && m_text[m_at + 2] == quote;
        const qsizetype end = stringEnd(m_at + (isTriple ? 3 : 1), quote, isTriple);
        add(m_at, end, Ink::String);
        m_at = end;
    }

    void decorator()
    {
        qsizetype end = m_at + 1;
        while (end < m_text.size() && (isWord(m_text[end]) || m_text[end] == QLatin1Char('.')))
            ++end;
        add(m_at, end, Ink::Decorator);
        m_at = end;
    }

    void number()
    {
        const bool isHexadecimal = m_text.mid(m_at).startsWith(QLatin1String("0x"));
        const auto continues = [&](qsizetype i) {
            const QChar c = m_text[i];
            const bool isSign = c == QLatin1Char('-') || c == QLatin1Char('+');
            return isWord(c) || c == QLatin1Char('.') ||
                   (isSign && !isHexadecimal && m_text[i - 1].toLower() == QLatin1Char('e'));
        };
        qsizetype end = m_at;
        while (end < m_text.size() && continues(end))
            ++end;
        add(m_at, end, Ink::Number);
        m_at = end;
    }

    void word()
    {
        qsizetype end = m_at;
        while (end < m_text.size() && isWord(m_text[end]))
            ++end;
        const QStringView word = m_text.mid(m_at, end - m_at);
        const bool isString = end < m_text.size() && isPrefix(word) &&
                              (m_text[end] == QLatin1Char('"') || m_text[end] == QLatin1Char('\''));
        if (isString)
            add(m_at, end, Ink::String);
        else if (m_isDefinition)
            add(m_at, end, Ink::Definition);
        else if (keywords().contains(word.toString()))
            add(m_at, end, Ink::Keyword);
        m_isDefinition = word == QLatin1String("def") || word == QLatin1String("class");
        m_at = end;
    }

    QStringView m_text;
    qsizetype m_at = 0;
    bool m_isDefinition = false; // the word before was def or class
    InkedLine m_line;
};

InkedLine inkIr(const QString& text)
{
    static const QRegularExpression tokens(QStringLiteral(
        "(?<comment> # .*$)|(?<string>\"(?:[^\"\\\\]|\\\\.)*\")|(?<value>%[\\w.:]+)|"
        "(?<kind>\\b[A-Za-z_]\\w*::[\\w.]+)|"
        "(?<word>\\b(?:graph|with|return|scope|block\\d+)\\b|->)|"
        "(?<type>\\b(?:Tensor|Float|Double|Half|BFloat16|Long|Int|Bool|int|float|bool|str|"
        "Device|Tuple|List|Dict|Optional|NoneType|None|__torch__[\\w.]*)\\b)|"
        "(?<number>\\b-?\\d[\\w.]*)"));
    struct Group
    {
        const char* name;
        Ink ink;
    };
    static constexpr std::array<Group, 7> groups = {{{"comment", Ink::Comment},
                                                     {"string", Ink::String},
                                                     {"value", Ink::Value},
                                                     {"kind", Ink::Keyword},
                                                     {"word", Ink::Decorator},
                                                     {"type", Ink::Type},
                                                     {"number", Ink::Number}}};
    InkedLine line;
    auto match = tokens.globalMatch(text);
    while (match.hasNext()) {
        const QRegularExpressionMatch token = match.next();
        for (const Group& group : groups) {
            if (token.hasCaptured(QLatin1String(group.name)))
                line.ranges.push_back({token.capturedStart(), token.capturedLength(), group.ink});
        }
    }
    return line;
}

} // namespace

InkedLine inkLine(CodeLanguage language, const QString& line, LineState state)
{
    return language == CodeLanguage::Ir ? inkIr(line) : PythonLine(line).run(state);
}

std::vector<LineState> lineStates(CodeLanguage language, const QString& text)
{
    std::vector<LineState> states;
    const bool hasLongStrings =
        text.contains(QLatin1String("\"\"\"")) || text.contains(QLatin1String("'''"));
    if (language == CodeLanguage::Ir || !hasLongStrings)
        return states;
    LineState state = LineState::Code;
    for (const QStringView line : QStringView(text).split(QLatin1Char('\n'))) {
        states.push_back(state);
        state = PythonLine(line).run(state).next;
    }
    return states;
}

Inks::Inks(const QPalette& palette)
{
    const bool isDark = palette.color(QPalette::Base).lightness() < 128;
    const auto set = [&](Ink ink, QRgb light, QRgb dark) {
        m_formats[static_cast<std::size_t>(ink)].setForeground(QColor(isDark ? dark : light));
    };
    set(Ink::Keyword, 0xff7a3e9d, 0xffc792ea);
    set(Ink::String, 0xff2c7a34, 0xffa5d68a);
    set(Ink::Comment, 0xff6b7480, 0xff8a94a3);
    set(Ink::Number, 0xffa3540d, 0xfff0a868);
    set(Ink::Decorator, 0xff8a6100, 0xffe5c07b);
    set(Ink::Definition, 0xff1f5fae, 0xff7cb7ff);
    set(Ink::Value, 0xff1f5fae, 0xff7cb7ff);
    set(Ink::Type, 0xff14716d, 0xff6fc9c4);
    m_formats[static_cast<std::size_t>(Ink::Comment)].setFontItalic(true);
}

QList<QTextLayout::FormatRange> Inks::formats(const std::vector<InkedRange>& ranges) const
{
    QList<QTextLayout::FormatRange> formats;
    formats.reserve(static_cast<qsizetype>(ranges.size()));
    for (const InkedRange& range : ranges) {
        formats.append({static_cast<int>(range.start), static_cast<int>(range.length),
                        m_formats[static_cast<std::size_t>(range.ink)]});
    }
    return formats;
}

} // namespace jitscope::views
