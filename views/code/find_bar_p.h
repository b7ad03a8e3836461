// Finds text in the shown code. Private to views/code.
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;
class QPlainTextEdit;

namespace jitscope::views {

class FindBar : public QWidget
{
    Q_OBJECT

public:
    explicit FindBar(QPlainTextEdit& edit, QWidget* parent = nullptr);

    void open(); // with the selected text, if it is within one line
    // Goes round at the end. Opens the bar when there is nothing to look for.
    void find(bool backwards);

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void findFromHere();
    void close();

    QPlainTextEdit& m_edit;
    QLineEdit* m_text;
    QLabel* m_result;
};

} // namespace jitscope::views
