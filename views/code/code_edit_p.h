// A read-only text with a gutter: line numbers, a mark for lines that have nodes, a bar for their
// time. Private to views/code.
#pragma once

#include "views/code/code_text_p.h"
#include "views/code/highlighter_p.h"

#include <QPlainTextEdit>

namespace jitscope::views {

class CodeEdit : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit CodeEdit(QWidget* parent = nullptr);

    void setCode(CodeText code);
    // Other nodes for the lines of the same text.
    void setNodes(std::map<int, std::vector<ir::NodeKey>> nodes);
    [[nodiscard]] const CodeText& code() const { return m_code; }
    // Nanoseconds by line of the text; empty when no run is shown.
    void setHeat(std::map<int, std::int64_t> heat);
    [[nodiscard]] const std::map<int, std::int64_t>& heat() const { return m_heat; }
    // Lines of the selected nodes. Moves to the first if `scroll` and none is to be seen.
    void setMarkedLines(std::vector<int> lines, bool scroll);
    [[nodiscard]] const std::vector<int>& markedLines() const { return m_marked; }
    void showLine(int line);

    [[nodiscard]] int gutterWidth() const;
    void paintGutter(QPaintEvent* event);
    void clickGutter(QPointF position);

Q_SIGNALS:
    void lineClicked(int line);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void placeGutter();
    void showMarks();
    [[nodiscard]] int numberOf(int line) const; // 0 for none
    [[nodiscard]] int numberWidth() const;
    [[nodiscard]] QString tipOf(int line) const;

    QWidget* m_gutter;
    Highlighter* m_highlighter;
    CodeText m_code;
    std::map<int, std::int64_t> m_heat;
    std::int64_t m_hottest = 0;
    std::int64_t m_heatSum = 0;
    std::vector<int> m_marked;
};

} // namespace jitscope::views
