// Finds text in the shown code. Private to views/code.
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;

namespace jitscope::views {

class CodeEdit;

class FindBar : public QWidget
{
    Q_OBJECT

public:
    explicit FindBar(QWidget* parent = nullptr);

    // The text to look in.
    void setEdit(CodeEdit* edit) { m_edit = edit; }

    void open(); // with the selected text, if it is within one line
    // Goes round at the end. Opens the bar when there is nothing to look for.
    void find(bool backwards);

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void findFromHere();
    void close();

    CodeEdit* m_edit = nullptr;
    QLineEdit* m_text;
    QLabel* m_result;
};

} // namespace jitscope::views
