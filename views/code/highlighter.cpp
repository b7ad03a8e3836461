#include "views/code/highlighter_p.h"

#include <QRegularExpression>
#include <QSet>

namespace jitscope::views {

namespace {

// States of a block: within a string of three quotes at its end.
constexpr int noString = 0;
constexpr int tripleSingle = 1;
constexpr int tripleDouble = 2;

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
bool isPrefix(const QString& word)
{
    if (word.size() > 2)
        return false;
    for (const QChar c : word) {
        if (!QStringLiteral("rbfuRBFU").contains(c))
            return false;
    }
    return true;
}

qsizetype wordEnd(const QString& text, qsizetype from)
{
    while (from < text.size() && isWord(text[from]))
        ++from;
    return from;
}

} // namespace

Highlighter::Highlighter(QObject* parent) : QSyntaxHighlighter(parent) {}

void Highlighter::setColours(const QPalette& palette)
{
    const bool isDark = palette.color(QPalette::Base).lightness() < 128;
    const auto colour = [isDark](QRgb light, QRgb dark) { return QColor(isDark ? dark : light); };
    m_keyword.setForeground(colour(0xff7a3e9d, 0xffc792ea));
    m_string.setForeground(colour(0xff2c7a34, 0xffa5d68a));
    m_comment.setForeground(colour(0xff6b7480, 0xff8a94a3));
    m_comment.setFontItalic(true);
    m_number.setForeground(colour(0xffa3540d, 0xfff0a868));
    m_decorator.setForeground(colour(0xff8a6100, 0xffe5c07b));
    m_definition.setForeground(colour(0xff1f5fae, 0xff7cb7ff));
    m_value.setForeground(colour(0xff1f5fae, 0xff7cb7ff));
    m_type.setForeground(colour(0xff14716d, 0xff6fc9c4));
}

void Highlighter::set(CodeLanguage language, const QPalette& palette)
{
    m_language = language;
    setColours(palette);
    rehighlight();
}

void Highlighter::highlightBlock(const QString& text)
{
    setCurrentBlockState(noString);
    if (m_language == CodeLanguage::Ir)
        highlightIr(text);
    else
        highlightPython(text);
}

qsizetype Highlighter::stringEnd(const QString& text, qsizetype from, QChar quote, bool isTriple)
{
    for (qsizetype i = from; i < text.size(); ++i) {
        if (text[i] == QLatin1Char('\\')) {
            ++i;
        } else if (text[i] == quote) {
            if (!isTriple)
                return i + 1;
            if (i + 2 < text.size() && text[i + 1] == quote && text[i + 2] == quote)
                return i + 3;
        }
    }
    if (isTriple)
        setCurrentBlockState(quote == QLatin1Char('"') ? tripleDouble : tripleSingle);
    return text.size();
}

void Highlighter::highlightPython(const QString& text)
{
    const auto colour = [this](qsizetype from, qsizetype to, const QTextCharFormat& format) {
        setFormat(static_cast<int>(from), static_cast<int>(to - from), format);
    };
    qsizetype i = 0;
    if (previousBlockState() == tripleSingle || previousBlockState() == tripleDouble) {
        i = stringEnd(text, 0, QLatin1Char(previousBlockState() == tripleDouble ? '"' : '\''),
                      true);
        colour(0, i, m_string);
    }
    bool isDefinition = false; // the word before was def or class
    while (i < text.size()) {
        const QChar c = text[i];
        if (c == QLatin1Char('#')) {
            colour(i, text.size(), m_comment);
            return;
        }
        if (c == QLatin1Char('"') || c == QLatin1Char('\'')) {
            const bool isTriple = i + 2 < text.size() && text[i + 1] == c && text[i + 2] == c;
            const qsizetype end = stringEnd(text, i + (isTriple ? 3 : 1), c, isTriple);
            colour(i, end, m_string);
            i = end;
        } else if (c == QLatin1Char('@') && text.left(i).trimmed().isEmpty()) {
            qsizetype end = i + 1;
            while (end < text.size() && (isWord(text[end]) || text[end] == QLatin1Char('.')))
                ++end;
            colour(i, end, m_decorator);
            i = end;
        } else if (c.isDigit()) {
            qsizetype end = i;
            while (end < text.size() &&
                   (isWord(text[end]) || text[end] == QLatin1Char('.') ||
                    ((text[end] == QLatin1Char('-') || text[end] == QLatin1Char('+')) &&
                     text[end - 1].toLower() == QLatin1Char('e') &&
                     !text.mid(i).startsWith(QLatin1String("0x")))))
                ++end;
            colour(i, end, m_number);
            i = end;
        } else if (isWord(c)) {
            const qsizetype end = wordEnd(text, i);
            const QString word = text.mid(i, end - i);
            const bool isString = end < text.size() && isPrefix(word) &&
                                  (text[end] == QLatin1Char('"') || text[end] == QLatin1Char('\''));
            if (isString)
                colour(i, end, m_string);
            else if (isDefinition)
                colour(i, end, m_definition);
            else if (keywords().contains(word))
                colour(i, end, m_keyword);
            isDefinition = word == QLatin1String("def") || word == QLatin1String("class");
            i = end;
        } else {
            ++i;
        }
    }
}

void Highlighter::highlightIr(const QString& text)
{
    static const QRegularExpression tokens(QStringLiteral(
        "(?<comment>#.*$)|(?<string>\"(?:[^\"\\\\]|\\\\.)*\")|(?<value>%[\\w.:]+)|"
        "(?<kind>\\b[A-Za-z_]\\w*::[\\w.]+)|(?<word>\\b(?:graph|with|return|block\\d+)\\b|->)|"
        "(?<type>\\b(?:Tensor|Float|Double|Half|BFloat16|Long|Int|Bool|int|float|bool|str|"
        "Device|Tuple|List|Dict|Optional|NoneType|None|__torch__[\\w.]*)\\b)|"
        "(?<number>\\b-?\\d[\\w.]*)"));
    auto match = tokens.globalMatch(text);
    while (match.hasNext()) {
        const QRegularExpressionMatch token = match.next();
        const auto colour = [&](const char* name, const QTextCharFormat& format) {
            if (token.hasCaptured(QLatin1String(name)))
                setFormat(static_cast<int>(token.capturedStart()),
                          static_cast<int>(token.capturedLength()), format);
        };
        colour("comment", m_comment);
        colour("string", m_string);
        colour("value", m_value);
        colour("kind", m_keyword);
        colour("word", m_decorator);
        colour("type", m_type);
        colour("number", m_number);
    }
}

} // namespace jitscope::views
