// Colours for Python and for the IR. KSyntaxHighlighting, which knows Python better, exists for Qt
// 6 neither on Debian 12 nor on Ubuntu 24.04; QScintilla is GPL only. Private to views/code.
#pragma once

#include "views/code/code_text_p.h"

#include <QPalette>
#include <QSyntaxHighlighter>
#include <QTextCharFormat>

namespace jitscope::views {

class Highlighter : public QSyntaxHighlighter
{
    Q_OBJECT

public:
    explicit Highlighter(QObject* parent);

    // Colours the text anew.
    void set(CodeLanguage language, const QPalette& palette);

protected:
    void highlightBlock(const QString& text) override;

private:
    void highlightPython(const QString& text);
    void highlightIr(const QString& text);
    // The end of a string that begins or goes on at `from`; sets the state of the block if it does
    // not end here.
    qsizetype stringEnd(const QString& text, qsizetype from, QChar quote, bool isTriple);
    void setColours(const QPalette& palette);

    CodeLanguage m_language = CodeLanguage::Python;
    QTextCharFormat m_keyword;
    QTextCharFormat m_string;
    QTextCharFormat m_comment;
    QTextCharFormat m_number;
    QTextCharFormat m_decorator;
    QTextCharFormat m_definition;
    QTextCharFormat m_value; // %x in the IR
    QTextCharFormat m_type;
};

} // namespace jitscope::views
