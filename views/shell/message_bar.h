// A bar above the views for errors and notices: what, where, and what to do. Never in the way,
// until it is closed.
#pragma once

#include "core/support/error.h"

#include <QFrame>

class QLabel;
class QToolButton;

namespace jitscope::views {

class MessageBar : public QFrame
{
    Q_OBJECT

public:
    // Object name "messageBar"; within it "messageText", "messageDetails", "closeMessage". Hidden
    // at first.
    explicit MessageBar(QWidget* parent = nullptr);

    void showError(const Error& error);
    void showNotice(const QString& text);
    [[nodiscard]] QString text() const;

private:
    void show(const QString& text, const QString& details, bool isError);

    QLabel* m_icon;
    QLabel* m_text;
    QLabel* m_details;
    QToolButton* m_toggle;
};

} // namespace jitscope::views
