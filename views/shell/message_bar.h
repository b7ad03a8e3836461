// A bar for errors and notices: what, where, and what to do. It stays until it is closed.
#pragma once

#include "core/support/error.h"

#include <QFrame>
#include <QPointer>

class QAction;
class QLabel;
class QPushButton;
class QToolButton;

namespace jitscope::views {

class MessageBar : public QFrame
{
    Q_OBJECT

public:
    // Object name "messageBar"; within it "messageText", "messageDetails", "messageAction",
    // "closeMessage". Hidden at first.
    explicit MessageBar(QWidget* parent = nullptr);

    // `remedy` is offered as a button beside the text; the bar closes when it is pressed.
    void showError(const Error& error, QAction* remedy = nullptr);
    void showNotice(const QString& text, QAction* remedy = nullptr);
    // Like an error, for what is wrong with the file itself: `details` leads to all that was found.
    void showProblem(const QString& text, QAction* details);
    [[nodiscard]] QString text() const;

private:
    void show(const QString& text, const QString& details, bool isError, QAction* remedy);

    QLabel* m_icon;
    QLabel* m_text;
    QLabel* m_details;
    QToolButton* m_toggle;
    QPushButton* m_remedy;
    QPointer<QAction> m_action;
};

} // namespace jitscope::views
