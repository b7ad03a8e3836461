// Lays message bars over the bottom of a widget. What is below keeps its size and place, so that a
// message that comes or goes moves nothing that is about to be clicked.
#pragma once

#include <QWidget>

class QVBoxLayout;

namespace jitscope::views {

class MessageBar;

class MessageOverlay : public QWidget
{
    Q_OBJECT

public:
    // A child of the widget that it covers. Object name "messageOverlay".
    explicit MessageOverlay(QWidget& covered);

    void add(MessageBar* bar); // takes it

Q_SIGNALS:
    void heightChanged(int height); // pixels that are covered

protected:
    bool event(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void place();

    QWidget& m_covered;
    QVBoxLayout* m_layout;
    QRect m_place; // as last asked for
};

} // namespace jitscope::views
