// What the engine and the window have said, newest last.
#pragma once

#include <QString>
#include <QWidget>

#include <vector>

class QComboBox;
class QPlainTextEdit;

namespace jitscope::views {

class LogPanel : public QWidget
{
    Q_OBJECT

public:
    // Object name "logPanel"; within it "logText", "logLevel".
    explicit LogPanel(QWidget* parent = nullptr);

    // `level` is debug, info, warning or error.
    void add(const QString& level, const QString& text);
    [[nodiscard]] bool says(const QString& text) const; // as a whole line, whenever

private:
    struct Line
    {
        int level = 0;
        QString text;
    };
    void append(const Line& line);
    void refill();

    QComboBox* m_level;
    QPlainTextEdit* m_text;
    std::vector<Line> m_lines;
};

} // namespace jitscope::views
