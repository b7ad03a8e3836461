// A read-only text with a gutter: line numbers, marks with a count for lines that have nodes, a bar
// for their time. Private to views/code.
#pragma once

#include "views/code/code_text_p.h"

#include <QPlainTextEdit>

#include <memory>

namespace jitscope::views {

// A text with its document, which is made on another thread: for 40,000 lines that takes a fifth of
// a second.
struct PreparedText
{
    CodeText code;
    std::shared_ptr<QTextDocument> document;
};

// On any thread. The document then belongs to `home`.
[[nodiscard]] PreparedText prepare(CodeText code, const QFont& font, QThread* home);

class CodeEdit : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit CodeEdit(QWidget* parent = nullptr);
    ~CodeEdit() override;

    // Gives back the document it had, for someone to delete; null for its own first one.
    std::shared_ptr<QTextDocument> setCode(PreparedText text);
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
    // Selects the text from there on. False, and nothing changed, when it is not there; `wrapped`
    // tells whether the search went on at the other end.
    bool findText(const QString& text, bool backwards, bool& wrapped);

    [[nodiscard]] int gutterWidth() const;
    void paintGutter(QPaintEvent* event);
    void clickGutter(QPointF position);
    [[nodiscard]] QString tipOf(int line) const;

Q_SIGNALS:
    void lineClicked(int line);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void placeGutter();
    void inkVisible();
    [[nodiscard]] int numberWidth() const;
    [[nodiscard]] int countWidth() const;
    [[nodiscard]] bool isMarked(int line) const;

    QWidget* m_gutter;
    std::shared_ptr<QTextDocument> m_document;
    CodeText m_code;
    std::vector<bool> m_inked; // by line
    std::map<int, std::int64_t> m_heat;
    std::int64_t m_hottest = 0;
    std::int64_t m_heatSum = 0;
    std::vector<int> m_marked;
    std::size_t m_most = 0; // nodes of one line
    bool m_inking = false;
};

} // namespace jitscope::views
